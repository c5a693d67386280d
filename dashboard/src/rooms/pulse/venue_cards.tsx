// What the venue says of itself in `/metrics`: who listens, and how its order book fares.

import { createMemo, For, type JSX, Show } from "solid-js";
import { count, rate, UNKNOWN } from "../../figures/format";
import type { Reading } from "../../model/prometheus";
import { ratesBetween } from "../../model/rates";
import { Amount, Card, Empty } from "./card";
import type { PulseProps } from "./props";

const UNREAD = "The venue's metrics were not read yet.";

const REASONS: Readonly<Record<string, string>> = {
  slow: "Too slow",
  silent: "Silent",
  protocol_error: "Protocol error",
  feed_behind: "Feed behind",
};

export function SubscribersCard(props: PulseProps) {
  const dropped = (reading: Reading) =>
    Object.entries({ slow: 0, silent: 0, protocol_error: 0, feed_behind: 0, ...reading.dropped });
  return (
    <Card
      title="Subscribers"
      span="quarter"
      figures={<Amount value={known(props.reading()?.subscribers)} unit="now" />}
      note="Of changes, over WebSocket"
    >
      <Show when={props.reading()} fallback={<Empty>{UNREAD}</Empty>}>
        {(reading) => (
          <>
            <dl class="pulse-facts">
              <Fact name="Open connections" value={count(reading().connections)} />
            </dl>
            <h3 class="pulse-subtitle">Dropped since start</h3>
            <dl class="pulse-facts">
              <For each={dropped(reading())}>
                {([reason, times]) => (
                  <Fact name={REASONS[reason] ?? reason.replaceAll("_", " ")} value={count(times)} bad={times > 0} />
                )}
              </For>
            </dl>
          </>
        )}
      </Show>
    </Card>
  );
}

export function OrderBookCard(props: PulseProps) {
  const commits = createMemo(() => {
    const [before, now] = [props.before(), props.reading()];
    const rates = before === null || now === null ? null : ratesBetween(before, now);
    return rates === null ? UNKNOWN : rate(rates.commitsPerS);
  });
  return (
    <Card
      title="Order book"
      span="quarter"
      figures={<Amount value={known(props.reading()?.open)} unit="open" />}
      note="Orders that are pending"
    >
      <Show when={props.reading()} fallback={<Empty>{UNREAD}</Empty>}>
        {(reading) => (
          <>
            <dl class="pulse-facts">
              <Fact name="Orders in memory" value={count(reading().held)} />
              <Fact name="Mailbox depth" value={count(reading().mailboxDepth)} />
              <Fact name="Refused with 503" value={count(reading().refused)} bad={reading().refused > 0} />
            </dl>
            <Show when={reading().info?.durable} fallback={<p class="pulse-aside">Kept in memory only.</p>}>
              <h3 class="pulse-subtitle">Data folder</h3>
              <dl class="pulse-facts">
                <Fact name="Unconfirmed changes" value={count(reading().unconfirmed)} />
                <Fact name="Commits per second" value={commits()} />
              </dl>
            </Show>
          </>
        )}
      </Show>
    </Card>
  );
}

function known(figure: number | undefined): string {
  return figure === undefined ? UNKNOWN : count(figure);
}

function Fact(props: { name: JSX.Element; value: string; bad?: boolean }) {
  return (
    <div class="pulse-fact">
      <dt>{props.name}</dt>
      <dd classList={{ "pulse-bad": props.bad === true }}>{props.value}</dd>
    </div>
  );
}

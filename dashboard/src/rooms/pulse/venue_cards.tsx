// What the venue says of itself in `/metrics`: who listens, and how its order book fares.

import { createMemo, Index, Show } from "solid-js";
import { bytes, count, rate, subscribersInWords, UNKNOWN } from "../../figures/format";
import { BACKLOG_LIMIT, largestBacklog } from "../../live/health";
import type { Reading } from "../../model/prometheus";
import { ratesBetween } from "../../model/rates";
import { Amount, Card, Empty, Fact } from "./card";
import type { CardProps } from "./props";

export const UNREAD = "The venue's metrics were not read yet.";

const REASONS: Readonly<Record<string, string>> = {
  slow: "Too slow",
  silent: "Silent",
  protocol_error: "Protocol error",
  feed_behind: "Feed behind",
};

export function SubscribersCard(props: CardProps) {
  const dropped = (reading: Reading) =>
    Object.entries({ slow: 0, silent: 0, protocol_error: 0, feed_behind: 0, ...reading.dropped });
  const figure = () => {
    const [all = "", ...mine] = subscribersInWords(props.reading()?.subscribers, Number(props.live())).split(/(?=, )/);
    return { value: all, unit: mine.join("") };
  };
  const backlog = (reading: Reading) =>
    reading.backlog.length === 0 ? UNKNOWN : `${bytes(largestBacklog(reading))} of ${bytes(BACKLOG_LIMIT)}`;
  return (
    <Card
      title="Subscribers"
      span="quarter"
      figures={<Amount {...figure()} />}
      note="Of changes, over WebSocket"
      asOf={props.asOf()}
    >
      <Show when={props.reading()} fallback={<Empty>{UNREAD}</Empty>}>
        {(reading) => (
          <>
            <dl class="pulse-facts">
              <Fact name="Open connections">{count(reading().connections)}</Fact>
              <Fact name="Furthest behind" bad={props.marks().backlog}>
                {backlog(reading())}
              </Fact>
            </dl>
            <h3 class="pulse-subtitle">Dropped since start</h3>
            <dl class="pulse-facts">
              <Index each={dropped(reading())}>
                {(entry) => {
                  const reason = () => entry()[0];
                  const times = () => entry()[1];
                  const rises = () => times() > (props.before()?.dropped[reason()] ?? 0);
                  return (
                    <Fact
                      name={REASONS[reason()] ?? reason().replaceAll("_", " ")}
                      bad={rises() ? props.marks().dropped : undefined}
                    >
                      {count(times())}
                    </Fact>
                  );
                }}
              </Index>
            </dl>
          </>
        )}
      </Show>
    </Card>
  );
}

export function OrderBookCard(props: CardProps) {
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
      asOf={props.asOf()}
    >
      <Show when={props.reading()} fallback={<Empty>{UNREAD}</Empty>}>
        {(reading) => (
          <>
            <dl class="pulse-facts">
              <Fact name="Orders in memory">{count(reading().held)}</Fact>
              <Fact name="Orders listed">{known(reading().listed)}</Fact>
              <Fact name="Requests that wait" bad={props.marks().mailbox}>
                {count(reading().mailboxDepth)}
              </Fact>
              <Fact name="Refused with 503" bad={props.marks().refused}>
                {count(reading().refused)}
              </Fact>
            </dl>
            <Show when={reading().info?.durable} fallback={<p class="pulse-aside">Kept in memory only.</p>}>
              <h3 class="pulse-subtitle">Data folder</h3>
              <dl class="pulse-facts">
                <Fact name="Unconfirmed changes" bad={props.marks().unconfirmed}>
                  {count(reading().unconfirmed)}
                </Fact>
                <Fact name="Commits per second">{commits()}</Fact>
              </dl>
            </Show>
          </>
        )}
      </Show>
    </Card>
  );
}

function known(figure: number | null | undefined): string {
  return figure === undefined || figure === null ? UNKNOWN : count(figure);
}

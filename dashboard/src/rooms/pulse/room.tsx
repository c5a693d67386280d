// The pulse room: how the venue fares, on eight cards, over a span that the reader chooses.

import { createMemo, createUniqueId, For, Show } from "solid-js";
import { zoneName } from "../../model/format";
import { type SpanName, spanInWords, spanOf } from "../../model/span";
import { zone } from "../../shell/preferences";
import { DelayCard } from "./delay_card";
import { LatencyCard } from "./latency_card";
import { LatenessCard } from "./lateness_card";
import { OrdersCard } from "./orders_card";
import type { CardProps, PulseProps } from "./props";
import "./pulse.css";
import { when } from "../../figures/plot_times";
import { RequestsCard } from "./requests_card";
import { VenueCard } from "./venue_card";
import { OrderBookCard, SubscribersCard } from "./venue_cards";

/** Readings come every two seconds: one that is older is of a venue that does not answer. */
const OLD_MS = 5_000;

const SPANS: readonly (readonly [name: SpanName, title: string])[] = [
  ["5m", "5 min"],
  ["1h", "1 h"],
  ["start", "Since start"],
];

export function PulseRoom(props: PulseProps) {
  const reading = () => props.readings().at(-1) ?? null;
  const heard = () => reading() !== null || props.live();
  const health = createMemo(() => props.health());
  const asOf = createMemo(() => {
    props.beat();
    const now = reading();
    if (now === null || Date.now() - now.atMs < OLD_MS) return null;
    return `as of ${when(props.onVenueUs(now.atMs) / 1e6, zone.value())}`;
  });
  const span = createMemo(
    () => {
      props.beat();
      return spanOf(props.range(), props.pulse.ageS(props.nowUs()));
    },
    undefined,
    { equals: (one, other) => one.seconds === other.seconds && one.stepS === other.stepS },
  );
  const more: Omit<CardProps, keyof PulseProps> = {
    reading,
    before: () => (props.readings().length > 1 ? (props.readings()[0] ?? null) : null),
    asOf,
    marks: () => health().marks,
    span,
  };
  return (
    <div class="pulse-room">
      <Show when={heard()} fallback={<Unheard />}>
        <div class="pulse-bar">
          <Spans range={props.range()} setRange={props.setRange} />
          <p class="pulse-bar-note">
            Plots of {spanInWords(span())}, times in {zoneName(zone.value(), props.nowUs())}
          </p>
        </div>
        <div class="pulse-grid">
          <OrdersCard {...props} {...more} />
          <DelayCard {...props} {...more} />
          <LatenessCard {...props} {...more} />
          <VenueCard {...props} {...more} />
          <LatencyCard {...props} {...more} />
          <SubscribersCard {...props} {...more} />
          <OrderBookCard {...props} {...more} />
          <RequestsCard {...props} {...more} />
        </div>
      </Show>
    </div>
  );
}

function Unheard() {
  return (
    <section class="pulse-card" aria-label="Venue">
      <p class="pulse-empty" role="status">
        The venue at {location.host} was not heard since this page was opened: nothing is known of how it fares.
      </p>
    </section>
  );
}

function Spans(props: { range: SpanName; setRange: (range: SpanName) => void }) {
  const name = createUniqueId();
  return (
    <fieldset class="segments pulse-spans">
      <legend class="unseen">How far back plots go</legend>
      <For each={SPANS}>
        {([span, title]) => (
          <label class="segment">
            <input
              type="radio"
              class="unseen"
              name={name}
              checked={props.range === span}
              onChange={() => props.setRange(span)}
            />
            {title}
          </label>
        )}
      </For>
    </fieldset>
  );
}

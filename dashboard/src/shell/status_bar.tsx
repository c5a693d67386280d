// The foot of the page: the venue in one line, as of the last minute, and how it is reached.

import { createMemo, type JSX, Show } from "solid-js";
import { count, duration, rate, subscribersInWords, UNKNOWN } from "../figures/format";
import { FEWER, smoothed } from "../figures/smoothed";
import { Spark } from "../figures/spark";
import { channelsOpen } from "../live/channel";
import type { Venue } from "../live/venue";
import { timeOfDay, whole, zoneName } from "../model/format";
import { zone } from "./preferences";

const MINUTE = 60;

type Minute = ReturnType<typeof minuteOf>;

/** The last minute, or the one before the page ceased to be up to date. */
function minuteOf(venue: Pick<Venue, "pulse" | "nowUs" | "onVenueUs">, sinceMs: number | null) {
  const [now, asOf] = [venue.nowUs(), sinceMs === null ? undefined : venue.onVenueUs(sinceMs)];
  return {
    sinceMs,
    totals: venue.pulse.totals(now, MINUTE, asOf),
    accepted: smoothed(venue.pulse.orders(now, MINUTE + FEWER, asOf).accepted),
  };
}

export function StatusBar(props: { readonly venue: Venue; readonly children?: JSX.Element }) {
  const { venue } = props;
  /** While nothing new is told it stays what it was: a minute that the pulse lets go of is not forgotten. */
  const minute = createMemo((before?: Minute) => {
    venue.beat();
    const sinceMs = venue.stale()?.sinceMs ?? null;
    if (before !== undefined && sinceMs !== null && before.sinceMs === sinceMs) return before;
    return minuteOf(venue, sinceMs);
  });
  const reading = () => venue.readings().at(-1);
  const told = (figure: number | undefined) => (figure === undefined ? UNKNOWN : count(figure));
  const spoken = (us: number | null) => {
    const { value, unit } = duration(us);
    return us === null ? UNKNOWN : `${value} ${unit}`;
  };
  const isLive = () => venue.connection().state === "live";
  const newest = createMemo(() => {
    venue.beat();
    venue.connection();
    return venue.seq;
  });
  const rest = () => reading() !== undefined && !/offline|silent|gone/.test(venue.connection().state);
  /** Since when the figures stand still. */
  const asOf = () => {
    const stale = venue.stale();
    if (stale === null) return null;
    const us = venue.onVenueUs(stale.sinceMs);
    return `as of ${timeOfDay(us, zone.value())} ${zoneName(zone.value(), us)}`;
  };
  return (
    <footer class="status-bar">
      {props.children}
      <Show when={asOf()}>{(asOf) => <p class="as-of">{asOf()}</p>}</Show>
      <dl class="status-figures" data-stale={asOf() !== null}>
        <Figure name="orders/s">
          {rate(minute().totals.ordersPerS)} <Spark values={minute().accepted} />
        </Figure>
        <Figure name="open">{told(reading()?.open)}</Figure>
        <Figure name="average execution" lesser>
          {spoken(minute().totals.averageUs)}
          <Show when={minute().totals.deviationUs !== null}> ± {spoken(minute().totals.deviationUs)}</Show>
        </Figure>
        <Figure name="late p99">{spoken(minute().totals.lateP99Us)}</Figure>
        <Figure name="subscribers" lesser>
          {subscribersInWords(reading()?.subscribers, Number(isLive()) + channelsOpen())}
        </Figure>
        <Figure name="mailbox" lesser>
          {told(reading()?.mailboxDepth)}
        </Figure>
      </dl>
      <p class="ways">
        <Way name="REST" open={rest()} />
        <Way name="WS" open={isLive()} />
        <Show when={newest() > 0}>
          <span class="mono" title="The newest change that this page has">
            #{whole(newest())}
          </span>
        </Show>
      </p>
    </footer>
  );
}

/** One that is `lesser` goes where there is no room for all. */
function Figure(props: { readonly name: string; readonly lesser?: boolean; readonly children: JSX.Element }) {
  return (
    <div class="status-figure" classList={{ lesser: props.lesser === true }}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** A way to the venue, by shape and word: open or not. */
function Way(props: { readonly name: string; readonly open: boolean }) {
  return (
    <span class="way" data-open={props.open} title={`${props.name} ${props.open ? "answers" : "does not answer"}`}>
      {props.name} <span aria-hidden="true">{props.open ? "●" : "○"}</span>
      <span class="unseen">{props.open ? "answers" : "does not answer"}</span>
    </span>
  );
}

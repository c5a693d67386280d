// Flags at the foot of the chart, for what happened to the instrument and to the venue. They are elements above the canvas:
// to be read aloud, pointed at, and seen in colours that a reader forces.

import type { IChartApi, Logical, UTCTimestamp } from "lightweight-charts";
import { type Accessor, createEffect, createSignal, Index, onCleanup } from "solid-js";
import { timeOfDay } from "../../model/format";
import { type Flag, flagsOf, type VenueEvent, wordOf } from "../../model/venue_events";
import { zone } from "../../shell/preferences";
import type { ChartProps } from "./chart";

/** Flags closer to each other stand as one. */
const WIDTH_PX = 74;

export interface Flown {
  readonly flags: readonly Flag[];
  /** How wide the pane is: near its end a flag's word stands before its pole. */
  readonly width: number;
  /** The price scale's width and the time scale's height: flags stand within. */
  readonly right: number;
  readonly bottom: number;
}

/** Where the flags are, as the chart is scrolled, zoomed and drawn anew. */
export function createFlags(chart: IChartApi, of: Pick<ChartProps, "events" | "candles" | "seconds">): Accessor<Flown> {
  const [flown, fly] = createSignal<Flown>({ flags: [], width: 0, right: 0, bottom: 0 });
  let due: number | undefined;
  const place = () => {
    due = undefined;
    const scale = chart.timeScale();
    const first = of.candles[0]?.atS ?? Number.POSITIVE_INFINITY;
    const placed = of.events.flatMap((event): [number, VenueEvent][] => {
      const begins = Math.floor(event.atS / of.seconds) * of.seconds;
      if (begins < first) return [];
      // Where nothing was traded there is no candle: it stands at the next one, or at the last.
      const at = scale.timeToIndex(begins as UTCTimestamp, true);
      const x = at === null ? null : scale.logicalToCoordinate(Number(at) as Logical);
      return x === null ? [] : [[x, event]];
    });
    const [right, bottom] = [chart.priceScale("right").width(), scale.height()];
    const inSight = flagsOf(placed, WIDTH_PX).filter(({ x }) => x >= 0 && x <= scale.width());
    fly({ flags: inSight, width: scale.width(), right, bottom });
  };
  const soon = () => {
    due ??= requestAnimationFrame(place);
  };
  createEffect(() => {
    of.events;
    of.candles;
    soon();
  });
  chart.timeScale().subscribeVisibleLogicalRangeChange(soon);
  chart.timeScale().subscribeSizeChange(soon);
  onCleanup(() => due !== undefined && cancelAnimationFrame(due));
  return flown;
}

export function Flags(props: { readonly flown: Flown }) {
  const lines = ({ events }: Flag) =>
    events.map(({ atS, text }) => `${timeOfDay(atS * 1e6, zone.value())} ${text}`).join("\n");
  return (
    <ul
      class="flags"
      aria-label="What happened"
      style={{ right: `${props.flown.right}px`, bottom: `${props.flown.bottom}px` }}
    >
      <Index each={props.flown.flags}>
        {(flag) => (
          <li
            class="flag"
            data-grave={flag().events.some(({ grave }) => grave)}
            data-before={flag().x > props.flown.width - WIDTH_PX}
            style={{ transform: `translateX(${Math.round(flag().x)}px)` }}
            title={lines(flag())}
          >
            <span class="flag-word" aria-hidden="true">
              {wordOf(flag())}
            </span>
            <span class="unseen">{lines(flag())}</span>
          </li>
        )}
      </Index>
    </ul>
  );
}

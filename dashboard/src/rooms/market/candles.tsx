// The panel of the chart: how long a candle is, and the chart itself, whose library comes when it is first drawn.

import { createMemo, createUniqueId, For, lazy, Show, Suspense } from "solid-js";
import type { SchemaInstrument, SchemaListedFill } from "../../api/schema";
import { calm } from "../../figures/calm";
import { createCandleFeed } from "../../live/candle_feed";
import { createEventFeed } from "../../live/event_feed";
import { createSessionFeed } from "../../live/session_feed";
import type { Venue } from "../../live/venue";
import { SECONDS } from "../../model/candles";
import { brief, decimalsOf } from "../../model/decimal";
import { TYPE_WORD } from "../../model/terms";
import { readTime } from "../../model/time";
import { eventsOf, startedAt } from "../../model/venue_events";
import { TIMEFRAMES, type Timeframe } from "../../shell/address";
import type { Line } from "./chart";

const Chart = lazy(() => import("./chart"));

/** More lines hide what they are drawn over. */
const LINES = 20;

export function Timeframes(props: { readonly timeframe: Timeframe; choose(timeframe: Timeframe): void }) {
  const name = createUniqueId();
  return (
    <fieldset class="segments timeframes">
      <legend class="unseen">How long a candle is</legend>
      <For each={TIMEFRAMES}>
        {(timeframe) => (
          <label class="segment">
            <input
              type="radio"
              class="unseen"
              name={name}
              checked={timeframe === props.timeframe}
              onChange={() => props.choose(timeframe)}
            />
            {timeframe}
          </label>
        )}
      </For>
    </fieldset>
  );
}

export function Candles(props: {
  readonly symbol: string;
  readonly instrument: SchemaInstrument | null;
  readonly timeframe: Timeframe;
  readonly fills: readonly SchemaListedFill[];
  readonly venue: Pick<Venue, "orders" | "frame" | "readings" | "nowUs" | "clock">;
}) {
  const feed = createCandleFeed(
    () => props.symbol,
    () => props.timeframe,
    () => props.venue.nowUs(),
  );
  const candles = () => feed.candles() ?? [];
  const lines = calm(() => {
    props.venue.frame();
    return linesOf(props.venue.orders.all, props.symbol);
  });
  const shown = createMemo(lines, undefined, { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) });
  const marks = createMemo(() => props.fills.map(({ at, side }) => ({ atS: readTime(at) / 1e6, side })));
  const told = createEventFeed(() => props.symbol);
  /** Each start that the page has seen; it has no place among times that are not the machine's. */
  const starts = createMemo((before: readonly number[]) => {
    const started = props.venue.readings().at(-1)?.startedMs ?? null;
    if (props.venue.clock.word()?.mode !== "real") return [];
    return started === null || before.includes(started) ? before : [...before, started];
  }, []);
  const sessions = createSessionFeed(() => ({
    hours: props.instrument?.hours ?? null,
    seconds: SECONDS[props.timeframe],
    firstS: candles()[0]?.atS ?? null,
    lastS: candles().at(-1)?.atS ?? null,
  }));
  const events = createMemo(() => [...eventsOf(told()), ...starts().map(startedAt), ...sessions()]);
  const label = () => {
    const last = candles().at(-1);
    if (last === undefined) return `Candles of ${props.symbol}: nothing was traded.`;
    const decimals = decimalsOf(props.instrument?.tick ?? "0.01");
    const [open, high, low, close] = [last.open, last.high, last.low, last.close].map((price) =>
      price.toFixed(decimals),
    );
    return `Candles of ${props.timeframe} of ${props.symbol}, the last: open ${open}, high ${high}, low ${low}, close ${close}.`;
  };
  return (
    <Show
      when={candles().length > 0}
      fallback={
        <p class="exchange-empty">
          {feed.isRefused()
            ? "This venue tells no bars."
            : feed.candles() === null
              ? "…"
              : `Nothing was traded in ${props.symbol} yet.`}
        </p>
      }
    >
      <Suspense fallback={<p class="exchange-empty">…</p>}>
        <Chart
          symbol={props.symbol}
          label={label()}
          decimals={decimalsOf(props.instrument?.tick ?? "0.01")}
          seconds={SECONDS[props.timeframe]}
          candles={candles()}
          marks={marks()}
          lines={shown()}
          events={events()}
          older={feed.older}
        />
      </Suspense>
    </Show>
  );
}

function linesOf(orders: Venue["orders"]["all"], symbol: string): readonly Line[] {
  return orders
    .filter((order) => order.status === "PENDING" && order.symbol === symbol && order.terms !== null)
    .slice(-LINES)
    .flatMap(({ id, terms }) => {
      const price = terms?.limitPrice ?? terms?.stopPrice ?? null;
      if (terms === null || price === null) return [];
      // Most are limit orders: a longer word would hide the newest candles.
      const type = terms.type === "limit" ? "" : ` ${TYPE_WORD[terms.type].toLowerCase()}`;
      const text = `${terms.side} ${brief(terms.qty ?? "0")}${type}`;
      return [{ id, price: Number(price), side: terms.side, text }];
    });
}

// The watchlist: the instruments with their live prices and the day's change. Of those that are listed, these are watched.

import { createMemo, createSignal, For, Show } from "solid-js";
import type { SchemaInstrument, SchemaQuote } from "../../api/schema";
import { Spark } from "../../figures/spark";
import { whole } from "../../model/format";
import { changeOf, matching, midOf, percent, priceText, wayOfChange } from "../../model/watch";
import type { Days } from "./days";

/** More are found by name. */
export const WATCHED = 40;

export interface WatchlistProps {
  readonly instruments: readonly SchemaInstrument[];
  readonly chosen: string;
  readonly quotes: ReadonlyMap<string, SchemaQuote>;
  readonly days: Days;
  /** Those that are drawn: to be watched. */
  drawn(symbols: readonly string[]): void;
  link(symbol: string): string;
  /** A symbol was followed. */
  chose?(): void;
}

export function Watchlist(props: WatchlistProps) {
  const [find, setFind] = createSignal("");
  const drawn = createMemo(() => {
    const found = matching(props.instruments, find()).slice(0, WATCHED);
    props.drawn(found.map(({ symbol }) => symbol));
    return found;
  });
  return (
    <div class="watchlist">
      <div class="watch-find">
        <input
          class="field"
          type="search"
          aria-label="Symbol or class"
          placeholder="Symbol or class"
          autocomplete="off"
          spellcheck={false}
          value={find()}
          onInput={(event) => setFind(event.currentTarget.value)}
        />
      </div>
      <ul class="watch-rows" aria-label="Watchlist">
        <For each={drawn()}>{(instrument) => <Row {...props} instrument={instrument} />}</For>
      </ul>
      <Show when={props.instruments.length > drawn().length && find() === ""}>
        <p class="exchange-empty">
          {drawn().length} of {whole(props.instruments.length)}: search for others.
        </p>
      </Show>
    </div>
  );
}

function Row(props: WatchlistProps & { readonly instrument: SchemaInstrument }) {
  const symbol = () => props.instrument.symbol;
  const quote = () => props.quotes.get(symbol());
  const price = createMemo(() => priceText(quote(), props.instrument));
  const day = () => props.days.of(symbol());
  const change = createMemo(() => changeOf(midOf(quote()), day()?.open ?? null));
  const text = createMemo(() => percent(change()));
  const way = createMemo(() => wayOfChange(change()));
  return (
    <li>
      <a
        class="watch"
        href={props.link(symbol())}
        aria-current={symbol() === props.chosen ? "true" : undefined}
        data-symbol={symbol()}
        onClick={() => props.chose?.()}
      >
        <span class="watch-symbol">
          {symbol()}
          <Show when={props.instrument.status !== "open"}>
            <span class="halted">{props.instrument.status}</span>
          </Show>
        </span>
        <span class="watch-spark" data-way={way()}>
          <Show when={(day()?.closes.length ?? 0) > 1}>
            <Spark values={above(day()?.closes ?? [])} />
          </Show>
        </span>
        <span class="watch-price">{price()}</span>
        <span class="watch-change" data-way={way()}>
          {text()}
        </span>
      </a>
    </li>
  );
}

/** A small line has zero at its foot: prices are drawn from their lowest. */
function above(closes: readonly number[]): readonly number[] {
  const low = Math.min(...closes);
  return closes.map((close) => close - low);
}

// The head of the chosen symbol: which it is, its price and the day's change, its quote, whether it trades.

import { createMemo, type JSX, Show } from "solid-js";
import type { SchemaInstrument, SchemaQuote } from "../../api/schema";
import { brief } from "../../model/decimal";
import { changeOf, midOf, percent, priceText, wayOfChange } from "../../model/watch";
import type { Day } from "./days";

export function SymbolHead(props: {
  readonly symbol: string;
  readonly instrument: SchemaInstrument | null;
  readonly quote: SchemaQuote | undefined;
  readonly day: Day | undefined;
  /** Of when the figures are, where that is too long ago. */
  readonly asOf: string | null;
  /** The watchlist, where it is a picker. */
  readonly picker: JSX.Element;
  readonly children?: JSX.Element;
}) {
  const change = createMemo(() => changeOf(midOf(props.quote), props.day?.open ?? null));
  const price = createMemo(() =>
    props.instrument === null ? (props.quote?.last ?? "–") : priceText(props.quote, props.instrument),
  );
  const side = (price: string | null | undefined, size: string | null | undefined) =>
    price == null ? (
      "–"
    ) : (
      <>
        {price}
        <span class="symbol-size"> × {brief(size ?? "0")}</span>
      </>
    );
  return (
    <header class="symbol-head" data-stale={props.asOf !== null}>
      <Show when={props.picker} fallback={<h2 class="symbol-name">{props.symbol}</h2>}>
        {props.picker}
      </Show>
      <span class="symbol-price">{price()}</span>
      <span class="symbol-change" data-way={wayOfChange(change())} title="Since the day began, UTC">
        {percent(change())}
      </span>
      <Show when={props.instrument !== null && props.instrument.status !== "open"}>
        <span class="halted">{props.instrument?.status}</span>
      </Show>
      <span class="symbol-quote">
        <span class="side-cell" data-side="buy">
          {side(props.quote?.bid, props.quote?.bid_size)}
        </span>{" "}
        <span class="side-cell" data-side="sell">
          {side(props.quote?.ask, props.quote?.ask_size)}
        </span>
      </span>
      <Show when={props.asOf}>{(asOf) => <span class="as-of">{asOf()}</span>}</Show>
      {props.children}
    </header>
  );
}

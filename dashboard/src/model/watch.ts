// An instrument in the watchlist: its price, and how it has moved since the day began.

import type { SchemaInstrument, SchemaQuote } from "../api/schema";
import { decimalsOf } from "./decimal";

/** The mid of its quote, with one decimal more than a price where it lies between two; the last price where it has none. */
export function priceText(quote: SchemaQuote | undefined, { tick, reference_price }: SchemaInstrument): string {
  const mid = midOf(quote);
  if (mid === null) return quote?.last ?? reference_price;
  return mid.toFixed(decimalsOf(tick));
}

export function midOf(quote: SchemaQuote | undefined): number | null {
  if (quote === undefined || quote.bid === null || quote.ask === null) return null;
  return (Number(quote.bid) + Number(quote.ask)) / 2;
}

/** How much of `open` the price is beyond it; null where either is not known. */
export function changeOf(price: number | null, open: number | null): number | null {
  return price === null || open === null || open === 0 ? null : price / open - 1;
}

/** `+0.12 %`, `−0.05 %`, `0.00 %`. */
export function percent(change: number | null): string {
  if (change === null) return "–";
  const text = Math.abs(change * 100).toFixed(2);
  return `${text === "0.00" ? "" : change > 0 ? "+" : "−"}${text} %`;
}

export function wayOfChange(change: number | null): "up" | "down" | "flat" {
  if (change === null || percent(change) === "0.00 %") return "flat";
  return change > 0 ? "up" : "down";
}

/** What of the instruments a search finds: by symbol, or by class. */
export function matching(instruments: readonly SchemaInstrument[], find: string): readonly SchemaInstrument[] {
  const wanted = find.trim().toLowerCase();
  if (wanted === "") return instruments;
  return instruments.filter(({ symbol, class: kind }) => symbol.toLowerCase().includes(wanted) || kind === wanted);
}

/** The one so many further on, round and round; the first where it is none of them. */
export function neighbour(symbols: readonly string[], symbol: string, by: number): string | null {
  if (symbols.length === 0) return null;
  const at = symbols.indexOf(symbol);
  return symbols[at < 0 ? 0 : (at + by + symbols.length) % symbols.length] ?? null;
}

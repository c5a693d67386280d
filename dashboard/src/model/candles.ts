// Candles: bars as numbers, to be drawn. Pages of them are joined, and the newest is taken over as it grows.

import type { SchemaBar } from "../api/schema";
import { readTime } from "./time";

export interface Candle {
  /** When it begins, in seconds since 1970. */
  readonly atS: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export const SECONDS = { "1s": 1, "1m": 60, "5m": 300, "15m": 900, "1h": 3_600, "1d": 86_400 } as const;

export function readCandle({ at, open, high, low, close, volume }: SchemaBar): Candle {
  return {
    atS: readTime(at) / 1e6,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
  };
}

/** Both in one, the oldest first; where both tell a candle, that of `told`. What did not change stays the same object. */
export function joinedCandles(held: readonly Candle[], told: readonly Candle[]): readonly Candle[] {
  const byTime = new Map(held.map((candle) => [candle.atS, candle]));
  for (const candle of told) {
    const known = byTime.get(candle.atS);
    if (known === undefined || !isSame(known, candle)) byTime.set(candle.atS, candle);
  }
  const inOrder = held.length === 0 || told.every(({ atS }) => atS >= (held[0] as Candle).atS);
  const all = [...byTime.values()];
  return inOrder && isRising(all) ? all : all.sort((a, b) => a.atS - b.atS);
}

function isSame(one: Candle, other: Candle): boolean {
  return one.close === other.close && one.volume === other.volume && one.high === other.high && one.low === other.low;
}

function isRising(candles: readonly Candle[]): boolean {
  return candles.every(({ atS }, at) => at === 0 || atS > (candles[at - 1] as Candle).atS);
}

/** A fill of a client's order. */
export interface Mark {
  readonly atS: number;
  readonly side: "buy" | "sell";
}

/** How many fills of a side each candle has, in order of time; `atS` is that of the candle. */
export function marked(fills: readonly Mark[], seconds: number): readonly (Mark & { readonly count: number })[] {
  const counts = new Map<string, Mark & { count: number }>();
  for (const { atS, side } of fills) {
    const begins = Math.floor(atS / seconds) * seconds;
    const mark = counts.get(`${begins} ${side}`) ?? { atS: begins, side, count: 0 };
    mark.count += 1;
    counts.set(`${begins} ${side}`, mark);
  }
  return [...counts.values()].sort((one, other) => one.atS - other.atS);
}

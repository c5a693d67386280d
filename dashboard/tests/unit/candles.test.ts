import { expect, test } from "vitest";
import type { SchemaBar } from "../../src/api/schema";
import { joinedCandles, marked, readCandle } from "../../src/model/candles";

function bar(minute: number, close: string, volume = "1"): SchemaBar {
  const at = `2026-11-22T08:${String(minute).padStart(2, "0")}:00.000000Z`;
  return { at, open: "1.0", high: "2.0", low: "0.5", close, volume, count: 1 };
}
const candle = (minute: number, close: string, volume?: string) => readCandle(bar(minute, close, volume));
const minutes = (candles: readonly { readonly atS: number }[]) => candles.map(({ atS }) => (atS / 60) % 60);

test("pages are joined whichever comes first, and each candle is there once", () => {
  const newer = joinedCandles([], [candle(5, "1.1"), candle(6, "1.2")]);
  expect(minutes(joinedCandles(newer, [candle(3, "1"), candle(4, "1"), candle(5, "1.1")]))).toEqual([3, 4, 5, 6]);
});

test("a candle that grows is taken over, and those before it stay what they are", () => {
  const held = joinedCandles([], [candle(5, "1.1"), candle(6, "1.2")]);
  const after = joinedCandles(held, [candle(6, "1.3", "2"), candle(7, "1.3")]);
  expect(after.map(({ close }) => close)).toEqual([1.1, 1.3, 1.3]);
  expect(after[0]).toBe(held[0]);
  const same = joinedCandles(held, [candle(6, "1.2")]);
  expect(same[1]).toBe(held[1]);
});

test("fills are marked once for each candle and side", () => {
  const fills = [61, 119, 62, 30].map((atS, at) => ({ atS, side: at === 2 ? ("sell" as const) : ("buy" as const) }));
  expect(marked(fills, 60)).toEqual([
    { atS: 0, side: "buy", count: 1 },
    { atS: 60, side: "buy", count: 2 },
    { atS: 60, side: "sell", count: 1 },
  ]);
});

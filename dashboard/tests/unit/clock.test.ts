import { expect, test } from "vitest";
import { ANY, aheadMs, narrowed, type Window } from "../../src/live/clock";

/** What answers tell, each asked for and got at once, of a venue whose clock is so far ahead. */
function told(byMs: number, ...atMs: number[]): Window {
  const date = (ms: number) => Math.floor((ms + byMs) / 1_000) * 1_000;
  return atMs.reduce((window, ms) => narrowed(window, date(ms), ms, ms), ANY);
}

test("clocks that may agree are taken to agree", () => {
  expect(aheadMs(ANY)).toBe(0);
  for (const at of [10_000, 10_001, 10_500, 10_999]) expect(aheadMs(told(0, at))).toBe(0);
  // The second turned while the answer was on its way.
  expect(aheadMs(narrowed(ANY, 10_000, 9_990, 11_020))).toBe(0);
});

test("answers at many times of a second tell how far a clock is ahead or behind", () => {
  const times = Array.from({ length: 50 }, (_, at) => 10_000 + at * 2_023);
  for (const by of [60_000, -60_000, 700, -300]) {
    expect(Math.abs(aheadMs(told(by, ...times)) - by)).toBeLessThan(25);
  }
});

test("a clock that was set is believed from then on", () => {
  const before = told(5_000, 10_000, 10_300, 10_600);
  expect(aheadMs(narrowed(before, 20_000, 20_400, 20_400))).toBe(0);
});

test("an answer without a Date tells nothing", () => {
  expect(narrowed(ANY, Number.NaN, 10_000, 10_000)).toBe(ANY);
});

import { expect, test } from "vitest";
import { venueAheadMs } from "../../src/live/clock";

test("clocks that may agree are taken to agree", () => {
  expect(venueAheadMs(10_000, 10_000, 10_000)).toBe(0);
  expect(venueAheadMs(10_000, 10_998, 10_999)).toBe(0);
  // The second turned while the answer was on its way.
  expect(venueAheadMs(10_000, 9_990, 11_020)).toBe(0);
});

test("a venue that is ahead or behind is so by about what its Date says", () => {
  expect(venueAheadMs(70_000, 10_000, 10_000)).toBe(60_500);
  expect(venueAheadMs(10_000, 70_000, 70_000)).toBe(-59_500);
});

test("an answer without a Date tells nothing", () => {
  expect(venueAheadMs(Number.NaN, 10_000, 10_000)).toBe(0);
});

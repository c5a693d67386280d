import { afterAll, beforeAll, expect, it } from "vitest";
import { timeSplits } from "../../src/figures/time_splits";

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = "Asia/Kolkata";
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const NOON = Date.UTC(2026, 10, 27, 12) / 1000;

it.each([
  [300, 600, [0, 60, 120, 180, 240, 300]],
  [300, 300, [0, 120, 240]],
  [60, 600, [0, 10, 20, 30, 40, 50, 60]],
  [3_600, 600, [0, 600, 1_200, 1_800, 2_400, 3_000, 3_600]],
  [86_400, 600, [0, 10_800, 21_600, 32_400, 43_200, 54_000, 64_800, 75_600, 86_400]],
] as const)("%i s on %i px have labels at round times", (seconds, width, at) => {
  const splits = timeSplits(NOON, NOON + seconds, width, "utc").map((split) => split - NOON);
  expect(splits.filter((split) => split % at[1] === 0)).toEqual(splits);
  expect(splits[1]).toBe(at[1]);
});

it("labels keep their place while time goes on", () => {
  expect(timeSplits(NOON + 7, NOON + 307, 600, "utc").map((split) => split - NOON)).toEqual([60, 120, 180, 240, 300]);
});

it("hours are full hours of the zone that is told", () => {
  const [first] = timeSplits(NOON, NOON + 86_400, 600, "local");
  expect(new Date((first ?? 0) * 1000).getMinutes()).toBe(0);
  expect(new Date((first ?? 0) * 1000).getUTCMinutes()).toBe(30);
});

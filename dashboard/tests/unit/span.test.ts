import { expect, it } from "vitest";
import { COARSE, spanInWords, spanOf } from "../../src/model/span";

it.each([
  ["5m", 9_999, 300, 1, "the last five minutes"],
  ["1h", 10, 3_600, 15, "the last hour"],
  ["start", 10, 60, 1, "the last minute"],
  ["start", 130, 180, 1, "the last three minutes"],
  ["start", 301, 600, 15, "the last 10 minutes"],
  ["start", 3_601, 7_200, 300, "the last two hours"],
  ["start", 400_000, 86_400, 300, "the last 24 hours"],
] as const)("%s of a page of %d s is %d s in steps of %d s: %s", (name, ageS, seconds, stepS, words) => {
  expect(spanOf(name, ageS)).toEqual({ seconds, stepS });
  expect(spanInWords(spanOf(name, ageS))).toBe(words);
});

it("every step that a span asks for is held for all of it", () => {
  for (const ageS of [0, 300, 301, 3_600, 3_601, 1e6]) {
    const { seconds, stepS } = spanOf("start", ageS);
    const ring = COARSE.find((ring) => ring.stepS === stepS);
    expect(ring === undefined ? 300 : ring.steps * ring.stepS).toBeGreaterThanOrEqual(seconds);
  }
});

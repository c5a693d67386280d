import { describe, expect, it } from "vitest";
import { plotBins } from "../../src/model/delay_bins";
import { type DelayModel, expectedShare, readDelayModel } from "../../src/model/delay_model";
import { expectedIn, isLong, likelyLongShare, splitOf } from "../../src/model/delay_split";

const model = (text: string) => readDelayModel(text) as DelayModel;
const split = (usual: string, long: string) => splitOf(model(usual), model(long));

describe("the two delays", () => {
  it.each([
    ["100ms..1s", "5s", true],
    ["none", "5s", true],
    ["1s", "5s", true],
    ["100ms..10s", "5s", true],
    ["lognormal(250ms,0.5)", "5s", true],
    ["100ms..1s", "2s..3s", true],
    ["5s", "5s", false],
    ["none", "none", false],
    ["100ms..1s", "500ms..3s", false],
    ["lognormal(250ms,0.5)", "2s..3s", false],
  ])("%s and %s can be told apart: %j", (usual, long, apart) => {
    expect(split(usual, long).apart).toBe(apart);
  });

  it.each([
    ["100ms..1s", "5s", 5_000_000, true],
    ["100ms..1s", "5s", 500_000, false],
    ["100ms..10s", "5s", 5_000_000, true],
    ["100ms..10s", "5s", 5_000_001, false],
    ["5s", "1s..10s", 5_000_000, false],
    ["5s", "1s..10s", 5_000_001, true],
    ["100ms..1s", "2s..3s", 2_500_000, true],
    // Of a start with other delays.
    ["100ms..1s", "5s", 7_000_000, false],
    ["100ms..1s", "500ms..3s", 2_500_000, false],
  ])("with %s and %s an order that was to wait %i µs is long-pending: %j", (usual, long, us, told) => {
    expect(isLong(split(usual, long), us)).toBe(told);
  });
});

describe("the mixture", () => {
  const both = split("100ms..1s", "500ms..3s");
  const bins = plotBins(3_300_000);

  it.each([0, 0.1, 0.5, 1])("finds the share of %d again", (share) => {
    const counts = expectedIn(both, share, bins).map((part) => part * 10_000);
    expect(likelyLongShare(both, counts, 0, bins)).toBeCloseTo(share, 2);
  });

  it("counts what lies beyond the plot", () => {
    const near = plotBins(1_100_000);
    const counts = expectedIn(both, 0.5, near).map((part) => part * 10_000);
    const beyond = 10_000 * 0.5 * expectedShare(both.long, near.widthUs * near.count, 1e12);
    expect(likelyLongShare(both, counts, beyond, near)).toBeCloseTo(0.5, 2);
  });

  it("says nothing of what neither explains, of nothing, and of two delays that are one", () => {
    expect(likelyLongShare(both, new Array(bins.count).fill(0), 7, bins)).toBe(0);
    expect(likelyLongShare(both, new Array(bins.count).fill(0), 0, bins)).toBe(0);
    expect(likelyLongShare(split("5s", "5s"), new Array(bins.count).fill(1), 0, bins)).toBe(0);
  });
});

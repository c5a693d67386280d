import { describe, expect, it } from "vitest";
import { plotBins } from "../../src/model/delay_bins";
import { expectedIn, likelyLongShare } from "../../src/model/delay_mixture";
import { type DelayModel, expectedShare, readDelayModel } from "../../src/model/delay_model";

const model = (text: string) => readDelayModel(text) as DelayModel;
const delays = (usual: string, long: string) => ({ usual: model(usual), long: model(long) });

describe("the mixture", () => {
  const both = delays("100ms..1s", "500ms..3s");
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
    expect(likelyLongShare(delays("5s", "5s"), new Array(bins.count).fill(1), 0, bins)).toBe(0);
  });
});

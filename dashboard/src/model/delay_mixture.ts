// Where the two delays of a venue overlap, what is counted is of both (see delay_kinds.ts): what is expected then is a
// mixture, of as many long-pending orders as explain best what was counted.

import type { PlotBins } from "./delay_bins";
import { type DelayModel, expectedShare } from "./delay_model";

export interface Delays {
  readonly usual: DelayModel;
  readonly long: DelayModel;
}

/** What share of orders is expected in each bin, where so many of them are long-pending. */
export function expectedIn({ usual, long }: Delays, longShare: number, bins: PlotBins): number[] {
  return Array.from({ length: bins.count }, (_, bin) => {
    const [from, to] = [bin * bins.widthUs, (bin + 1) * bins.widthUs];
    const ofUsual = expectedShare(usual, from, to);
    return longShare === 0 ? ofUsual : (1 - longShare) * ofUsual + longShare * expectedShare(long, from, to);
  });
}

const ROUNDS = 60;

/**
 * The share of long-pending orders that explains these counts best (expectation maximisation). What is beyond the bins
 * counts as one more. 0 where nothing was counted, or both delays are the same.
 */
export function likelyLongShare(delays: Delays, counts: readonly number[], beyond: number, bins: PlotBins): number {
  const all = counts.reduce((sum, count) => sum + count, beyond);
  const [usual, long] = [expectedIn(delays, 0, bins), expectedIn(delays, 1, bins)].map((shares) => [
    ...shares,
    Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0)),
  ]) as [number[], number[]];
  if (all === 0 || usual.every((share, bin) => Math.abs(share - (long[bin] ?? 0)) < 1e-9)) return 0;
  const seen = [...counts, beyond];
  let share = 0.5;
  for (let round = 0; round < ROUNDS; round++) {
    let [sum, explained] = [0, 0];
    seen.forEach((count, bin) => {
      const ofLong = share * (long[bin] ?? 0);
      const ofBoth = ofLong + (1 - share) * (usual[bin] ?? 0);
      // What neither explains says nothing of how many there are of each.
      if (count === 0 || ofBoth === 0) return;
      sum += (count * ofLong) / ofBoth;
      explained += count;
    });
    if (explained === 0) return 0;
    share = sum / explained;
  }
  return share < 1e-4 ? 0 : share;
}

// Two kinds of orders wait by two delays, and the venue does not tell an order's kind: how long it was to wait tells it,
// where the two delays can be told apart; where not, what is expected is a mixture of both.

import type { PlotBins } from "./delay_bins";
import { type DelayModel, expectedShare, readDelayModel } from "./delay_model";
import type { VenueInfo } from "./prometheus";

export interface DelaySplit {
  readonly usual: DelayModel;
  readonly long: DelayModel;
  /** Whether an order's planned delay tells its kind. */
  readonly apart: boolean;
}

export function splitOf(usual: DelayModel, long: DelayModel): DelaySplit {
  const [one, other] = [rangeOf(usual), rangeOf(long)];
  const points = [one, other].filter(isPoint).length;
  // That a delay by chance is to the microsecond a fixed one is as good as impossible.
  const apart = points === 1 || one.toUs < other.fromUs || other.toUs < one.fromUs;
  return { usual, long, apart };
}

/** The two delays of a venue; null where it tells none that this page understands. */
export function splitIn(info: VenueInfo): DelaySplit | null {
  const [usual, long] = [readDelayModel(info.delay), readDelayModel(info.longDelay)];
  return usual === null || long === null ? null : splitOf(usual, long);
}

/** Whether an order that was to wait so long is a long-pending one. One of neither delay, as of another start, is not. */
export function isLong({ usual, long, apart }: DelaySplit, plannedUs: number): boolean {
  if (!apart || !holds(long, plannedUs)) return false;
  return !holds(usual, plannedUs) || isPoint(rangeOf(long));
}

/** What share of orders is expected in each bin, where so many of them are long-pending. */
export function expectedIn({ usual, long }: DelaySplit, longShare: number, bins: PlotBins): number[] {
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
export function likelyLongShare(split: DelaySplit, counts: readonly number[], beyond: number, bins: PlotBins): number {
  const all = counts.reduce((sum, count) => sum + count, beyond);
  const [usual, long] = [expectedIn(split, 0, bins), expectedIn(split, 1, bins)].map((shares) => [
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

interface Range {
  readonly fromUs: number;
  readonly toUs: number;
}

function rangeOf(model: DelayModel): Range {
  switch (model.kind) {
    case "none":
      return { fromUs: 0, toUs: 0 };
    case "fixed":
      return { fromUs: model.us, toUs: model.us };
    case "uniform":
      return { fromUs: model.minUs, toUs: model.maxUs };
    case "log-normal":
      return { fromUs: 1, toUs: Number.POSITIVE_INFINITY };
  }
}

function isPoint({ fromUs, toUs }: Range): boolean {
  return fromUs === toUs;
}

function holds(model: DelayModel, us: number): boolean {
  const { fromUs, toUs } = rangeOf(model);
  return us >= fromUs && us <= toUs;
}

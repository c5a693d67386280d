// How execution delays are counted so that they can be drawn over any range later: in fine bins, each 2.5 % of its power
// of ten, from 25 µs below a millisecond up to hours. Their bounds are round numbers, and the bins of a plot are whole
// multiples of them: gathering the fine ones into a plot's moves no order across a bound.

const PER_DECADE = 360;
const FIRST = 40;
const DECADES = 7;

/** How many fine bins there are; the last counts what is 2.7 hours (10^10 µs) or longer. */
export const FINE_BINS = FIRST + PER_DECADE * DECADES + 1;

/** The most bins that a plot has. With more, bins could be narrower than the fine ones. */
const PLOT_BINS = 44;

/** Bins of equal width from 0 on, in microseconds. */
export interface PlotBins {
  readonly widthUs: number;
  readonly count: number;
}

/** The fine bin that counts a delay. */
export function fineBinOf(us: number): number {
  if (us < 1000) return Math.max(0, Math.floor(us / 25));
  let start = 1000;
  let first = FIRST;
  while (us >= start * 10) {
    start *= 10;
    first += PER_DECADE;
  }
  return Math.min(FINE_BINS - 1, first + Math.floor((us - start) / (start / 40)));
}

const STARTS = Float64Array.from({ length: FINE_BINS }, (_, bin) => {
  if (bin < FIRST) return bin * 25;
  const decade = Math.floor((bin - FIRST) / PER_DECADE);
  const start = 1000 * 10 ** decade;
  return start + ((bin - FIRST) % PER_DECADE) * (start / 40);
});

/** Where a fine bin begins, in microseconds. */
export function fineBinStart(bin: number): number {
  return STARTS[bin] ?? 0;
}

/** The bins in which a plot shows delays up to `rangeUs`: round, and at least up to there. A range is 10 ms or more. */
export function plotBins(rangeUs: number): PlotBins {
  const least = Math.max(rangeUs, 10_000) / PLOT_BINS;
  const power = 10 ** Math.floor(Math.log10(least));
  const widthUs = power * ([1, 2, 2.5, 5, 10].find((step) => power * step >= least * (1 - 1e-12)) ?? 10);
  return { widthUs, count: Math.ceil((Math.max(rangeUs, 10_000) / widthUs) * (1 - 1e-12)) };
}

/** Gathers fine bins into a plot's; the counts that are beyond its last bin are the second result. */
export function gather(fine: Uint32Array, bins: PlotBins): [counts: number[], beyond: number] {
  const counts = new Array<number>(bins.count).fill(0);
  let beyond = 0;
  for (let bin = 0; bin < FINE_BINS; bin++) {
    const count = fine[bin] ?? 0;
    if (count === 0) continue;
    // The tenth of a microsecond keeps a bound that is no exact double on its side.
    const place = Math.floor((fineBinStart(bin) + 0.1) / bins.widthUs);
    if (place < bins.count) counts[place] = (counts[place] ?? 0) + count;
    else beyond += count;
  }
  return [counts, beyond];
}

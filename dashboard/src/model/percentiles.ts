// How percentiles are had without keeping samples. Lateness is counted in buckets whose bounds grow by 5 %, so that any
// time from a microsecond to a day is told within 2.5 %; what a venue's own histogram counts is interpolated.

const GROWTH = Math.log(1.05);

/** How many buckets there are: the first for 0, the last for more than a day. */
export const BUCKETS = 520;

/** The bucket that counts a time of so many microseconds. */
export function bucketOf(us: number): number {
  return us < 1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(us) / GROWTH));
}

/**
 * The time in microseconds that the share of all counted times does not exceed (nearest rank); null where nothing was
 * counted. Reads `BUCKETS` counts from `start` on.
 */
export function bucketPercentile(counts: Uint32Array, start: number, share: number): number | null {
  let total = 0;
  for (let at = start; at < start + BUCKETS; at++) total += counts[at] ?? 0;
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(total * share));
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    left -= counts[start + bucket] ?? 0;
    if (left <= 0) return middleOf(bucket);
  }
  return middleOf(BUCKETS - 1);
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : Math.exp((bucket - 0.5) * GROWTH);
}

/**
 * The value that the share of all counted values does not exceed, as Prometheus' `histogram_quantile` has it: values
 * lie evenly in their bucket, and beyond the last finite bound nothing more is known than that bound. Null where nothing
 * was counted.
 */
export function interpolatedPercentile(
  bounds: readonly number[],
  cumulative: readonly number[],
  share: number,
): number | null {
  const total = cumulative.at(-1) ?? 0;
  if (total <= 0) return null;
  const rank = share * total;
  const bucket = cumulative.findIndex((count) => count >= rank && count > 0);
  const upper = bounds[bucket] ?? Number.POSITIVE_INFINITY;
  const lower = bounds[bucket - 1] ?? 0;
  if (upper === Number.POSITIVE_INFINITY) return lower;
  const below = cumulative[bucket - 1] ?? 0;
  return lower + ((upper - lower) * (rank - below)) / ((cumulative[bucket] ?? 0) - below);
}

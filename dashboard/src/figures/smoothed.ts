// Counts per second, each as the average of the five seconds that end with it.

const OVER_S = 5;

/** By how many seconds there are fewer averages than counts: the first have not five seconds behind them. */
export const FEWER = OVER_S - 1;

/** A second that was not heard counts neither way, and has no average itself. */
export function smoothed(counts: readonly (number | null)[]): (number | null)[] {
  let [sum, heard] = [0, 0];
  const averages = counts.map((count, at) => {
    const gone = counts[at - OVER_S] ?? null;
    sum += (count ?? 0) - (gone ?? 0);
    heard += Number(count !== null) - Number(gone !== null);
    return count === null ? null : sum / heard;
  });
  return averages.slice(FEWER);
}

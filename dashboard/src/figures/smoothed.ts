// Counts per second, each as the average of the five seconds that end with it.

const OVER_S = 5;

/** By how many seconds there are fewer averages than counts: the first have not five seconds behind them. */
export const FEWER = OVER_S - 1;

export function smoothed(counts: readonly number[]): number[] {
  let sum = 0;
  const averages = counts.map((count, at) => {
    sum += count - (counts[at - OVER_S] ?? 0);
    return sum / OVER_S;
  });
  return averages.slice(FEWER);
}

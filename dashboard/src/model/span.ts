// How far back plots go, and in which steps: fine ones for a short time, coarse ones for a long one.

/** Five minutes, an hour, or since the page began, at most a day. */
export const SPAN_NAMES = ["5m", "1h", "start"] as const;
export type SpanName = (typeof SPAN_NAMES)[number];

export interface Span {
  readonly seconds: number;
  /** How many seconds a point stands for. */
  readonly stepS: number;
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** The steps of the rings that the pulse has beside that of seconds, and how many of each it holds. */
export const COARSE = [
  { stepS: 15, steps: HOUR / 15 + 1 },
  { stepS: 300, steps: DAY / 300 + 1 },
] as const;

/** The span of that name, where the page began so many seconds ago. */
export function spanOf(name: SpanName, ageS: number): Span {
  if (name === "5m") return { seconds: 5 * MINUTE, stepS: 1 };
  if (name === "1h") return { seconds: HOUR, stepS: 15 };
  // Rounded up, so that the axis does not wander with each second.
  const upTo = (unit: number) => Math.max(unit, Math.ceil(ageS / unit) * unit);
  if (ageS <= 5 * MINUTE) return { seconds: upTo(MINUTE), stepS: 1 };
  return ageS <= HOUR ? { seconds: upTo(5 * MINUTE), stepS: 15 } : { seconds: Math.min(DAY, upTo(HOUR)), stepS: 300 };
}

/** "the last five minutes", for sentences. */
export function spanInWords({ seconds }: Span): string {
  const [figure, unit] = seconds < HOUR ? [seconds / MINUTE, "minute"] : [seconds / HOUR, "hour"];
  const words = ["", "", "two", "three", "four", "five"];
  return figure === 1 ? `the last ${unit}` : `the last ${words[figure] ?? figure} ${unit}s`;
}

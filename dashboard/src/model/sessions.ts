// Over which days a calendar is asked for: whole months, so that more candles seldom are another question.

const DAYS_AT_MOST = 3_660;
const DAY_MS = 86_400_000;

/** The months in which times lie, in seconds since 1970: the first day, and the one after the last. */
export function monthsOf(firstS: number, lastS: number): { readonly start: string; readonly end: string } {
  const last = new Date(lastS * 1_000);
  const end = Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 1);
  // A venue tells ten years at most.
  const first = new Date(Math.max(firstS * 1_000, end - (DAYS_AT_MOST - 31) * DAY_MS));
  const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1);
  return { start: dateOf(start), end: dateOf(end) };
}

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

// How far the venue's clock is ahead of the reader's, told by the Date of its answers. That has whole seconds; each answer
// narrows the window that the truth lies in.

export interface Window {
  readonly leastMs: number;
  readonly mostMs: number;
}

export const ANY: Window = { leastMs: Number.NEGATIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY };

/** What an answer with this Date leaves of the window; it was asked for at `askedMs` and came at `gotMs`. */
export function narrowed(window: Window, dateMs: number, askedMs: number, gotMs: number): Window {
  if (Number.isNaN(dateMs)) return window;
  // It was written in the second that began with it, at some time between question and answer.
  const told = { leastMs: dateMs - gotMs, mostMs: dateMs + 1_000 - askedMs };
  const both = {
    leastMs: Math.max(window.leastMs, told.leastMs),
    mostMs: Math.min(window.mostMs, told.mostMs),
  };
  // Where they contradict each other a clock was set.
  return both.leastMs <= both.mostMs ? both : told;
}

/** What is to be added to the reader's time, in milliseconds: 0 where the two clocks may agree. */
export function aheadMs({ leastMs, mostMs }: Window): number {
  return leastMs <= 0 && mostMs >= 0 ? 0 : (leastMs + mostMs) / 2;
}

// How far the reader's clock is from the venue's, told by the Date of its answers, which has whole seconds.

/**
 * What is to be added to the reader's time, in milliseconds: 0 where the two may agree. An answer with this Date was
 * asked for at `askedMs` and came at `gotMs`.
 */
export function venueAheadMs(dateMs: number, askedMs: number, gotMs: number): number {
  if (Number.isNaN(dateMs)) return 0;
  // It was written in the second that began with it, at some time between question and answer.
  const [least, most] = [dateMs - gotMs, dateMs + 1_000 - askedMs];
  return least <= 0 && most >= 0 ? 0 : (least + most) / 2;
}

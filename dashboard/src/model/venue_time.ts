// What time it is at the venue, reckoned from what its clock was told to be. One that is real goes on as the reader's does,
// so far ahead of it or behind; one that stands or runs by itself is reckoned on from the newest word of it, and from what
// happened there since. Reads no clock: times of the page are arguments, in milliseconds since 1970.

export type Mode = "real" | "frozen" | "running";

export interface ClockWord {
  readonly mode: Mode;
  readonly speed: number;
  readonly nowUs: number;
  readonly isOpen: boolean;
  readonly nextOpenUs: number | null;
  readonly nextCloseUs: number | null;
  /** When something may happen there by itself next. */
  readonly nextUs: number | null;
}

/** How fast its time passes beside the page's, and where it stands if it does not pass. */
export interface Pace {
  readonly speed: number;
  readonly standsUs: number | null;
}

export function paceOf(word: ClockWord | null): Pace {
  if (word?.mode === "frozen") return { speed: 0, standsUs: word.nowUs };
  return { speed: word?.mode === "running" ? word.speed : 1, standsUs: null };
}

export interface Window {
  readonly leastMs: number;
  readonly mostMs: number;
}

export const ANY: Window = { leastMs: Number.NEGATIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY };

/** How far a real clock may be ahead of the reader's, after it was asked for at `askedMs` and told at `gotMs`. */
export function narrowed(window: Window, nowMs: number, askedMs: number, gotMs: number): Window {
  const told = { leastMs: nowMs - gotMs, mostMs: nowMs - askedMs };
  const both = { leastMs: Math.max(window.leastMs, told.leastMs), mostMs: Math.min(window.mostMs, told.mostMs) };
  // Where they contradict each other a clock was set.
  return both.leastMs <= both.mostMs ? both : told;
}

/** What is to be added to the reader's time, in milliseconds: 0 where the two clocks may agree. */
export function aheadMs({ leastMs, mostMs }: Window): number {
  return leastMs <= 0 && mostMs >= 0 ? 0 : (leastMs + mostMs) / 2;
}

export class VenueTime {
  private window = ANY;
  /** The newest; null before the first. */
  private word: ClockWord | null = null;
  /** What a clock that is not real showed at a time of the page's. */
  private shown = { us: 0, atMs: 0 };
  /** The newest time that the venue told of. */
  private seenUs = 0;

  /** Its clock was asked for at `askedMs`, and told at `gotMs`. */
  take(word: ClockWord, askedMs: number, gotMs: number): void {
    this.word = word;
    // An answer may come after news of what happened later.
    this.seenUs = Math.max(this.seenUs, word.nowUs);
    this.window = word.mode === "real" ? narrowed(this.window, word.nowUs / 1000, askedMs, gotMs) : ANY;
    this.shown = { us: this.seenUs, atMs: gotMs };
  }

  /** Something happened there at this time, and was told at `gotMs`. */
  saw(us: number, gotMs: number): void {
    this.seenUs = Math.max(this.seenUs, us);
    if (this.word !== null && this.word.mode !== "real" && us > this.at(gotMs)) this.shown = { us, atMs: gotMs };
  }

  /** What time it is there at a time of the page's, in microseconds since 1970. */
  at(ms: number): number {
    const { word, shown, seenUs } = this;
    // Until it is told it is no earlier than what happened there, and where nothing did as good as any.
    if (word === null && seenUs > 0) return seenUs;
    if (word === null || word.mode === "real") return (ms + aheadMs(this.window)) * 1000;
    return shown.us + Math.max(ms - shown.atMs, 0) * 1000 * (word.mode === "frozen" ? 0 : word.speed);
  }

  /** Another venue, or another life of it. */
  forget(): void {
    this.window = ANY;
    this.word = null;
    this.seenUs = 0;
  }
}

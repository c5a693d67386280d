// Whether the venue is heard: any word of it counts, a frame or an answer. Where none comes for a while it is asked for
// one; where that is not answered either, the venue is silent. A page that nobody sees, or that was frozen, says nothing.

/** So long without a word, and the venue is asked for one. */
const ASK_AFTER_MS = 1_000;
/** So long without a word, and it is silent. */
const SILENT_AFTER_MS = 2_250;
const TICK_MS = 250;
/** A tick that is later than this shows that the page did not run: it would not have heard anything. */
const FROZEN_MS = 1_000;

export class Heartbeat {
  private wordMs = Date.now();
  private tickedMs = Date.now();
  /** From when on nothing was heard, as far as the page ran. */
  private quietMs = Date.now();
  private silentSince: number | null = null;
  private asking = false;

  constructor(
    /** Asks for a word; true where one came. */
    private readonly ask: () => Promise<boolean>,
    /** The venue fell silent, or is heard again after it was silent since then. */
    private readonly changed: (wasSilentSinceMs: number | null) => void,
  ) {}

  /** When the venue was last heard (Date.now()). */
  get asOfMs(): number {
    return this.wordMs;
  }

  /** The same where that is too long ago; else null. */
  get silentSinceMs(): number | null {
    return this.silentSince;
  }

  start(): void {
    setInterval(() => this.tick(), TICK_MS);
  }

  heard(): void {
    this.wordMs = this.quietMs = Date.now();
    if (this.silentSince === null) return;
    const since = this.silentSince;
    this.silentSince = null;
    this.changed(since);
  }

  private tick(): void {
    if (document.hidden) return;
    const nowMs = Date.now();
    const late = nowMs - this.tickedMs > FROZEN_MS || nowMs < this.tickedMs;
    this.tickedMs = nowMs;
    if (late) this.quietMs = nowMs;
    const quiet = nowMs - this.quietMs;
    if ((quiet >= ASK_AFTER_MS || late) && !this.asking) void this.askOnce();
    if (quiet < SILENT_AFTER_MS || this.silentSince !== null) return;
    this.silentSince = this.wordMs;
    this.changed(null);
  }

  private async askOnce(): Promise<void> {
    this.asking = true;
    if (await this.ask()) this.heard();
    this.asking = false;
  }
}

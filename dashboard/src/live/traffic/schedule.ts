// When orders are placed: so many are owed at a time, by the rate and the time that has passed, not by how often somebody
// looks. Never reads a clock; "now" is an argument, in milliseconds.

/** What is owed beyond this time's worth is not made up for. */
const CATCH_UP_MS = 2_000;

export class Schedule {
  /** Up to when orders were given out. */
  private paidMs: number;

  constructor(
    private rate: number,
    nowMs: number,
  ) {
    // The first is due at once.
    this.paidMs = nowMs - 1_000 / rate;
  }

  /** Another rate, from now on. */
  turn(rate: number, nowMs: number): void {
    this.rate = rate;
    this.paidMs = Math.max(this.paidMs, nowMs - 1_000 / rate);
  }

  /** How many orders are to be placed now, at most so many; what is not taken stays owed. */
  take(nowMs: number, most: number): number {
    this.paidMs = Math.max(this.paidMs, nowMs - CATCH_UP_MS);
    const owed = Math.floor(((nowMs - this.paidMs) * this.rate) / 1_000 + 1e-9);
    const taken = Math.max(0, Math.min(owed, most));
    this.paidMs += (taken * 1_000) / this.rate;
    return taken;
  }

  /** Nothing is owed for the time until now. */
  skip(nowMs: number): void {
    this.paidMs = Math.max(this.paidMs, nowMs);
  }

  /** How long until the next is due. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.paidMs + 1_000 / this.rate - nowMs);
  }
}

/** Seconds over which the achieved rate is told. */
const OVER_S = 5;

/** How many orders were placed a second, of late. */
export class Achieved {
  private readonly counts = new Uint32Array(OVER_S + 1);
  private newest: number;
  private readonly beganMs: number;

  constructor(nowMs: number) {
    this.beganMs = nowMs;
    this.newest = Math.floor(nowMs / 1_000);
  }

  add(nowMs: number): void {
    this.advance(nowMs);
    const slot = this.newest % this.counts.length;
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  /** Over the last full seconds, and fewer while it is young. */
  perSecond(nowMs: number): number {
    this.advance(nowMs);
    const running = this.newest * 1_000;
    const fromMs = Math.max(this.beganMs, running - OVER_S * 1_000);
    const told =
      this.counts.reduce((sum, count) => sum + count, 0) - (this.counts[this.newest % this.counts.length] ?? 0);
    return running - fromMs < 500 ? 0 : (told * 1_000) / (running - fromMs);
  }

  private advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    for (let next = Math.max(this.newest + 1, second - OVER_S); next <= second; next += 1)
      this.counts[next % this.counts.length] = 0;
    this.newest = Math.max(this.newest, second);
  }
}

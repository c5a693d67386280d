// A socket that stays open through a silence may be dead, though nobody says so: then the venue counts changes, and none is
// told. Watches for that after a silence, from one reading to the next.

import type { Reading } from "../model/prometheus";

/** So many readings may count changes of which none is told: they may be on their way. */
const READINGS = 2;

export class Deafness {
  /** The newest change that was told when the venue was heard again; null while nothing is suspected. */
  private seq: number | null = null;
  private counted: number | null = null;
  private left = 0;

  suspect(seq: number): void {
    this.seq = seq;
    this.counted = null;
    this.left = READINGS;
  }

  /** Takes a reading, and the newest change that was told; returns whether the socket is dead. */
  take({ orders }: Reading, seq: number): boolean {
    if (this.seq === null) return false;
    const count = orders.accepted + orders.executed + orders.cancelled;
    this.counted ??= count;
    // It is heard.
    if (seq !== this.seq) this.seq = null;
    else if (count > this.counted) this.left -= 1;
    if (this.seq === null || this.left > 0) return false;
    this.seq = null;
    return true;
  }
}

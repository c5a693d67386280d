// Coarser memory of the pulse: what leaves its ring of seconds is added up here, step by step of so many seconds. Memory is
// fixed: 2.1 kB for each step that is held.

import { BUCKETS } from "./percentiles";

/** The counts of some seconds together. */
export interface Sum {
  /** How many of the seconds were heard: what happened in the others is not known, and not in the sum. */
  heardS: number;
  accepted: number;
  executed: number;
  cancelled: number;
  readonly late: Uint32Array;
  lateMaxUs: number;
}

export function emptySum(): Sum {
  return { heardS: 0, accepted: 0, executed: 0, cancelled: 0, late: new Uint32Array(BUCKETS), lateMaxUs: 0 };
}

/** Adds up a second that was heard; its lateness stands in `late` from `start` on. */
export type Second = Omit<Sum, "heardS" | "late"> & { readonly late: Uint16Array; readonly start: number };

export class CoarseRing {
  private readonly heardS: Uint16Array;
  private readonly accepted: Uint32Array;
  private readonly executed: Uint32Array;
  private readonly cancelled: Uint32Array;
  /** Made with the first order that was executed. */
  private late = new Uint32Array(0);
  private readonly lateMax: Float64Array;
  /** The newest step of which anything was told. */
  private newest = -1;

  constructor(
    readonly stepS: number,
    private readonly steps: number,
  ) {
    this.heardS = new Uint16Array(steps);
    this.accepted = new Uint32Array(steps);
    this.executed = new Uint32Array(steps);
    this.cancelled = new Uint32Array(steps);
    this.lateMax = new Float64Array(steps);
  }

  take(second: number, told: Second): void {
    const step = Math.floor(second / this.stepS);
    if (step <= this.newest - this.steps) return;
    for (let next = Math.max(this.newest + 1, step - this.steps + 1); next <= step; next++) this.expire(next);
    this.newest = Math.max(this.newest, step);
    const slot = step % this.steps;
    add(this.heardS, slot, 1);
    add(this.accepted, slot, told.accepted);
    add(this.executed, slot, told.executed);
    add(this.cancelled, slot, told.cancelled);
    this.lateMax[slot] = Math.max(this.lateMax[slot] ?? 0, told.lateMaxUs);
    if (told.executed === 0) return;
    if (this.late.length === 0) this.late = new Uint32Array(this.steps * BUCKETS);
    for (let at = 0; at < BUCKETS; at++) add(this.late, slot * BUCKETS + at, told.late[told.start + at] ?? 0);
  }

  /** Adds what is held of the step that begins at that second. */
  addTo(sum: Sum, startS: number): void {
    const step = Math.floor(startS / this.stepS);
    if (step > this.newest || step <= this.newest - this.steps || step < 0) return;
    const slot = step % this.steps;
    sum.heardS += this.heardS[slot] ?? 0;
    sum.accepted += this.accepted[slot] ?? 0;
    sum.executed += this.executed[slot] ?? 0;
    sum.cancelled += this.cancelled[slot] ?? 0;
    sum.lateMaxUs = Math.max(sum.lateMaxUs, this.lateMax[slot] ?? 0);
    for (let at = 0; at < BUCKETS; at++) add(sum.late, at, this.late[slot * BUCKETS + at] ?? 0);
  }

  clear(): void {
    this.newest = -1;
    for (const figures of [this.heardS, this.accepted, this.executed, this.cancelled, this.late, this.lateMax])
      figures.fill(0);
  }

  private expire(step: number): void {
    const slot = step % this.steps;
    for (const figures of [this.heardS, this.accepted, this.executed, this.cancelled, this.lateMax]) figures[slot] = 0;
    this.late.fill(0, slot * BUCKETS, (slot + 1) * BUCKETS);
  }
}

function add(figures: Uint16Array | Uint32Array, index: number, more: number): void {
  figures[index] = (figures[index] ?? 0) + more;
}

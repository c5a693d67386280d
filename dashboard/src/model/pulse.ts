// What the venue did in the last five minutes, second by second on its own clock: how many orders were accepted, executed
// and cancelled, how long they waited and how late they came. Memory is fixed, however many changes come: counts in a
// ring of seconds, each taken over by the second that is 301 later, and handed on then to coarser rings of an hour and a
// day: 1.9 MB, and 1.1 MB more for those once they are needed. Never reads a clock; "now" is an argument.
//
// The second that runs is counted but not told: its rate would always look like a fall. Of seconds in which the venue was
// not heard nothing is known: a series has a gap there, and totals leave them out.

import type { Change, Order } from "./change";
import { CoarseRing, emptySum, type Sum } from "./coarse";
import { FINE_BINS, fineBinOf, fineBinStart, gather, type PlotBins } from "./delay_bins";
import { DelayKinds } from "./delay_kinds";
import { Doubts, isDoubtful, waitsForPrice } from "./doubts";
import { BUCKETS, bucketOf, bucketPercentile } from "./percentiles";
import type { DelayHistogram, OrderSeries, Steps, Totals } from "./pulse_figures";
import { COARSE } from "./span";

/** How many full seconds are told. */
export const WINDOW_S = 300;
const SLOTS = WINDOW_S + 1;
const NEVER = -1;
const FULL = 0xffff;
/** Of a step that was heard for fewer seconds, a rate would be chance. */
const ENOUGH_S = 5;
/** Of a muted second: how much of it is unknown. */
const [HEARD, QUIET, LOST] = [0, 1, 2] as const;

export class Pulse {
  private readonly accepted = new Uint32Array(SLOTS);
  private readonly executed = new Uint32Array(SLOTS);
  private readonly cancelled = new Uint32Array(SLOTS);
  private readonly delayed = new Uint32Array(SLOTS);
  private readonly delaySum = new Float64Array(SLOTS);
  private readonly delaySquares = new Float64Array(SLOTS);
  private readonly longCount = new Uint32Array(SLOTS);
  private readonly longSum = new Float64Array(SLOTS);
  /** Of one second a bin counts up to `FULL`: more than a page can take in. */
  private readonly delayBins = new Uint16Array(SLOTS * FINE_BINS);
  private readonly lateBuckets = new Uint16Array(SLOTS * BUCKETS);
  private readonly lateMax = new Float64Array(SLOTS);
  private readonly muted = new Uint8Array(SLOTS);
  /** All seconds' bins together, so that a read need not walk the ring. */
  private readonly allDelayBins = new Uint32Array(FINE_BINS);
  private readonly coarse = COARSE.map(({ stepS, steps }) => new CoarseRing(stepS, steps));
  private readonly gathered = new Uint32Array(FINE_BINS);
  private kinds = new DelayKinds(null, null);
  private readonly doubts = new Doubts();
  /** The second that runs. */
  private newest = NEVER;
  /** The newest second of a change. */
  private heard = NEVER;
  /** The first second of which anything is known, be it that nothing happened. */
  private oldest = NEVER;
  /** From this second on the venue is not heard. */
  private silentFrom = Number.POSITIVE_INFINITY;

  /** Counts a change that was applied; `order` is the order as it stands afterwards. */
  record(change: Change, order: Order): void {
    const second = Math.floor(change.atUs / 1e6);
    if (second <= this.newest - SLOTS) {
      if (this.heard > this.newest - SLOTS) return;
      // It is "now" that was ahead, not the change that is old, or else there is nothing to lose.
      this.clear();
    }
    this.advance(second);
    if (second > this.heard) this.heard = second;
    const slot = second % SLOTS;
    switch (change.status) {
      case "PENDING":
        add(this.accepted, slot, 1);
        break;
      case "CANCELLED":
        add(this.cancelled, slot, 1);
        break;
      case "EXECUTED":
        add(this.executed, slot, 1);
        if (isDoubtful(order, change.atUs)) this.doubts.add(order);
        else if (!waitsForPrice(order)) this.countExecution(slot, order);
    }
  }

  /** An order whose delay and lateness count once its terms are known, each such order in turn. */
  doubt(): Order | null {
    return this.doubts.next((this.newest - WINDOW_S) * 1e6);
  }

  /** An order's terms are known: where they were waited for, it counts in the second in which it was executed. */
  learn(order: Order): void {
    if (order.terms === null) return;
    const doubted = this.doubts.take(order.id);
    const second = Math.floor((doubted?.closedUs ?? 0) / 1e6);
    if (doubted === null || waitsForPrice(order) || second <= this.newest - SLOTS) return;
    this.countExecution(second % SLOTS, doubted);
  }

  /** The venue's delays are these: what was counted before that was known is counted anew, from the orders that are held. */
  configure(kinds: DelayKinds, orders: readonly Order[]): void {
    this.kinds = kinds;
    for (const figures of [this.delayed, this.delaySum, this.delaySquares, this.longCount, this.longSum])
      figures.fill(0);
    for (const counts of [this.delayBins, this.allDelayBins]) counts.fill(0);
    for (const order of orders) {
      const closedUs = order.closedUs ?? 0;
      const second = Math.floor(closedUs / 1e6);
      if (order.status !== "EXECUTED" || second > this.newest || second <= this.newest - SLOTS) continue;
      if (waitsForPrice(order) || isDoubtful(order, closedUs) || this.doubts.has(order.id)) continue;
      const slot = second % SLOTS;
      // An order that did not come as a change was not counted.
      if (at(this.delayed, slot) + at(this.longCount, slot) < at(this.executed, slot)) this.countDelay(slot, order);
    }
  }

  /** The venue is not heard since then; null where it is heard again, and what was missed will be told. */
  unheard(sinceUs: number | null): void {
    this.silentFrom = sinceUs === null ? Number.POSITIVE_INFINITY : Math.floor(sinceUs / 1e6);
  }

  /** The venue did not answer meanwhile: where it tells nothing of these seconds either, nothing is known of them. With
   * `lost`, what it tells is not all. */
  mute(fromUs: number, toUs: number, lost = false): void {
    const to = Math.floor(toUs / 1e6);
    this.advance(to);
    for (let second = Math.max(Math.floor(fromUs / 1e6), this.newest - WINDOW_S); second <= to; second++) {
      const slot = slotOf(second);
      this.muted[slot] = Math.max(at(this.muted, slot), lost ? LOST : QUIET);
    }
  }

  clear(): void {
    this.muted.fill(HEARD);
    this.silentFrom = Number.POSITIVE_INFINITY;
    this.newest = this.oldest = this.heard = NEVER;
    for (const counts of [this.accepted, this.executed, this.cancelled, this.delayed, this.longCount]) counts.fill(0);
    for (const sums of [this.delaySum, this.delaySquares, this.longSum, this.lateMax]) sums.fill(0);
    for (const counts of [this.delayBins, this.lateBuckets, this.allDelayBins]) counts.fill(0);
    for (const ring of this.coarse) ring.clear();
    this.doubts.clear();
  }

  /** How many seconds ago the first was of which anything is known. */
  ageS(nowUs: number): number {
    this.advance(Math.floor(nowUs / 1e6));
    return this.newest - this.oldest;
  }

  /** Orders per second, for each of the last `seconds`; with `asOfUs`, of those before that. */
  orders(nowUs: number, seconds: number = WINDOW_S, asOfUs = Number.POSITIVE_INFINITY): OrderSeries {
    const told = this.seconds(nowUs, seconds, asOfUs);
    const series = (of: Uint32Array) => told.map((second) => (this.hears(second) ? at(of, slotOf(second)) : null));
    return {
      newestS: told.at(-1) ?? this.newest - 1,
      accepted: series(this.accepted),
      executed: series(this.executed),
      cancelled: series(this.cancelled),
    };
  }

  /**
   * What happened over the last `seconds`, a point for each step of `stepS`. Steps begin at multiples of it on the
   * venue's clock, so that a point stays what it is while time goes on. Beyond the ring of seconds there are only the
   * steps of `COARSE`.
   */
  steps(nowUs: number, stepS: number, seconds: number = WINDOW_S): Steps {
    this.advance(Math.floor(nowUs / 1e6));
    const count = Math.floor(seconds / stepS);
    const first = Math.floor((this.newest - 1) / stepS) - count + 1;
    const starts = Array.from({ length: count }, (_, index) => (first + index) * stepS);
    const sums = starts.map((start) => this.sumOf(start, stepS));
    const lateness = sums.map(latenessIn);
    const heard = sums.map((sum) => sum.heardS >= Math.min(stepS / 3, ENOUGH_S));
    const rates = (of: "accepted" | "executed" | "cancelled") =>
      sums.map((sum, index) => (heard[index] ? sum[of] / sum.heardS : null));
    return {
      counted: sums.reduce((total, sum) => total + sum.accepted + sum.executed + sum.cancelled, 0),
      endsS: starts.map((start) => Math.min(start + stepS, this.newest)),
      heard,
      accepted: rates("accepted"),
      executed: rates("executed"),
      cancelled: rates("cancelled"),
      p50Us: lateness.map((point) => point.p50Us),
      p99Us: lateness.map((point) => point.p99Us),
      maxUs: lateness.map((point) => point.maxUs),
    };
  }

  /** What the last `seconds` come to; with `asOfUs`, those before that. */
  totals(nowUs: number, seconds: number, asOfUs = Number.POSITIVE_INFINITY): Totals {
    const told = this.seconds(nowUs, seconds, asOfUs);
    const slots = told.filter((second) => this.hears(second)).map(slotOf);
    const sum = (of: Uint32Array | Float64Array) => slots.reduce((total, slot) => total + at(of, slot), 0);
    const accepted = sum(this.accepted);
    const delayed = sum(this.delayed);
    const long = sum(this.longCount);
    const average = sum(this.delaySum) / delayed;
    const variance = Math.max(0, sum(this.delaySquares) / delayed - average ** 2);
    const all = emptySum();
    const first = told[0] ?? this.newest;
    this.addSeconds(all, first, first + told.length);
    const late = latenessIn(all);
    return {
      seconds: slots.length,
      accepted,
      executed: sum(this.executed),
      cancelled: sum(this.cancelled),
      ordersPerS: slots.length === 0 ? null : accepted / slots.length,
      averageUs: delayed === 0 ? null : average,
      deviationUs: delayed === 0 ? null : Math.sqrt(variance),
      long: { count: long, averageUs: long === 0 ? null : sum(this.longSum) / long },
      mixture: this.kinds.mixture,
      lateP50Us: late.p50Us,
      lateP99Us: late.p99Us,
      lateMaxUs: late.maxUs,
    };
  }

  /** The usual execution delays of the last five minutes in the bins of a plot. */
  delays(nowUs: number, bins: PlotBins): DelayHistogram {
    const [counts, beyond] = gather(this.toldDelays(nowUs), bins);
    return { counts, within: counts.reduce((sum, count) => sum + count, 0), beyond };
  }

  /** The delay that the share of orders of the last five minutes does not exceed, within 2.5 %; null without orders. */
  delayReachUs(nowUs: number, share: number): number | null {
    const told = this.toldDelays(nowUs);
    let left = told.reduce((sum, count) => sum + count, 0) * share;
    if (left === 0) return null;
    const bin = told.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return fineBinStart(bin + 1);
  }

  private countExecution(slot: number, order: Order): void {
    this.countDelay(slot, order);
    const { closedUs, dueUs } = order;
    if (closedUs !== null && dueUs !== null) this.countLateness(slot, Math.max(0, closedUs - dueUs));
  }

  /** Counts how long an executed order took. */
  private countDelay(slot: number, { acceptedUs, dueUs, closedUs }: Order): void {
    if (acceptedUs === null || closedUs === null) return;
    const us = Math.max(0, closedUs - acceptedUs);
    // Of a mixture all stand together: what is expected of it is drawn of both.
    if (dueUs !== null && !this.kinds.mixture && this.kinds.isLong(dueUs - acceptedUs)) {
      add(this.longCount, slot, 1);
      add(this.longSum, slot, us);
      return;
    }
    const bin = fineBinOf(us);
    add(this.delayed, slot, 1);
    add(this.delaySum, slot, us);
    add(this.delaySquares, slot, us * us);
    if (tally(this.delayBins, slot * FINE_BINS + bin)) add(this.allDelayBins, bin, 1);
  }

  private countLateness(slot: number, us: number): void {
    tally(this.lateBuckets, slot * BUCKETS + bucketOf(us));
    if (us > at(this.lateMax, slot)) this.lateMax[slot] = us;
  }

  /** What is known of a step: of its seconds that have left the ring, and of those in it. */
  private sumOf(startS: number, stepS: number): Sum {
    const sum = emptySum();
    this.coarse.find((ring) => ring.stepS === stepS)?.addTo(sum, startS);
    this.addSeconds(sum, startS, startS + stepS);
    return sum;
  }

  /** Adds what is in the ring of the full seconds from `fromS` to before `toS`. */
  private addSeconds(sum: Sum, fromS: number, toS: number): void {
    const end = Math.min(toS, this.newest);
    for (let second = Math.max(fromS, this.newest - WINDOW_S); second < end; second++) {
      if (!this.hears(second)) continue;
      const slot = slotOf(second);
      sum.heardS += 1;
      sum.accepted += at(this.accepted, slot);
      sum.cancelled += at(this.cancelled, slot);
      if (at(this.executed, slot) === 0) continue;
      sum.executed += at(this.executed, slot);
      sum.lateMaxUs = Math.max(sum.lateMaxUs, at(this.lateMax, slot));
      const start = slot * BUCKETS;
      for (let bucket = 0; bucket < BUCKETS; bucket++) add(sum.late, bucket, at(this.lateBuckets, start + bucket));
    }
  }

  /** The delays of all seconds but the one that runs. */
  private toldDelays(nowUs: number): Uint32Array {
    this.advance(Math.floor(nowUs / 1e6));
    const running = slotOf(this.newest) * FINE_BINS;
    const told = this.gathered.subarray(0, FINE_BINS);
    for (let bin = 0; bin < FINE_BINS; bin++)
      told[bin] = at(this.allDelayBins, bin) - at(this.delayBins, running + bin);
    return told;
  }

  /** The last full seconds before `asOfUs`, the oldest first. */
  private seconds(nowUs: number, seconds: number, asOfUs: number): number[] {
    this.advance(Math.floor(nowUs / 1e6));
    const end = Math.min(this.newest, Math.floor(asOfUs / 1e6));
    return Array.from({ length: seconds }, (_, index) => end - seconds + index);
  }

  /** Whether all is known of a full second, and the ring has it. */
  private hears(second: number): boolean {
    if (second <= this.newest - SLOTS || second < this.oldest || second >= this.silentFrom) return false;
    const slot = slotOf(second);
    const muted = at(this.muted, slot);
    if (muted !== QUIET) return muted === HEARD;
    return at(this.accepted, slot) + at(this.executed, slot) + at(this.cancelled, slot) > 0;
  }

  /** Makes room for a second, and for those before it in which nothing happened. */
  private advance(second: number): void {
    if (this.newest === NEVER) this.newest = this.oldest = second;
    // What is older than the ring tells nothing of it.
    if (second < this.oldest && second > this.newest - SLOTS) this.oldest = second;
    const first = Math.max(this.newest + 1, second - WINDOW_S);
    for (let next = first; next <= second; next++) {
      this.handOn(this.newest - ((((this.newest - next) % SLOTS) + SLOTS) % SLOTS));
      this.expire(next % SLOTS);
    }
    if (second > this.newest) this.newest = second;
  }

  /** Adds a second that leaves the ring to the coarser ones. */
  private handOn(second: number): void {
    if (!this.hears(second)) return;
    const slot = slotOf(second);
    const told = {
      accepted: at(this.accepted, slot),
      executed: at(this.executed, slot),
      cancelled: at(this.cancelled, slot),
      late: this.lateBuckets,
      start: slot * BUCKETS,
      lateMaxUs: at(this.lateMax, slot),
    };
    for (const ring of this.coarse) ring.take(second, told);
  }

  private expire(slot: number): void {
    if (at(this.executed, slot) > 0) {
      const start = slot * FINE_BINS;
      for (let bin = 0; bin < FINE_BINS; bin++) {
        add(this.allDelayBins, bin, -at(this.delayBins, start + bin));
      }
      this.delayBins.fill(0, start, start + FINE_BINS);
      this.lateBuckets.fill(0, slot * BUCKETS, (slot + 1) * BUCKETS);
    }
    for (const counts of [this.accepted, this.executed, this.cancelled, this.delayed, this.longCount]) counts[slot] = 0;
    this.delaySum[slot] = this.delaySquares[slot] = this.longSum[slot] = this.lateMax[slot] = 0;
    this.muted[slot] = HEARD;
  }
}

function latenessIn({ late, lateMaxUs: max }: Sum) {
  const p50Us = bucketPercentile(late, 0, 0.5);
  const p99Us = bucketPercentile(late, 0, 0.99);
  // A bucket's middle may lie above the largest that it counted.
  if (p50Us === null || p99Us === null) return { p50Us, p99Us, maxUs: null };
  return { p50Us: Math.min(p50Us, max), p99Us: Math.min(p99Us, max), maxUs: max };
}

function slotOf(second: number): number {
  return ((second % SLOTS) + SLOTS) % SLOTS;
}

/** Counts one more, where there is room for it. */
function tally(counts: Uint16Array, index: number): boolean {
  const count = at(counts, index);
  counts[index] = Math.min(count + 1, FULL);
  return count < FULL;
}

function at(figures: Uint8Array | Uint16Array | Uint32Array | Float64Array, index: number): number {
  return figures[index] ?? 0;
}

function add(figures: Uint32Array | Float64Array, index: number, more: number): void {
  figures[index] = (figures[index] ?? 0) + more;
}

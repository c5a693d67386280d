// How the venue fares, in one word and its reasons: from the connection and the readings of the last minute. A pure function.

import type { Reading } from "../model/prometheus";
import type { Totals } from "../model/pulse";
import { restarted } from "../model/rates";
import type { Connection } from "./connection";

export interface Health {
  readonly level: "good" | "warn" | "bad";
  /** What is amiss, the worst first; empty where nothing is. */
  readonly reasons: readonly string[];
}

export interface Vitals {
  readonly connection: Connection;
  /** Of the last minute, the oldest first. */
  readonly readings: readonly Reading[];
  /** Of the last minute. */
  readonly totals: Pick<Totals, "lateP99Us">;
}

const LATE_US = 100_000;
/** How many requests may wait for the order book unless the venue says otherwise. */
const MAILBOX = 10_000;
const FREE_BYTES = 2 ** 30;
const FREE_SHARE = 0.05;

export function healthOf({ connection, readings, totals }: Vitals): Health {
  const bad: string[] = [];
  const warn: string[] = [];
  switch (connection.state) {
    case "offline":
      bad.push("The connection is cut.");
      break;
    case "silent":
      bad.push("The venue does not answer.");
      break;
    case "polling":
      warn.push("REST answers, WebSocket does not.");
  }
  if ((totals.lateP99Us ?? 0) >= LATE_US) {
    warn.push(`Of 100 orders one is executed ${Math.round((totals.lateP99Us ?? 0) / 1_000)} ms late or later.`);
  }
  const [first, last] = [readings[0], readings.at(-1)];
  if (last !== undefined) warn.push(...ofReading(last));
  if (first !== undefined && last !== undefined) warn.push(...ofMinute(first, last, readings));
  return { level: bad.length > 0 ? "bad" : warn.length > 0 ? "warn" : "good", reasons: [...bad, ...warn] };
}

function ofReading({ info, mailboxDepth, storeFreeBytes, storeBytes }: Reading): string[] {
  const reasons: string[] = [];
  const mailbox = Number(info?.mailbox ?? MAILBOX) || MAILBOX;
  if (mailboxDepth >= mailbox / 2)
    reasons.push(`${mailboxDepth} requests wait for the order book, of ${mailbox} that may.`);
  if (storeFreeBytes !== null) {
    // The share is of what the data folder can come to.
    const share = storeFreeBytes / (storeFreeBytes + (storeBytes ?? 0));
    if (storeFreeBytes < FREE_BYTES || share < FREE_SHARE) {
      reasons.push(`The data folder's disk has ${Math.round(storeFreeBytes / 1e6)} MB left.`);
    }
  }
  return reasons;
}

function ofMinute(first: Reading, last: Reading, readings: readonly Reading[]): string[] {
  const reasons: string[] = [];
  const before = restarted(first, last) ? null : first;
  const refused = last.refused - (before?.refused ?? 0);
  if (refused > 0) reasons.push(`${refused} requests were refused in the last minute: too many waited.`);
  const dropped = sum(last.dropped) - (before === null ? 0 : sum(before.dropped));
  if (dropped > 0) reasons.push(`${dropped} subscribers were dropped in the last minute.`);
  if (rises(readings.map(({ unconfirmed }) => unconfirmed))) {
    reasons.push(`${last.unconfirmed} changes wait for the data folder, and ever more.`);
  }
  return reasons;
}

/** So many readings that each are no less than the one before, and the last is more than the first. */
const RISING = 5;

function rises(figures: readonly number[]): boolean {
  const newest = figures.slice(-RISING);
  if (newest.length < RISING) return false;
  return newest.every((figure, at) => figure >= (newest[at - 1] ?? 0)) && (newest.at(-1) ?? 0) > (newest[0] ?? 0);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

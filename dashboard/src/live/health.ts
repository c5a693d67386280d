// How the venue fares, in one word and its reasons, and which figures are to be marked for it: from the connection and the
// readings of the last minute. A pure function.

import type { Reading } from "../model/prometheus";
import type { Totals } from "../model/pulse_figures";
import { restarted } from "../model/rates";
import type { Connection } from "./connection";

/** A figure that may be beyond what is sane. */
export type Ailment = "late" | "mailbox" | "refused" | "dropped" | "unconfirmed" | "backlog" | "disk";

export interface Health {
  readonly level: "good" | "warn" | "bad";
  /** What is amiss, the worst first; empty where nothing is. */
  readonly reasons: readonly string[];
  /** The word to be set beside each figure that is amiss. */
  readonly marks: Readonly<Partial<Record<Ailment, string>>>;
}

/** What is amiss with a figure: its word, and a sentence. */
interface Finding {
  readonly of: Ailment;
  readonly mark: string;
  readonly reason: string;
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
/** What a subscriber lets gather unread before it is cut off. */
export const BACKLOG_LIMIT = 768 * 1024;

export function healthOf({ connection, readings, totals }: Vitals): Health {
  const bad: string[] = [];
  const warn: string[] = [];
  const found: Finding[] = [];
  switch (connection.state) {
    case "offline":
      bad.push("The connection is cut.");
      break;
    case "silent":
      bad.push("The venue does not answer.");
      break;
    case "gone":
      bad.push("The server has no such venue.");
      break;
    case "polling":
      warn.push("REST answers, WebSocket does not.");
  }
  if ((totals.lateP99Us ?? 0) >= LATE_US) {
    const reason = `Of 100 orders one is executed ${Math.round((totals.lateP99Us ?? 0) / 1_000)} ms late or later.`;
    found.push({ of: "late", mark: "late", reason });
  }
  const [first, last] = [readings[0], readings.at(-1)];
  if (last !== undefined) found.push(...ofReading(last));
  if (first !== undefined && last !== undefined) found.push(...ofMinute(first, last, readings));
  warn.push(...found.map(({ reason }) => reason));
  return {
    level: bad.length > 0 ? "bad" : warn.length > 0 ? "warn" : "good",
    reasons: [...bad, ...warn],
    marks: Object.fromEntries(found.map(({ of, mark }) => [of, mark])),
  };
}

/** How far the subscriber is behind that is furthest behind, in bytes; 0 where none is. */
export function largestBacklog({ backlog }: Reading): number {
  return backlog.reduce((most, { value }) => Math.max(most, value), 0);
}

function ofReading(reading: Reading): Finding[] {
  const { info, mailboxDepth, storeFreeBytes, storeBytes } = reading;
  const found: Finding[] = [];
  const mailbox = Number(info?.mailbox ?? MAILBOX) || MAILBOX;
  if (mailboxDepth >= mailbox / 2) {
    const reason = `${mailboxDepth} requests wait for the order book, of ${mailbox} that may.`;
    found.push({ of: "mailbox", mark: "half full", reason });
  }
  const behind = largestBacklog(reading);
  if (behind >= BACKLOG_LIMIT / 2) {
    const reason = `A subscriber is ${Math.round(behind / 1024)} KiB behind, and is cut off at ${BACKLOG_LIMIT / 1024}.`;
    found.push({ of: "backlog", mark: "half full", reason });
  }
  if (storeFreeBytes !== null) {
    // The share is of what the data folder can come to.
    const share = storeFreeBytes / (storeFreeBytes + (storeBytes ?? 0));
    if (storeFreeBytes < FREE_BYTES || share < FREE_SHARE) {
      const reason = `The data folder's disk has ${Math.round(storeFreeBytes / 1e6)} MB left.`;
      found.push({ of: "disk", mark: "low", reason });
    }
  }
  return found;
}

function ofMinute(first: Reading, last: Reading, readings: readonly Reading[]): Finding[] {
  const found: Finding[] = [];
  const rising = (of: Ailment, reason: string) => found.push({ of, mark: "rising", reason });
  const before = restarted(first, last) ? null : first;
  const refused = last.refused - (before?.refused ?? 0);
  if (refused > 0) rising("refused", `${refused} requests were refused in the last minute: too many waited.`);
  const dropped = sum(last.dropped) - (before === null ? 0 : sum(before.dropped));
  if (dropped > 0) rising("dropped", `${dropped} subscribers were dropped in the last minute.`);
  if (rises(readings.map(({ unconfirmed }) => unconfirmed))) {
    rising("unconfirmed", `${last.unconfirmed} changes wait for the data folder, and ever more.`);
  }
  return found;
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

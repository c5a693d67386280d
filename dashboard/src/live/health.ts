// What of a venue is beyond what is sane, each with its word. The rules stand here only: whoever shows a figure asks here
// whether it is to be marked. Reads figures; knows neither how they came nor how a mark looks.

import type { Reading } from "../model/prometheus";
import { restarted } from "../model/rates";

export type Ailment =
  | "late"
  | "mailbox"
  | "refused"
  | "dropped"
  | "unconfirmed"
  | "backlog"
  | "disk"
  /** Wanted, but slow: whoever does not know of it takes the venue for broken. */
  | "route delay";

/** What is wrong, and the word for it. */
export type Health = Readonly<Partial<Record<Ailment, string>>>;

const LATE_US = 100_000;
/** As many requests as may wait unless `--mailbox` says otherwise; the venue does not tell. */
const MAILBOX = 10_000;
/** What a subscriber lets gather unread before it is cut off. */
export const BACKLOG_LIMIT = 768 * 1024;
const DISK_LOW = 1024 ** 3;
/** Changes on their way to the disk come and go: they rise where so many readings are all above those before them. */
const RISING_OVER = 5;
const RISING_BY = 10;

/** `readings` are of the last minute, the oldest first; lateness is the 99th percentile of the same. */
export function healthOf(readings: readonly Reading[], lateP99Us: number | null): Health {
  const health: Partial<Record<Ailment, string>> = {};
  if (lateP99Us !== null && lateP99Us >= LATE_US) health.late = "late";
  const [first, now] = [readings[0], readings.at(-1)];
  if (first === undefined || now === undefined) return health;
  // After a restart all is counted from zero: what there is, is new.
  const base = restarted(first, now) ? null : first;
  if (now.mailboxDepth >= MAILBOX / 2) health.mailbox = "half full";
  if (now.refused > (base?.refused ?? 0)) health.refused = "rising";
  if (dropped(now) > (base === null ? 0 : dropped(base))) health.dropped = "rising";
  if (isRising(readings.map(({ unconfirmed }) => unconfirmed))) health.unconfirmed = "rising";
  if (largestBacklog(now) >= BACKLOG_LIMIT / 2) health.backlog = "half full";
  if (now.storeFreeBytes !== null && now.storeFreeBytes < DISK_LOW) health.disk = "disk low";
  if (now.info !== null && !["", "none"].includes(now.info.routeDelay)) health["route delay"] = "slowed";
  return health;
}

/** How far the subscriber is behind that is furthest behind, in bytes; 0 where none is. */
export function largestBacklog({ backlog }: Reading): number {
  return backlog.reduce((most, { value }) => Math.max(most, value), 0);
}

function dropped(reading: Reading): number {
  return Object.values(reading.dropped).reduce((sum, times) => sum + times, 0);
}

function isRising(figures: readonly number[]): boolean {
  const [before, newest] = [figures.slice(0, -RISING_OVER), figures.slice(-RISING_OVER)];
  return before.length >= RISING_OVER && Math.min(...newest) >= Math.max(...before) + RISING_BY;
}

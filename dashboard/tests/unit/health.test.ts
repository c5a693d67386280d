import { expect, test } from "vitest";
import type { Connection } from "../../src/live/connection";
import { healthOf, type Vitals } from "../../src/live/health";
import { readMetrics } from "../../src/model/prometheus";

const LIVE: Connection = { state: "live" };

/** Readings two seconds apart, of these texts. */
const readings = (...texts: string[]) => texts.map((text, at) => readMetrics(text, at * 2_000));

const health = (vitals: Partial<Vitals>) =>
  healthOf({ connection: LIVE, readings: [], totals: { lateP99Us: 3_000 }, ...vitals });

test("a venue of which nothing bad is known is well", () => {
  expect(health({})).toEqual({ level: "good", reasons: [], marks: {} });
  const calm = "tradepit_mailbox_depth 3\ntradepit_mailbox_refused_total 9\ntradepit_store_unconfirmed 5";
  expect(health({ readings: readings(calm, calm, calm, calm, calm, calm) }).level).toBe("good");
  expect(health({ connection: { state: "catching up" }, totals: { lateP99Us: null } }).level).toBe("good");
});

test.each([
  [{ state: "offline", retryMs: 0 }, "bad", "The connection is cut."],
  [{ state: "silent", sinceMs: 0 }, "bad", "The venue does not answer."],
  [{ state: "polling", retryMs: 0 }, "warn", "REST answers, WebSocket does not."],
] as const)("a connection that is %j is %s", (connection, level, reason) => {
  expect(health({ connection })).toEqual({ level, reasons: [reason], marks: {} });
});

test("the worst comes first, and decides", () => {
  const { level, reasons } = health({ connection: { state: "silent", sinceMs: 0 }, totals: { lateP99Us: 100_000 } });
  expect([level, reasons[0], reasons.length]).toEqual(["bad", "The venue does not answer.", 2]);
});

test.each([
  ["lateness", { totals: { lateP99Us: 100_000 } }, /100 ms late/],
  ["a mailbox half full", { readings: readings("tradepit_mailbox_depth 5000") }, /5000 requests wait/],
  [
    "a mailbox half full, of a venue that says how much goes in",
    { readings: readings('tradepit_venue_info{mailbox="10"} 1\ntradepit_mailbox_depth 5') },
    /5 requests wait .* of 10/,
  ],
  [
    "refusals",
    { readings: readings("tradepit_mailbox_refused_total 1", "tradepit_mailbox_refused_total 3") },
    /^2 requests/,
  ],
  [
    "refusals since a restart",
    { readings: readings("tradepit_mailbox_refused_total 5", "tradepit_mailbox_refused_total 3") },
    /^3 requests/,
  ],
  [
    "dropped subscribers",
    { readings: readings("", 'tradepit_subscribers_dropped_total{reason="slow"} 1') },
    /1 subscribers were dropped/,
  ],
  [
    "more and more that is not confirmed",
    { readings: readings(...[0, 1, 4, 4, 9].map((count) => `tradepit_store_unconfirmed ${count}`)) },
    /9 changes wait/,
  ],
  ["little room on the disk", { readings: readings("tradepit_store_free_bytes 900000000") }, /900 MB left/],
  [
    "a small share left of the disk",
    { readings: readings("tradepit_store_free_bytes 4e9\ntradepit_store_bytes 96e9") },
    /4000 MB left/,
  ],
  ["a subscriber that is far behind", { readings: readings("tradepit_subscriber_backlog_bytes 393216") }, /384 KiB/],
] as const)("%s is a warning", (_, vitals, reason) => {
  const { level, reasons } = health(vitals);
  expect([level, reasons.length]).toEqual(["warn", 1]);
  expect(reasons[0]).toMatch(reason);
});

test("figures that are amiss are marked, each with its word, and no others", () => {
  const texts = [0, 1, 2, 3, 9].map(
    (count) =>
      `tradepit_store_unconfirmed ${count}\ntradepit_mailbox_refused_total ${count}\ntradepit_mailbox_depth 6000`,
  );
  const { marks } = health({ readings: readings(...texts), totals: { lateP99Us: 200_000 } });
  expect(marks).toEqual({ late: "late", mailbox: "half full", refused: "rising", unconfirmed: "rising" });
  const near = readings('tradepit_subscriber_backlog_bytes{subscriber="1"} 393215\ntradepit_mailbox_depth 4999');
  expect(health({ readings: near, totals: { lateP99Us: 99_999 } }).marks).toEqual({});
});

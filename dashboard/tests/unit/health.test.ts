import { expect, it } from "vitest";
import { healthOf } from "../../src/live/health";
import { type Reading, readMetrics } from "../../src/model/prometheus";

const reading = (text: string, atMs = 0): Reading => readMetrics(text, atMs);

it("nothing is wrong with a venue that fares well, or that was not read", () => {
  expect(healthOf([], null)).toEqual({});
  expect(healthOf([reading("tradepit_mailbox_depth 4999"), reading("tradepit_mailbox_depth 4999")], 99_999)).toEqual(
    {},
  );
});

it.each([
  ["tradepit_mailbox_depth 5000", { mailbox: "half full" }],
  ["tradepit_store_free_bytes 1e9", { disk: "disk low" }],
  ["tradepit_store_free_bytes 2e9", {}],
  ['tradepit_subscriber_backlog_bytes{subscriber="2"} 393216', { backlog: "half full" }],
  ['tradepit_subscriber_backlog_bytes{subscriber="2"} 393215', {}],
  ['tradepit_venue_info{route_delay="1s..2s"} 1', { "route delay": "slowed" }],
  ['tradepit_venue_info{route_delay="none"} 1', {}],
])("a reading with %s: %j", (text, told) => {
  expect(healthOf([reading(text)], null)).toEqual(told);
});

it("orders that are 100 ms late are late", () => {
  expect(healthOf([], 100_000)).toEqual({ late: "late" });
});

it("what was refused or dropped counts while it rises, and not for ever", () => {
  const [before, now] = ["tradepit_mailbox_refused_total 1", "tradepit_mailbox_refused_total 2"].map((text) =>
    reading(`${text}\ntradepit_subscribers_dropped_total{reason="slow"} ${text.endsWith("1") ? 3 : 4}`),
  ) as [Reading, Reading];
  expect(healthOf([before, now], null)).toEqual({ refused: "rising", dropped: "rising" });
  expect(healthOf([now, now], null)).toEqual({});
});

it("after a restart all that was refused is new", () => {
  const before = reading("tradepit_start_time_seconds 1\ntradepit_mailbox_refused_total 9");
  const now = reading("tradepit_start_time_seconds 2\ntradepit_mailbox_refused_total 1");
  expect(healthOf([before, now], null)).toEqual({ refused: "rising" });
});

it("unconfirmed changes rise where all the newest readings are above all before them", () => {
  const readings = (figures: number[]) => figures.map((figure) => reading(`tradepit_store_unconfirmed ${figure}`));
  const calm = [0, 3, 900, 0, 2, 5];
  expect(healthOf(readings([...calm, 950, 920, 990, 1200, 1500]), null)).toEqual({ unconfirmed: "rising" });
  expect(healthOf(readings([...calm, 950, 0, 990, 1200, 1500]), null)).toEqual({});
  expect(healthOf(readings([950, 920, 990, 1200, 1500]), null)).toEqual({});
});

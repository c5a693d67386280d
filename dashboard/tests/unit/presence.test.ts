import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settle } from "../../src/api/here";
import { Presence } from "../../src/live/presence";

const METRICS = `tradepit_venue_info{version="1.2",delay="1s",route_delay="none",mailbox="100"} 1
tradepit_orders_open 17
tradepit_mailbox_depth 3
tradepit_rejects_total 4
tradepit_http_request_duration_seconds_count{route="/orders",method="GET",code="200"} 5`;

const VENUE = {
  ...{ name: "ci-42", instance: "0a1b2c3d-0000-4000-8000-000000000000", seed: 42, delay: "1h", long_delay: "5s" },
  ...{ durable: false, made_at: "2026-11-22T08:00:00.000000Z" },
  counts: { orders: 9, open: 2, executed: 6, cancelled: 1, subscribers: 3 },
};

/** What the server answers when it is asked for the venue; null where it does not. */
let venue: Response | null;
let asked: string[];
let told: string[];

const presence = () =>
  new Presence({ gone: (words) => void told.push(words), another: () => void told.push("another") });
const missing = () => Response.json({ detail: "Venue not found" }, { status: 404 });

beforeEach(() => {
  [asked, told, venue] = [[], [], null];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (path === "metrics") return new Response(METRICS, { headers: { date: "Sun, 22 Nov 2026 09:00:00 GMT" } });
    if (venue === null) throw new Error("refused");
    return venue.clone();
  });
});

afterEach(() => {
  settle("main");
  vi.unstubAllGlobals();
});

test("main is what the metrics tell", async () => {
  const answer = await presence().read();
  expect(asked).toEqual(["metrics"]);
  expect(answer).toMatchObject({
    ok: true,
    value: { open: 17, mailboxDepth: 3, machineMs: Date.UTC(2026, 10, 22, 9), info: { delay: "1s" } },
  });
});

test("a venue that was made is what it tells of itself, and none of what is main's", async () => {
  settle("ci-42");
  venue = Response.json(VENUE);
  const answer = await presence().read();
  expect(asked).toEqual(["metrics", "venues/ci-42"]);
  expect(answer).toMatchObject({
    ok: true,
    value: {
      ...{ venueId: VENUE.instance, startedMs: Date.UTC(2026, 10, 22, 8), subscribers: 3, open: 2, mailboxDepth: 0 },
      ...{ rejected: null, orders: { accepted: 9, executed: 6, cancelled: 1 } },
      info: { version: "1.2", delay: "1h", longDelay: "5s", seed: "42", mailbox: "100", durable: false },
      requests: [{ route: "/orders", count: 5 }],
    },
  });
});

test("a venue that goes is told of once, and one that has its name after that is another one", async () => {
  settle("ci-42");
  const one = presence();
  venue = Response.json(VENUE);
  await one.read();
  venue = missing();
  expect(await one.read()).toMatchObject({ ok: false, refusal: { status: 404 } });
  await one.read();
  expect(told).toEqual([expect.stringMatching(/^There is no venue ci-42: .* What is shown is what was seen of it\./)]);
  venue = Response.json(VENUE);
  await one.read();
  await one.read();
  expect(told.slice(1)).toEqual(["another"]);
});

test("a venue that never was is told of, and one that cannot be asked for is not", async () => {
  settle("ci-42");
  const one = presence();
  await one.read();
  expect(told).toEqual([]);
  venue = missing();
  await one.read();
  expect(told).toEqual([expect.stringMatching(/or never was\. Its menu above has the others\.$/)]);
});

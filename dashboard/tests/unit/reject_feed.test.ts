import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RejectFeed } from "../../src/live/reject_feed";
import { readMetrics } from "../../src/model/prometheus";
import { reject } from "./support";

const reading = (rejects: string, more = "") => readMetrics(`tradepit_venue_info{version="1"${rejects}} 1\n${more}`, 0);
const wire = (number: number) => ({ ...reject(number), at: `2026-11-22T08:00:00.${String(number).padStart(6, "0")}Z` });

let answers: Response[] = [];
let asked = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  [answers, asked] = [[], 0];
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    return answers.shift() ?? Promise.reject(new Error("away"));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = () => vi.advanceTimersByTimeAsync(0);

test("a venue that says nothing of rejects is not asked for them", async () => {
  const feed = new RejectFeed();
  expect(feed.all()).toEqual({ kind: "asking" });
  feed.met(reading(""));
  await settled();
  expect([feed.all().kind, asked]).toEqual(["none", 0]);
});

test("a venue that counts its rejects is asked for them; one that keeps none is not", async () => {
  const feed = new RejectFeed();
  answers = [Response.json([wire(1)])];
  feed.met(reading("", "tradepit_rejects_total 1"));
  await settled();
  expect(feed.all()).toMatchObject({ kind: "known", all: [{ number: 1 }] });

  const none = new RejectFeed();
  none.met(reading(',rejects="0"', "tradepit_rejects_total 1"));
  await settled();
  expect([none.all().kind, asked]).toEqual(["none", 1]);
});

test("the list is asked for once, and again at most once a second after a gap", async () => {
  const feed = new RejectFeed();
  answers = [Response.json([wire(2), wire(1)]), Response.json([wire(6), wire(5), wire(4)])];
  feed.met(reading(',rejects="1000"'));
  await settled();
  expect(feed.all()).toMatchObject({ kind: "known", all: [{ number: 2 }, { number: 1 }] });
  for (const number of [4, 6]) feed.add(reject(number));
  feed.show();
  await settled();
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBe(2);
});

test("a venue without the route has none, and one that does not answer is asked again", async () => {
  const feed = new RejectFeed();
  feed.met(reading(',rejects="1000"'));
  await settled();
  expect([feed.all().kind, asked]).toEqual(["asking", 1]);
  answers = [Response.json({ detail: "Not Found" }, { status: 404 })];
  await vi.advanceTimersByTimeAsync(1_000);
  expect([feed.all().kind, asked]).toEqual(["none", 2]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toBe(2);
});

test("a flood is told at most four times a second, to its end", async () => {
  const feed = new RejectFeed();
  answers = [Response.json([wire(1)])];
  feed.met(reading(',rejects="1000"'));
  await settled();
  const first = feed.all();
  for (let number = 2; number <= 100; number += 1) {
    feed.add(reject(number));
    feed.show();
  }
  expect(feed.all()).toBe(first);
  await vi.advanceTimersByTimeAsync(250);
  expect(feed.all()).toMatchObject({ kind: "known", all: { length: 100, 0: { number: 100 } } });
});

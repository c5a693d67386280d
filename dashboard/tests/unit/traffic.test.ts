import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FromWorker, Settings } from "../../src/live/traffic/messages";
import { Placing, UNANSWERED_ORDERS } from "../../src/live/traffic/placing";
import { Achieved, Schedule } from "../../src/live/traffic/schedule";

const ALL = Number.POSITIVE_INFINITY;

describe("a schedule", () => {
  test("owes what its rate says, however seldom it is looked at", () => {
    for (const step of [3, 250, 1_000, 1_999]) {
      const schedule = new Schedule(25, 0);
      let taken = schedule.take(0, ALL);
      expect(taken).toBe(1);
      for (let now = step; now <= 60_000; now += step) taken += schedule.take(now, ALL);
      expect(Math.abs(taken - 60 * 25)).toBeLessThanOrEqual(1 + (25 * step) / 1_000);
    }
  });

  test("keeps what there was no room for, but for what is long past", () => {
    const schedule = new Schedule(100, 0);
    expect(schedule.take(0, ALL)).toBe(1);
    expect([schedule.take(1_000, 40), schedule.take(1_000, 40), schedule.take(1_000, 40)]).toEqual([40, 40, 20]);
    expect(schedule.take(60_000, ALL)).toBe(200);
    schedule.skip(70_000);
    expect(schedule.take(70_000, ALL)).toBe(0);
  });

  test("says when the next is due, and follows another rate at once", () => {
    const schedule = new Schedule(1, 0);
    schedule.take(0, ALL);
    expect(schedule.waitMs(400)).toBe(600);
    schedule.turn(100, 400);
    expect(schedule.waitMs(400)).toBe(0);
    expect(schedule.take(410, ALL)).toBe(2);
    schedule.turn(1, 410);
    expect(schedule.waitMs(410)).toBe(1_000);
  });
});

test("the achieved rate is that of the last five full seconds", () => {
  const achieved = new Achieved(0);
  for (let now = 0; now < 10_000; now += 100) achieved.add(now);
  expect(achieved.perSecond(10_000)).toBe(10);
  expect(achieved.perSecond(12_000)).toBe(6);
  expect(achieved.perSecond(60_000)).toBe(0);
  expect(new Achieved(700).perSecond(900)).toBe(0);
});

describe("traffic", () => {
  let asked: { url: string; request: RequestInit }[] = [];
  let told: FromWorker[] = [];
  let placing: Placing | null = null;
  /** What the venue does with an order. */
  let answer: () => Promise<Response>;
  const mix = { symbols: ["A", "B"], longShare: 0, cancelledShare: 0 };

  beforeEach(() => {
    vi.useFakeTimers();
    [asked, told] = [[], []];
    answer = async () => Response.json({ id: "an-id" });
    vi.stubGlobal("fetch", (url: string, request: RequestInit) => {
      asked.push({ url, request });
      return answer();
    });
  });

  afterEach(() => {
    placing?.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const begin = (settings: Partial<Settings> = {}) => {
    placing = new Placing("http://venue/pit/orders", "k3x", { rate: 25, mix, ...settings }, (message) =>
      told.push(message),
    );
  };
  const bodies = () => asked.map(({ request }) => JSON.parse(String(request.body)));
  const last = () => told.at(-1);

  test("places orders under names of its own, at its rate, and tells the rate that it achieves", async () => {
    begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Math.abs(asked.length - 250)).toBeLessThanOrEqual(2);
    expect(asked[0]?.url).toBe("http://venue/pit/orders");
    expect(
      bodies()
        .slice(0, 2)
        .map((body) => body.client_order_id),
    ).toEqual(["demo/k3x-1", "demo/k3x-2"]);
    expect(new Set(bodies().map((body) => body.stoks))).toEqual(new Set(["A", "B"]));
    expect(last()).toMatchObject({ type: "report", achieved: expect.closeTo(25, 0), answered: true });
  });

  test("orders are long pending, and cancelled, as the mix says", async () => {
    begin({ mix: { symbols: ["A"], longShare: 1, cancelledShare: 1 }, rate: 5 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked[0]?.request.headers).toMatchObject({ "long-pending": "true" });
    expect(asked.find(({ request }) => request.method === "DELETE")?.url).toBe("http://venue/pit/orders/an-id");
  });

  test("a venue that does not keep up is not flooded, and gets what is owed of late", async () => {
    const waiting: ((reply: Response) => void)[] = [];
    answer = () => new Promise((reply) => waiting.push(reply));
    begin({ rate: 100 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(UNANSWERED_ORDERS);
    answer = async () => Response.json({ id: "an-id" });
    for (const reply of waiting.splice(0)) reply(Response.json({ id: "an-id" }));
    await vi.advanceTimersByTimeAsync(100);
    expect(asked.length).toBeGreaterThan(150);
    expect(asked.length).toBeLessThan(250);
  });

  test("where nobody answers it waits, tries now and then, and goes on by itself without making up", async () => {
    const away = () => Promise.reject(new Error("away"));
    answer = away;
    begin({ rate: 100 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length).toBeLessThan(20);
    expect(last()).toMatchObject({ type: "report", answered: false });
    answer = async () => Response.json({ detail: "Bad Gateway" }, { status: 502 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(last()).toMatchObject({ answered: false });
    answer = async () => Response.json({ id: "an-id" });
    await vi.advanceTimersByTimeAsync(1_100);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Math.abs(asked.length - before - 100)).toBeLessThanOrEqual(2);
  });

  test("a venue that starts anew between two orders is waited for", async () => {
    begin({ rate: 100 });
    await vi.advanceTimersByTimeAsync(1_000);
    const detail = "The server is starting: it reads what it has stored";
    answer = async () => Response.json({ detail }, { status: 503 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(last()).toMatchObject({ type: "report", answered: false });
    answer = async () => Response.json({ id: "an-id" });
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.length - before).toBeGreaterThan(80);
  });

  test("it ends where the venue refuses, and says why", async () => {
    answer = async () => Response.json({ detail: "The order book is full" }, { status: 503 });
    begin();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(last()).toEqual({ type: "refused", message: "The order book is full" });
    const placed = asked.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(placed);
  });
});

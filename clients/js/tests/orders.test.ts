// A venue's orders, in time that stands still until it is told to go on.

import { type Order, Refused, type Settings, type Venue } from "tradepit";
import { test, testWith } from "tradepit/vitest";
import { describe, expect } from "vitest";

const START = { start: "2026-01-05T14:30:00Z" };
const STILL: Settings = { clock: START, market: "frozen" };
const still = testWith(STILL);

/** What a request is refused with. */
async function refused(request: Promise<unknown>): Promise<Refused> {
  const error = await request.then(
    () => expect.fail("it was not refused"),
    (error: unknown) => error,
  );
  if (!(error instanceof Refused)) throw error;
  return error;
}

still("an order is pending until its time has come", async ({ venue }) => {
  const order = await venue.place("EURUSD", 123);
  expect(order).toMatchObject({ status: "PENDING", quantity: 123, stoks: "EURUSD" });
  expect(order.accepted_at).toBe("2026-01-05T14:30:00.000000Z");
  expect(await venue.clock()).toMatchObject({ now: order.accepted_at, mode: "frozen", next: order.due_at });

  const due = order.due_at ?? "";
  const shortOf = due.replace(/\d{3}Z$/, "000Z");
  expect(shortOf < due).toBe(true);
  expect(await venue.advance({ to: new Date(shortOf) })).toMatchObject({ now: shortOf, changes: 0 });
  expect((await venue.order(order.id)).status).toBe("PENDING");

  expect((await venue.advance({ to: due })).now).toBe(due);
  expect(await venue.order(order.id)).toMatchObject({ status: "EXECUTED", closed_at: due });
});

still("a copy goes on beside the venue that it was made of", async ({ venue }) => {
  const order = await venue.place("EURUSD", 5);
  const copy = await venue.copy({ delay: "1ms" });
  try {
    expect(await copy.order(order.id)).toEqual(order);
    await copy.advance({ by: "1h" });
    expect((await copy.order(order.id)).status).toBe("EXECUTED");
    expect((await venue.order(order.id)).status).toBe("PENDING");
    const later = await copy.place("EURUSD", 6);
    expect(later.due_at).toBe("2026-01-05T15:30:00.001000Z");
  } finally {
    await copy.remove();
  }
  expect((await refused(copy.orders())).status).toBe(404);
  expect((await venue.orders()).map(({ id }) => id)).toEqual([order.id]);
});

still("an advance goes to what happens next", async ({ venue }) => {
  const orders: Order[] = [];
  for (const quantity of [1, 2, 3]) orders.push(await venue.place("EURUSD", quantity));
  for (const due of orders.map(({ due_at }) => due_at).sort())
    expect((await venue.advance({ events: 1 })).now).toBe(due);
  expect(new Set((await venue.orders()).map(({ status }) => status))).toEqual(new Set(["EXECUTED"]));
});

testWith({ ...STILL, delay: "none" })("a limit order fills when the market comes to it", async ({ venue }) => {
  const terms = { qty: 1000n, side: "buy", type: "limit", limit_price: "1.05000" } as const;
  const { id } = await venue.place("EURUSD", terms);
  await venue.advance({ by: "1ms" });
  expect((await venue.order(id)).state).toBe("new");

  const quote = await venue.quote("EURUSD", { bid: "1.04980", ask: 1.0499 });
  expect(quote).toMatchObject({ bid: "1.04980", ask: "1.04990" });
  expect(await venue.order(id)).toMatchObject({ state: "filled", filled_qty: "1000", average_price: "1.05000" });
});

still("a cancelled order is never executed", async ({ venue }) => {
  const { id } = await venue.place("EURUSD", 5, { longPending: true });
  await venue.advance({ by: "4s" });
  await venue.cancel(id);
  await venue.advance({ by: "1h" });
  expect((await venue.order(id)).status).toBe("CANCELLED");
});

still("an order with a key is placed once", async ({ venue }) => {
  const place = () => venue.place("EURUSD", 5, { idempotencyKey: "7f3a" });
  expect((await place()).id).toBe((await place()).id);
  expect(await venue.orders()).toHaveLength(1);
});

testWith({ ...STILL, delay: "none", accounts: [{ id: "bot", cash: { USD: 5000 } }] })(
  "an account pays for what it buys",
  async ({ venue }) => {
    expect((await venue.account("bot")).cash).toEqual({ USD: "5000" });
    await venue.quote("EURUSD", { bid: "1.0999", ask: "1.1000" });
    await venue.place("EURUSD", { qty: 1000, account: "bot" });
    await venue.advance({ by: "1ms" });
    expect(Number((await venue.account("bot")).cash.USD)).toBe(5000 - 1100);
    expect((await venue.account()).id).toBe("default");
  },
);

still("lists are whole and can be narrowed", async ({ venue }) => {
  const hundred = Array.from({ length: 100 }, () => ({ place: { stoks: "EURUSD", quantity: 1 } }));
  for (let times = 0; times < 12; times += 1) await venue.request("POST", "/batch", hundred);
  const last = await venue.place("GBPUSD", { quantity: 7, side: "sell", client_order_id: "bot-7/42" });
  const listed = await venue.orders();
  expect([listed.length, listed.at(-1)?.id]).toEqual([1201, last.id]);
  expect(new Set(listed.map(({ id }) => id)).size).toBe(1201);
  expect((await venue.orders({ order: "desc" }))[0]?.id).toBe(last.id);
  for (const filter of [{ stoks: "GBPUSD" }, { side: "sell" }, { client_order_id: "bot-7/42" }] as const)
    expect((await venue.orders(filter)).map(({ id }) => id)).toEqual([last.id]);
  expect(await venue.orders({ status: "CANCELLED" })).toEqual([]);
});

test("equal seeds make equal orders", async ({ tradepitServer }) => {
  const history = async (seed: number) => {
    const venue = await tradepitServer.venue({ seed, clock: START });
    for (const quantity of [1, 2, 3, 4, 5]) await venue.place("EURUSD", quantity);
    await venue.advance({ by: "1s" });
    const orders = await venue.orders();
    await venue.remove();
    return orders;
  };
  const one = await history(42);
  expect(await history(42)).toEqual(one);
  const ids = new Set(one.map(({ id }) => id));
  expect((await history(43)).filter(({ id }) => ids.has(id))).toEqual([]);
});

testWith({ ...STILL, seed: 42, accounts: [{ id: "bot", cash: { USD: 5000 } }] })(
  "a reset begins anew",
  async ({ venue }) => {
    const { instance } = venue.info;
    const before = await venue.place("EURUSD", 5);
    await venue.advance({ by: "1h" });
    expect((await venue.reset()).instance).not.toBe(instance);
    expect(await venue.orders()).toEqual([]);
    expect(await venue.place("EURUSD", 5)).toEqual(before);
    expect((await venue.reset({ seed: 43, keep: ["accounts"] })).seed).toBe(43);
    expect(venue.seed).toBe(43);
    expect((await venue.place("EURUSD", 5)).id).not.toBe(before.id);
  },
);

still("what is refused is told in words", async ({ venue }) => {
  const order = await refused(venue.place("EUR USD", { quantity: 0, type: "limit" }));
  expect(order.status).toBe(422);
  expect(order.faults.map(({ place }) => place)).toEqual(["body.symbol", "body.quantity", "body.limit_price"]);
  expect(order.message).toContain("body.limit_price: Field required");
  expect((await refused(venue.order("none"))).message).toMatch(/^GET http:.*\/orders\/none: 404: Order not found$/);
});

still("time never goes back", async ({ venue }) => {
  expect((await refused(venue.advance({ to: new Date("2026-01-05") }))).message).toContain("time never goes back");
  expect((await venue.clock()).now).toBe("2026-01-05T14:30:00.000000Z");
});

test("a real clock is advanced by nobody", async ({ venue }) => {
  expect(await refused(venue.advance({ by: "1h" }))).toMatchObject({ status: 409, code: "clock_is_real" });
});

still("what JSON has no word for is not sent", async ({ venue }) => {
  await expect(venue.place("EURUSD", { limit_price: Number.NaN })).rejects.toThrow("limit_price: NaN cannot be sent");
  expect(await venue.orders()).toEqual([]);
});

describe("two venues", () => {
  const frozen = testWith({ clock: "frozen" });

  frozen("know nothing of each other", async ({ tradepitServer, venue }) => {
    const other: Venue = await tradepitServer.venue({ clock: "frozen" });
    const { id } = await venue.place("EURUSD", 5);
    expect(await other.orders()).toEqual([]);
    await other.advance({ by: "1h" });
    expect((await venue.order(id)).status).toBe("PENDING");
    await other.remove();
    await other.remove();
    expect((await refused(other.orders())).message).toContain("404: Venue not found");
  });
});

// What is made to happen on purpose: rules for orders, faults of requests and streams, and acts by hand.

import { Closed, NoAnswer, Refused } from "tradepit";
import { testWith } from "tradepit/vitest";
import { expect } from "vitest";

const still = testWith({ clock: { start: "2026-01-05T14:30:00Z" }, market: "frozen", delay: "250ms", seed: 42 });

still("a rule decides what becomes of an order, and counts", async ({ venue }) => {
  expect(await venue.rules()).toEqual([]);
  const reject = "insufficient margin";
  await venue.rules([
    { name: "the second", match: { side: "buy", nth: 2 }, do: { reject } },
    { match: { client_order_id: "slow-*" }, do: { delay: "5s" }, times: 1 },
  ]);
  await venue.place("EURUSD", { quantity: 5, client_order_id: "slow-1" });
  await expect(venue.place("EURUSD", { quantity: 5, side: "buy" })).rejects.toThrow(`403: ${reject}`);
  await expect(venue.place("EURUSD", 5)).resolves.toMatchObject({ status: "PENDING" });
  await venue.advance({ by: "1s" });
  const orders = await venue.orders();
  expect(orders.map(({ status }) => status)).toEqual(["PENDING", "EXECUTED"]);
  const standing = await venue.rules();
  expect(standing.map(({ name, used }) => [name, used])).toEqual([
    ["the second", 1],
    [null, 1],
  ]);
  expect(await venue.rules({ preset: "instant" })).not.toEqual([]);
});

testWith({ market: "frozen", rules: [{ do: { reject: "closed" } }] })(
  "a venue is made with rules, which are kept where that is asked for",
  async ({ venue }) => {
    await expect(venue.place("EURUSD", 5)).rejects.toMatchObject({ status: 403, code: "script" });
    await venue.rules([]);
    await venue.reset({ keep: ["rules"] });
    expect(await venue.rules()).toEqual([]);
    await venue.reset();
    expect(await venue.rules()).toHaveLength(1);
  },
);

testWith({
  market: "frozen",
  clock: "frozen",
  faults: [{ match: { route: "POST /orders", nth: 1 }, do: { drop: "after" } }],
})("a reply that is lost is no answer, though the order was placed, and a key finds it", async ({ venue }) => {
  const place = () => venue.place("EURUSD", 5, { idempotencyKey: "7f3a" });
  await expect(place()).rejects.toThrow(NoAnswer);
  const [placed] = await venue.orders();
  expect((await place()).id).toBe(placed?.id);
  expect(await venue.faults()).toMatchObject([{ matched: 1, do: { drop: "after" } }]);
});

still("a request and a stream meet the faults that are put, until they are taken away", async ({ venue }) => {
  await venue.faults([
    { name: "busy", match: { route: "GET /orders" }, do: { status: 503, body: { detail: "later" } } },
    { name: "cut", match: { stream: "orders", nth: 1 }, do: { close: 1011 } },
  ]);
  await expect(venue.orders()).rejects.toThrow(Refused);
  await expect(venue.orders()).rejects.toThrow("503: later");
  const events = await venue.follow();
  await venue.place("EURUSD", 5);
  await expect(events.next()).rejects.toThrow(Closed);
  expect((await venue.faults()).map(({ name, matched }) => [name, matched])).toEqual([
    ["busy", 2],
    ["cut", 1],
  ]);
  expect(await venue.faults([])).toEqual([]);
  expect(await venue.orders()).toHaveLength(1);
});

still("an order is done to as the test says", async ({ venue }) => {
  const limit = { qty: "100", side: "buy", type: "limit", limit_price: "1.0000" } as const;
  const { id } = await venue.place("EURUSD", limit);
  expect(await venue.act(id, "hold")).toMatchObject({ state: "accepted", due_at: null });
  await venue.act(id, "release");
  expect(await venue.act(id, "fill", { qty: "40" })).toMatchObject({ state: "partially_filled", filled_qty: "40" });
  await expect(venue.act(id, "reject", { reason_text: "no" })).rejects.toMatchObject({ status: 409 });
  expect(await venue.act(id, "expire")).toMatchObject({ state: "expired" });
  const other = await venue.place("EURUSD", limit);
  expect(await venue.act(other.id, "reject", { reason_text: "no" })).toMatchObject({
    state: "rejected",
    reason_text: "no",
  });
});

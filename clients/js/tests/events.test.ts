// What a venue announces, as whoever follows it hears it.

import { type Change, Closed, type Events, NoAnswer, Refused } from "tradepit";
import { testWith } from "tradepit/vitest";
import { expect } from "vitest";

const still = testWith({ clock: { start: "2026-01-05T14:30:00Z" }, market: "frozen", delay: "250ms", seed: 42 });

still("an order's changes are announced in their order, each at its time", async ({ venue }) => {
  const events = await venue.follow();
  const order = await venue.place("EURUSD", { quantity: 5, client_order_id: "bot-1" });
  await venue.advance({ by: "1h" });
  const { id, stoks, quantity, accepted_at, due_at, client_order_id } = order;
  expect(await events.take(2)).toEqual([
    { seq: 1, at: accepted_at, id, stoks, quantity, status: "PENDING", due_at, client_order_id },
    { seq: 2, at: due_at, id, stoks, quantity, status: "EXECUTED" },
  ]);
});

still("what is waited for is passed on when it comes", async ({ venue }) => {
  const events = await venue.follow();
  const cancelled = events.until(({ status }) => status === "CANCELLED");
  const { id } = await venue.place("EURUSD", 5);
  await venue.cancel(id);
  expect(await cancelled).toMatchObject({ id, seq: 2 });
});

still("one order, one symbol, or what was before is followed where that is asked for", async ({ venue }) => {
  const [first, second] = [await venue.place("EURUSD", 1), await venue.place("GBPUSD", 2)];
  const all = await venue.follow({ since: 0 });
  const last = await venue.follow({ last: 1 });
  const one = await venue.follow({ order_id: first.id });
  const symbol = await venue.follow({ stoks: "GBPUSD" });
  await venue.advance({ by: "1s" });
  const told = async (events: typeof all | typeof one, count: number) =>
    (await events.take(count)).map((event) => ("status" in event ? [event.id, event.status] : event));
  const pending = [first, second].map(({ id }) => [id, "PENDING"]);
  const executed = [first, second].map(({ id }) => [id, "EXECUTED"]);
  expect(await told(all, 4)).toEqual([...pending, ...executed]);
  expect(await told(last, 3)).toEqual([pending[1], ...executed]);
  expect(await told(one, 1)).toEqual([executed[0]]);
  expect(await told(symbol, 1)).toEqual([executed[1]]);
});

still("channels tell of orders whole, and of the market", async ({ venue }) => {
  const events = await venue.follow({ channels: ["orders", "quotes"], symbols: ["EURUSD"] });
  expect(await events.next()).toMatchObject({ channel: "quotes", symbol: "EURUSD" });
  const { id } = await venue.place("EURUSD", { qty: "10", side: "buy" });
  expect(await events.next()).toMatchObject({ channel: "orders", number: 1, event: "accepted", order: { id } });
});

still("events are read one after another until they are closed", async ({ venue }) => {
  const events = await venue.follow();
  await venue.place("EURUSD", 1);
  await venue.advance({ by: "1s" });
  const seqs: number[] = [];
  for await (const { seq } of events) {
    seqs.push(seq);
    if (seq === 2) await events.close();
  }
  expect(seqs).toEqual([1, 2]);
  await expect(events.next()).rejects.toThrow("was closed by this test");

  const others = await venue.follow({ since: 0 });
  for await (const { seq } of others) if (seq === 1) break;
  await expect(others.take(3)).rejects.toThrow("was closed by this test");
});

still("a test that waits for nothing is told so", async ({ venue }) => {
  const events = await venue.follow();
  await expect(events.next(20)).rejects.toThrow(NoAnswer);
  await expect(events.next(20)).rejects.toThrow("no event came within 20 ms");
  const { id } = await venue.place("EURUSD", 1);
  expect(await events.next()).toMatchObject({ id });
});

still("the end of a venue, and of a life of it, is told in words", async ({ venue }) => {
  const closed = async (end: Promise<unknown>, events: Events<Change>) => {
    const told = events.next().then(
      () => expect.fail("an event came"),
      (error: unknown) => error,
    );
    await end;
    const error = await told;
    return error instanceof Closed ? [error.code, error.message] : error;
  };
  const reset = await venue.follow();
  expect(await closed(venue.reset(), reset)).toEqual([1012, expect.stringMatching(/closed with 1012: .*reset/)]);
  const removed = await venue.follow();
  expect(await closed(venue.remove(), removed)).toEqual([1001, expect.stringMatching(/closed with 1001: .*removed/)]);
  await expect(removed.next()).rejects.toThrow(Closed);
});

still("a socket that is refused says why", async ({ venue }) => {
  const refused = venue.follow({ since: 7 });
  await expect(refused).rejects.toThrow(Refused);
  await expect(refused).rejects.toThrow(/422: query\.since: /);
  await expect(venue.follow({ channels: ["quotes"], symbols: ["NONE"] })).rejects.toThrow(/404: /);
  await venue.remove();
  await expect(venue.follow()).rejects.toThrow("404: Venue not found");
});

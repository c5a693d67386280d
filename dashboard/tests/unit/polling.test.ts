import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Polling } from "../../src/live/polling";
import { Orders } from "../../src/model/orders";
import { change } from "./support";

interface Wire {
  readonly id: string;
  readonly accepted_seq: number;
  seq: number;
  status: string;
  closed_at: string | null;
}

const AT = "2026-11-22T08:00:00Z";
/** Orders of the venue, in order of creation. */
let placed: Wire[] = [];
let seq = 0;
let asked: string[] = [];
/** Whether the venue knows how to list the newest first. */
let descends = true;

function place(): string {
  seq += 1;
  placed.push({ id: `o${seq}`, accepted_seq: seq, seq, status: "PENDING", closed_at: null });
  return `o${seq}`;
}

function close(id: string): void {
  seq += 1;
  Object.assign(placed.find((order) => order.id === id) as Wire, { seq, status: "EXECUTED", closed_at: AT });
}

const told = (order: Wire) => ({ ...order, stoks: "X", quantity: 1, accepted_at: AT, due_at: AT });

beforeEach(() => {
  vi.useFakeTimers();
  [placed, seq, asked, descends] = [[], 0, [], true];
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const [, id] = /^orders\/(.*)$/.exec(path) ?? [];
    if (id !== undefined) {
      const order = placed.find((order) => order.id === id);
      return order === undefined
        ? Response.json({ detail: "Order not found" }, { status: 404 })
        : Response.json(told(order));
    }
    const query = new URLSearchParams(path.split("?")[1]);
    const all = descends && query.get("order") === "desc" ? placed.toReversed() : placed;
    const after = query.get("after");
    const place = after === null ? -1 : all.findIndex((order) => order.id === after);
    if (after !== null && place < 0) return Response.json({ detail: [] }, { status: 422 });
    const rest = all.slice(place + 1);
    const page = rest.slice(0, Number(query.get("limit")));
    query.set("after", page.at(-1)?.id ?? "");
    const link = rest.length > page.length ? `<?${query}>; rel="next"` : "";
    const orders = Object.fromEntries(page.map((order) => [order.id, told(order)]));
    return Response.json(orders, { headers: { link } });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function polling(): [Polling, Orders] {
  const orders = new Orders();
  return [
    new Polling(
      orders,
      () => Number.MAX_SAFE_INTEGER,
      () => {},
    ),
    orders,
  ];
}

const second = () => vi.advanceTimersByTimeAsync(1_000);
const held = (orders: Orders) => orders.all.map(({ id, status }) => `${id} ${status}`);

for (const knows of [true, false]) {
  test(`new orders come, and the pending ones end (a venue that ${knows ? "knows" : "does not know"} the order)`, async () => {
    descends = knows;
    const [poll, orders] = polling();
    const [first] = [place(), place()];
    poll.start();
    await second();
    expect(held(orders)).toEqual(["o1 PENDING", "o2 PENDING"]);
    close(first);
    const third = place();
    await second();
    expect(held(orders)).toEqual(["o1 EXECUTED", "o2 PENDING", `${third} PENDING`]);
    close("o2");
    close(third);
    await second();
    expect(orders.count("PENDING")).toBe(0);
    poll.stop();
    asked = [];
    await second();
    expect(asked).toEqual([]);
  });
}

test("orders that came in between are all had, page by page", async () => {
  const [poll, orders] = polling();
  for (let at = 0; at < 10; at += 1) close(place());
  poll.start();
  await second();
  for (let at = 0; at < 3_500; at += 1) close(place());
  await second();
  expect([orders.size, orders.count("EXECUTED")]).toEqual([3_510, 3_510]);
  asked = [];
  await second();
  expect(asked).toHaveLength(1);
});

test("old orders that are pending are asked for one by one, a few at a time", async () => {
  const [poll, orders] = polling();
  for (let at = 0; at < 60; at += 1) orders.apply(change(at + 1, place()));
  for (let at = 0; at < 1_000; at += 1) {
    orders.apply(change(seq + 1, place()));
    close(`o${seq}`);
    orders.apply(change(seq, `o${seq - 1}`, "EXECUTED"));
  }
  for (let at = 1; at <= 60; at += 1) close(`o${at}`);
  placed = placed.filter(({ id }) => id !== "o60");
  poll.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.filter((path) => path.startsWith("orders/"))).toHaveLength(24);
  await second();
  await second();
  expect(orders.all.filter(({ status }) => status === "PENDING").map(({ id }) => id)).toEqual(["o60"]);
  // The venue has forgotten it: it is not asked for for ever.
  expect(orders.all.filter((order) => orders.forgotten.has(order)).map(({ id }) => id)).toEqual(["o60"]);
  asked = [];
  await second();
  expect(asked).toHaveLength(1);
});

test("where the venue has forgotten the newest order that is held, its newest are taken", async () => {
  const [poll, orders] = polling();
  orders.apply(change(1, "gone"));
  orders.apply(change(2, "gone", "EXECUTED"));
  seq = 2;
  const id = place();
  poll.start();
  await second();
  await second();
  expect(orders.find(id)?.status).toBe("PENDING");
});

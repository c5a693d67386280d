import { afterEach, expect, test, vi } from "vitest";
import { Forgetting } from "../../src/live/forgetting";
import { Orders } from "../../src/model/orders";
import { readMetrics } from "../../src/model/prometheus";
import { change } from "./support";

afterEach(() => vi.unstubAllGlobals());

const wire = (id: string, seq: number, status: string) => ({
  id,
  stoks: "X",
  quantity: 1,
  status,
  accepted_at: "2026-11-22T08:00:00Z",
  due_at: "2026-11-22T08:00:01Z",
  closed_at: "2026-11-22T08:00:01Z",
  accepted_seq: seq,
  seq,
});

/** A page that holds orders 1 to 10, the even ones executed, the 9th cancelled. */
function holding(): Orders {
  const orders = new Orders();
  for (let seq = 1; seq <= 10; seq += 1) orders.apply(change(seq, `o${seq}`));
  for (let at = 2; at <= 10; at += 2) orders.apply(change(10 + at, `o${at}`, "EXECUTED"));
  orders.apply(change(21, "o9", "CANCELLED"));
  return orders;
}

const forgotten = (orders: Orders) => orders.all.filter((order) => orders.forgotten.has(order)).map(({ id }) => id);

test("where the page holds more than the venue lists, what closed before the oldest of the list is forgotten", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return Response.json(path.includes("EXECUTED") ? { o6: wire("o6", 6, "EXECUTED") } : {});
  });
  const orders = holding();
  let seq = 21;
  const forgetting = new Forgetting(orders, () => seq);
  expect(await forgetting.take(readMetrics("tradepit_orders_listed 10", 0), 10)).toBe(false);
  expect(asked).toEqual([]);
  expect(await forgetting.take(readMetrics("tradepit_orders_listed 7", 0), 10)).toBe(true);
  // The venue lists no cancelled order any more; the pending ones stay, however old.
  expect(forgotten(orders)).toEqual(["o2", "o4", "o9"]);
  expect(orders.find("o2")?.status).toBe("EXECUTED");
  // What closes now was not meant.
  seq = 22;
  orders.apply(change(22, "o1", "EXECUTED"));
  expect(forgotten(orders)).not.toContain("o1");
  expect(await forgetting.take(readMetrics("tradepit_orders_listed 7", 5_000), 10)).toBe(false);
  expect(asked).toHaveLength(2);
});

test("an earlier venue with a data folder says nothing of what it lists", async () => {
  const forgetting = new Forgetting(holding(), () => 21);
  for (const info of ["", 'tradepit_venue_info{durable="true"} 1\n'])
    expect(await forgetting.take(readMetrics(`${info}tradepit_orders_held 1`, 0), 10)).toBe(false);
});

test("an order that the venue was asked for in vain is forgotten until all is", () => {
  const orders = holding();
  orders.forgotten.add("o1");
  expect(forgotten(orders)).toEqual(["o1"]);
  orders.clear();
  orders.apply(change(1, "o1"));
  expect(forgotten(orders)).toEqual([]);
});

import { describe, expect, test } from "vitest";
import type { Change, Order, Status } from "../../src/model/change";
import { Orders } from "../../src/model/orders";
import { change, dice, order } from "./support";

const ids = (orders: Orders) => orders.all.map((order) => order.id);

test("an order is pending, then executed, and knows both numbers", () => {
  const orders = new Orders();
  orders.apply(change(1, "a"));
  orders.apply(change(2, "b"));
  orders.apply(change(3, "a", "EXECUTED"));
  expect(orders.find("a")).toEqual(order("a", 1, 3, "EXECUTED"));
  expect([orders.count("PENDING"), orders.count("EXECUTED"), orders.count("CANCELLED")]).toEqual([1, 1, 0]);
  expect(ids(orders)).toEqual(["a", "b"]);
});

test("a change that is older than what is known changes nothing", () => {
  const orders = new Orders();
  orders.merge([order("a", 1, 3, "CANCELLED")]);
  orders.apply(change(1, "a"));
  expect(orders.find("a")?.status).toBe("CANCELLED");
  expect(orders.count("PENDING")).toBe(0);
});

test("an order whose beginning was not seen learns it later", () => {
  const orders = new Orders();
  orders.apply(change(9, "a", "EXECUTED"));
  expect(orders.find("a")).toMatchObject({ acceptedSeq: null, dueUs: null, closedUs: 9_000 });
  orders.merge([order("a", 4)]);
  expect(orders.find("a")).toEqual(order("a", 4, 9, "EXECUTED"));
});

test("the client's own id is kept, whoever tells it and when", () => {
  const orders = new Orders();
  orders.apply(change(1, "a", "PENDING", { clientOrderId: "bot/1" }));
  orders.apply(change(2, "a", "EXECUTED"));
  expect(orders.find("a")?.clientOrderId).toBe("bot/1");
  orders.apply(change(3, "b"));
  orders.apply(change(4, "b", "CANCELLED"));
  orders.merge([{ ...order("b", 3), clientOrderId: "bot/2" }]);
  expect(orders.find("b")).toEqual({ ...order("b", 3, 4, "CANCELLED"), clientOrderId: "bot/2" });
});

test("open orders that are told late stand where they belong", () => {
  const orders = new Orders();
  for (const seq of [10, 11, 12]) orders.apply(change(seq, `n${seq}`));
  orders.merge([order("old", 2), order("n11", 11), order("older", 1)]);
  expect(ids(orders)).toEqual(["older", "old", "n10", "n11", "n12"]);
  expect(orders.find("n12")?.seq).toBe(12);
  expect(orders.count("PENDING")).toBe(5);
});

test("open orders that are told before older changes do not stand before them", () => {
  const orders = new Orders();
  orders.merge([order("open", 5)]);
  for (const seq of [3, 4, 5, 6]) orders.apply(change(seq, seq === 5 ? "open" : `n${seq}`));
  orders.tidy();
  expect(ids(orders)).toEqual(["n3", "n4", "open", "n6"]);
  expect(orders.find("n4")?.seq).toBe(4);
});

test("what was listed before keeps what it showed", () => {
  const orders = new Orders();
  orders.apply(change(1, "a"));
  const before = orders.all.slice();
  orders.apply(change(2, "a", "EXECUTED"));
  expect(before[0]?.status).toBe("PENDING");
});

test("an order that the venue has forgotten is let go", () => {
  const orders = new Orders();
  for (const seq of [1, 2, 3]) orders.apply(change(seq, `o${seq}`));
  orders.forget(new Set(["o2", "nobody"]));
  expect(ids(orders)).toEqual(["o1", "o3"]);
  expect(orders.find("o3")?.seq).toBe(3);
  expect(orders.count("PENDING")).toBe(2);
});

describe("beside a naive twin", () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`random changes leave the same orders and counts, with room for 50 (seed ${seed})`, () => {
      const chance = dice(seed);
      const orders = new Orders(50);
      const twin = new Twin();
      for (let seq = 1; seq < 2_000; seq += 1) {
        const next = pick(seq, twin.all, chance);
        orders.apply(next);
        twin.apply(next);
        const held = twin.all.slice(-orders.size);
        expect(orders.size).toBeLessThanOrEqual(55);
        expect(orders.size).toBe(Math.min(twin.all.length, orders.size));
        expect(orders.dropped + orders.size).toBe(twin.all.length);
        if (seq % 97 === 0) {
          expect(orders.all).toEqual(held);
          for (const status of ["PENDING", "EXECUTED", "CANCELLED"] as const) {
            expect(orders.count(status)).toBe(held.filter((order) => order.status === status).length);
          }
          for (const order of held) expect(orders.find(order.id)).toEqual(order);
        }
      }
    });
  }
});

/** Keeps everything in one list and looks through it. */
class Twin {
  all: Order[] = [];

  apply({ seq, atUs, id, symbol, quantity, status, dueUs, clientOrderId }: Change): void {
    const at = this.all.findIndex((order) => order.id === id);
    const known = this.all[at];
    if (known === undefined) {
      const begun = { acceptedSeq: seq, acceptedUs: atUs, dueUs, clientOrderId, terms: null };
      this.all.push({ id, symbol, quantity, status, seq, closedUs: null, ...begun });
    } else {
      this.all[at] = { ...known, seq, status, closedUs: atUs };
    }
  }
}

/** A new order, or the end of one that is pending and among the newest 50. */
function pick(seq: number, all: readonly Order[], chance: () => number): Change {
  const pending = all.slice(-50).filter((order) => order.status === "PENDING");
  const one = pending[Math.floor(chance() * pending.length)];
  if (one === undefined || chance() < 0.5) return change(seq, `o${seq}`);
  const end: Status = chance() < 0.8 ? "EXECUTED" : "CANCELLED";
  return change(seq, one.id, end);
}

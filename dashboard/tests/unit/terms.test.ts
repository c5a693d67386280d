import { expect, test } from "vitest";
import { type Order, readFrame, readOrder, type WireOrder } from "../../src/model/change";
import { Orders } from "../../src/model/orders";
import { priceOf, readTerms, type Terms, type WireTerms } from "../../src/model/terms";
import { change, order } from "./support";

const TOLD: WireTerms = { number: 1, state: "new", side: "sell", type: "limit", qty: "5", limit_price: "1.08500" };

function terms(more: WireTerms = {}): Terms {
  return readTerms({ ...TOLD, ...more }) as Terms;
}

function told(id: string, seq: number, more: WireTerms = {}, from: Order = order(id, 1, seq)): Order {
  return { ...from, terms: terms(more) };
}

test("terms are kept through a change that does not tell them, and end with their order", () => {
  const orders = new Orders();
  orders.tell(told("a", 1));
  orders.apply(change(2, "a", "EXECUTED"));
  expect(orders.find("a")?.terms).toMatchObject({ state: "filled", filled: "5", side: "sell", limitPrice: "1.08500" });
  orders.tell(told("b", 3));
  orders.apply(change(4, "b", "CANCELLED"));
  expect(orders.find("b")?.terms?.state).toBe("canceled");
});

test("newer terms at the same change of status count, older ones do not", () => {
  const orders = new Orders();
  orders.tell(told("a", 1, { number: 5, state: "partially_filled", filled_qty: "2" }));
  orders.tell(told("a", 1, { number: 3 }));
  expect(orders.find("a")?.terms).toMatchObject({ number: 5, filled: "2" });
  orders.tell(told("a", 1, { number: 6, filled_qty: "3" }));
  expect(orders.find("a")?.terms?.filled).toBe("3");
});

test("an order that was told without terms learns them late, whatever its status is by then", () => {
  const orders = new Orders();
  orders.apply(change(1, "a"));
  orders.apply(change(2, "a", "EXECUTED"));
  orders.tell(told("a", 1));
  expect(orders.find("a")).toMatchObject({ status: "EXECUTED", seq: 2, terms: { state: "filled", side: "sell" } });
});

test("how an order ended is told after its end, and that counts", () => {
  const orders = new Orders();
  orders.tell(told("a", 1));
  orders.apply(change(2, "a", "CANCELLED"));
  const expired = { number: 2, state: "expired" } as const;
  orders.tell(told("a", 2, expired, order("a", 1, 2, "CANCELLED")));
  expect(orders.find("a")?.terms?.state).toBe("expired");
});

test("a venue without an exchange tells no terms, and an order's frame has a type of its own", () => {
  const wire: WireOrder = {
    ...{ id: "a", stoks: "EURUSD", quantity: 5, status: "PENDING", seq: 1, accepted_seq: 1, closed_at: null },
    ...{ accepted_at: "2026-11-22T08:00:00.000000Z", due_at: "2026-11-22T08:00:01.000000Z" },
  };
  expect(readOrder(wire).terms).toBeNull();
  expect(readOrder({ ...wire, ...TOLD }).terms).toEqual(terms());
  const frame = readFrame(JSON.stringify({ ...wire, type: "order" }));
  expect(frame).toMatchObject({ kind: "open", order: { id: "a", terms: null } });
});

test("the price of an order is what it waits for", () => {
  const none = { limit_price: null };
  expect(priceOf(terms())).toBe("1.08500");
  expect(priceOf(terms({ stop_price: "1.09000" }))).toBe("1.09000 → 1.08500");
  expect(priceOf(terms({ ...none, stop_price: "1.09000" }))).toBe("1.09000");
  expect(priceOf(terms({ ...none, trail_percent: "0.5" }))).toBe("± 0.5 %");
  expect(priceOf(terms({ ...none, trail_price: "0.01" }))).toBe("± 0.01");
  expect(priceOf(terms(none))).toBe("");
});

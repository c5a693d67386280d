import { expect, test } from "vitest";
import { isShown, requests } from "../../src/panels/ticket/requests";
import { type Draft, EMPTY_DRAFT, readDraft, writeDraft } from "../../src/shell/draft";

function sent(change: Partial<Draft>) {
  const [order] = requests({ ...EMPTY_DRAFT, ...change }, 1);
  return { quantity: order?.quantity, terms: order?.terms };
}

test("a ticket as it stands asks for a native order: nothing is said beyond what that has", () => {
  expect(sent({})).toEqual({ quantity: "100", terms: {} });
});

test("what a type has is said, and what was typed for another type is not", () => {
  const typed = { limitPrice: " 1.085 ", stopPrice: "1.08", trail: "0.5" };
  const of = (type: string) => sent({ ...typed, type, side: "sell" }).terms;
  expect(of("limit")).toEqual({ side: "sell", type: "limit", limit_price: "1.085" });
  expect(of("stop_limit")).toEqual({ side: "sell", type: "stop_limit", limit_price: "1.085", stop_price: "1.08" });
  expect(of("trailing_stop")).toEqual({ side: "sell", type: "trailing_stop", trail_percent: "0.5" });
  expect(of("market")).toEqual({ side: "sell" });
});

test("a fraction is a quantity of lots, and money is money: of a market order only", () => {
  expect(sent({ quantity: "1.5" })).toEqual({ quantity: null, terms: { qty: "1.5" } });
  expect(sent({ quantity: "1e3" })).toEqual({ quantity: "1e3", terms: {} });
  expect(sent({ quantity: "250", sized: "money" })).toEqual({ quantity: null, terms: { notional: "250" } });
  expect(sent({ quantity: "250", sized: "money", type: "limit" }).quantity).toBe("250");
});

test("legs are said where the class has them", () => {
  const legs = { takeProfit: "200", stopLoss: "180", stopLossLimit: "179" };
  expect(sent({ ...legs, orderClass: "bracket" }).terms).toEqual({
    order_class: "bracket",
    take_profit: { limit_price: "200" },
    stop_loss: { stop_price: "180", limit_price: "179" },
  });
  expect(sent({ ...legs, orderClass: "oco" }).terms).not.toHaveProperty("take_profit");
  expect(sent(legs).terms).toEqual({});
});

test("a fault is shown at its field where the ticket has one", () => {
  expect(["qty", "stop_loss.stop_price", "idempotency-key"].every(isShown)).toBe(true);
  expect(isShown("post_only")).toBe(false);
});

test("what was typed is the address's, an emptied field too", () => {
  const draft: Draft = { ...EMPTY_DRAFT, side: "sell", type: "limit", limitPrice: "1.1", account: "", postOnly: true };
  expect(readDraft(new URLSearchParams(writeDraft(draft).map(([name, value]) => [name, value])))).toEqual(draft);
  expect(writeDraft(EMPTY_DRAFT)).toEqual([]);
});

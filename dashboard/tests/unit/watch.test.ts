import { expect, test } from "vitest";
import type { SchemaInstrument, SchemaQuote } from "../../src/api/schema";
import { changeOf, matching, neighbour, percent, priceText, wayOfChange } from "../../src/model/watch";

const EURUSD = { symbol: "EURUSD", class: "forex", tick: "0.00001", reference_price: "1.08500" } as SchemaInstrument;
const AAPL = { symbol: "AAPL", class: "equity", tick: "0.01", reference_price: "190.00" } as SchemaInstrument;

function quote(bid: string | null, ask: string | null, last: string | null = null): SchemaQuote {
  return { symbol: "EURUSD", at: "", bid, bid_size: null, ask, ask_size: null, last };
}

test("the price of an instrument is its mid, else its last, else its reference", () => {
  expect(priceText(quote("1.08499", "1.08501"), EURUSD)).toBe("1.08500");
  expect(priceText(quote(null, "1.08501", "1.08400"), EURUSD)).toBe("1.08400");
  expect(priceText(undefined, EURUSD)).toBe("1.08500");
});

test("a change is told with its sign, and with a way where it is one", () => {
  const changes = [changeOf(101, 100), changeOf(99.95, 100), changeOf(100.001, 100), changeOf(null, 100)];
  expect(changes.map(percent)).toEqual(["+1.00 %", "−0.05 %", "0.00 %", "–"]);
  expect(changes.map(wayOfChange)).toEqual(["up", "down", "flat", "flat"]);
});

test("a search finds symbols by a part, and classes by name", () => {
  expect(matching([EURUSD, AAPL], "usd")).toEqual([EURUSD]);
  expect(matching([EURUSD, AAPL], "Equity")).toEqual([AAPL]);
  expect(matching([EURUSD, AAPL], " ")).toEqual([EURUSD, AAPL]);
});

test("the arrows go round through the symbols, and begin at the first", () => {
  const symbols = ["A", "B", "C"];
  expect(neighbour(symbols, "C", 1)).toBe("A");
  expect(neighbour(symbols, "A", -1)).toBe("C");
  expect(neighbour(symbols, "X", 1)).toBe("A");
  expect(neighbour([], "A", 1)).toBeNull();
});

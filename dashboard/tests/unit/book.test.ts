import { expect, test } from "vitest";
import type { SchemaTrade } from "../../src/api/schema";
import { Book, rungs } from "../../src/model/book";
import { isOfClients, Tape } from "../../src/model/tape";
import { dice } from "./support";

const WHOLE = {
  symbol: "EURUSD",
  book_number: 5,
  bids: [
    ["1.08499", "10"],
    ["1.08498", "20"],
  ],
  asks: [
    ["1.08501", "5"],
    ["1.08503", "8"],
  ],
};

test("a book is whole at first, then changed level by level", () => {
  const book = new Book();
  expect(book.take(WHOLE)).toBe(true);
  const bids = [["1.08500", "1"], ["1.08498", "0"]]; // biome-ignore format: a level a line says no more
  expect(book.take({ symbol: "EURUSD", book_number: 9, previous: 5, bids, asks: [["1.08502", "3"]] })).toBe(true);
  expect(book.bids).toEqual([
    ["1.08500", "1"],
    ["1.08499", "10"],
  ]);
  expect(book.asks.map(([price]) => price)).toEqual(["1.08501", "1.08502", "1.08503"]);
});

test("a change of another book than the one that is held changes nothing, and says so", () => {
  const book = new Book();
  book.take(WHOLE);
  expect(book.take({ ...WHOLE, book_number: 9, previous: 7 })).toBe(false);
  expect(book.number).toBe(5);
});

test("whatever changes come, the book is what they come to", () => {
  const chance = dice(7);
  const [book, twin] = [new Book(), new Map<number, number>()];
  book.take({ ...WHOLE, book_number: 0, bids: [], asks: [] });
  for (let number = 1; number < 500; number++) {
    const ticks = 900 + Math.floor(chance() * 60);
    const size = Math.floor(chance() * 3);
    if (size === 0) twin.delete(ticks);
    else twin.set(ticks, size);
    const level = [(ticks / 100).toFixed(2), String(size)];
    expect(book.take({ symbol: "A", book_number: number, previous: number - 1, bids: [level], asks: [] })).toBe(true);
  }
  const sorted = [...twin].sort(([a], [b]) => b - a).map(([ticks, size]) => [(ticks / 100).toFixed(2), String(size)]);
  expect(book.bids).toEqual(sorted);
});

test("a ladder has its dearest ask at the top, bars as long as the largest size, and what clients offer", () => {
  const book = new Book();
  book.take(WHOLE);
  const ladder = rungs(book, 1, new Map([["1.08499", 4]]));
  expect(ladder).toEqual([
    { side: "ask", price: "1.08501", size: "5", share: 0.5, mine: "" },
    { side: "bid", price: "1.08499", size: "10", share: 1, mine: "4" },
  ]);
  expect(rungs(book, 2, new Map()).map(({ price }) => price)).toEqual(["1.08503", "1.08501", "1.08499", "1.08498"]);
});

test("a tape has each trade once, the newest first, whoever told it", () => {
  const trade = (trade_id: string, second: number): SchemaTrade => {
    const at = `2026-11-22T08:00:0${second}.000000Z`;
    return { trade_id, symbol: "EURUSD", at, price: "1.08500", qty: "1", side: "buy" };
  };
  const tape = new Tape();
  tape.add([trade("9", 2), trade("7", 1)]);
  tape.add([trade("h-1", 3), trade("9", 2), trade("10", 2)]);
  expect(tape.trades.map(({ trade_id }) => trade_id)).toEqual(["h-1", "10", "9", "7"]);
  expect(tape.trades.map(isOfClients)).toEqual([false, true, true, true]);
});

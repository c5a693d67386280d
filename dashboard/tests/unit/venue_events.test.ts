import { expect, test } from "vitest";
import { eventsOf, flagsOf, type InstrumentFrame, startedAt, wordOf } from "../../src/model/venue_events";

const at = (second: number) => `2026-11-22T08:00:${String(second).padStart(2, "0")}.000000Z`;
function frames(...told: readonly Partial<InstrumentFrame>[]): InstrumentFrame[] {
  return told.map((one, n) => ({ number: n + 1, at: at(n), event: "changed", ...one }));
}
const words = (...told: readonly Partial<InstrumentFrame>[]) => eventsOf(frames(...told)).map(({ word }) => word);

test("a halt, a closing and an opening are what the status has become; other terms are told as such", () => {
  const [halted, closed, open] = (["halted", "closed", "open"] as const).map((status) => ({ instrument: { status } }));
  const [first, second, third] = [halted ?? {}, closed ?? {}, open ?? {}];
  expect(words(first, first, second, third, third)).toEqual(["halted", "terms", "closed", "open", "terms"]);
  expect(eventsOf(frames(first, third)).map(({ grave }) => grave)).toEqual([true, false]);
});

test("a quote by hand has its prices, and its end is told; so are rows", () => {
  const told = eventsOf(
    frames(
      { event: "quoted", quote: { bid: "1.08450", ask: "1.08550" } },
      { event: "quoted", quote: { bid: null, ask: null } },
      { event: "rows", rows: { count: 300 } },
      { event: "rows", rows: { count: 0 } },
    ),
  );
  expect(told.map(({ text }) => text)).toEqual([
    "quote by hand: 1.08450 / 1.08550",
    "the market quotes again",
    "300 rows of quotes appended",
    "rows of quotes dropped",
  ]);
  expect(told[1]?.atS).toBe((told[0]?.atS ?? 0) + 1);
});

test("events that would hide each other are one flag, which shows the gravest and says how many more", () => {
  const [halt, quote, again] = eventsOf(
    frames(
      { instrument: { status: "halted" } },
      { event: "quoted", quote: { bid: "1", ask: "2" } },
      { event: "quoted", quote: { bid: "1", ask: "3" } },
    ),
  );
  if (halt === undefined || quote === undefined || again === undefined) throw new Error("three were told");
  // In any order; a start that the page learns later too.
  const flags = flagsOf(
    [
      [10, halt],
      [60, quote],
      [110, again],
      [5, { ...startedAt(0), atS: 0 }],
    ],
    60,
  );
  expect(flags.map(({ x, events }) => [x, events.length])).toEqual([
    [5, 3],
    [110, 1],
  ]);
  expect(flags.map(wordOf)).toEqual(["halted +2", "by hand"]);
});

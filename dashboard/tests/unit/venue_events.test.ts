import { expect, test } from "vitest";
import { monthsOf } from "../../src/model/sessions";
import { readTime } from "../../src/model/time";
import { eventsOf, flagsOf, type InstrumentFrame, sessionsOf, startedAt, wordOf } from "../../src/model/venue_events";

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

test("a calendar is an opening and a closing of each session, but of a day that goes on into the next", () => {
  const session = (date: string, open: string, close: string) => ({ date, open, close });
  const told = sessionsOf([
    session("2026-11-25", "2026-11-25T14:30:00.000000Z", "2026-11-25T21:00:00.000000Z"),
    session("2026-11-27", "2026-11-27T14:30:00.000000Z", "2026-11-27T18:00:00.000000Z"),
  ]);
  expect(told.map(({ atS, word }) => [new Date(atS * 1_000).toISOString().slice(5, 16), word])).toEqual([
    ["11-25T14:30", "opening"],
    ["11-25T21:00", "closing"],
    ["11-27T14:30", "opening"],
    ["11-27T18:00", "closing"],
  ]);
  expect(sessionsOf([session("2026-11-25", "2026-11-25T00:00:00.000000Z", "2026-11-26T00:00:00.000000Z")])).toEqual([]);
});

test("a calendar is asked for by whole months, and for no more than ten years", () => {
  const second = (time: string) => readTime(`${time}.000000Z`) / 1e6;
  const months = (first: string, last: string) => monthsOf(second(first), second(last));
  expect(months("2026-11-25T14:30:00", "2026-12-31T23:59:59")).toEqual({ start: "2026-11-01", end: "2027-01-01" });
  const { start, end } = months("1990-01-01T00:00:00", "2026-11-25T00:00:00");
  expect(end).toBe("2026-12-01");
  expect((Date.parse(end) - Date.parse(start)) / 86_400_000).toBeLessThanOrEqual(3_660);
  expect(start.slice(0, 4)).toBe("2016");
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

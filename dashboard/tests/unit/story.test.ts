import { expect, test } from "vitest";
import { delayInWords, isLong } from "../../src/panels/story/delay";
import { events, type Telling } from "../../src/panels/story/events";
import { order } from "./support";

const delays = { delay: "100ms..900ms", longDelay: "5s" };
const telling: Telling = { zone: "utc", delay: (us) => delayInWords(us, delays), isPast: false };
const told = (...parameters: Parameters<typeof order>) =>
  events(order(...parameters), telling).map(({ what, seq, note }) => [what, seq, note]);

test("a pending order has a beginning and an end to come", () => {
  expect(told("a", 1)).toEqual([
    ["Accepted", 1, null],
    ["Will execute", null, "after a delay of 500 ms, drawn when it was accepted"],
  ]);
});

test("an executed order tells how late it was", () => {
  expect(told("a", 1, 503, "EXECUTED")).toEqual([
    ["Accepted", 1, null],
    ["Due", null, "after a delay of 500 ms, drawn when it was accepted"],
    ["Executed", 503, "2.0 ms late, 502 ms after it was accepted"],
  ]);
});

test("a cancelled order tells when it would have executed", () => {
  expect(told("a", 1, 101, "CANCELLED")).toEqual([
    ["Accepted", 1, null],
    ["Cancelled", 101, "100 ms after it was accepted"],
    ["Would have executed", null, "after a delay of 500 ms, drawn when it was accepted"],
  ]);
});

test("an order of which only the end was seen tells that", () => {
  const end = { ...order("a", 1, 9, "EXECUTED"), acceptedSeq: null, acceptedUs: null, dueUs: null };
  expect(events(end, telling).map(({ what, note }) => [what, note])).toEqual([["Executed", ""]]);
});

test("what the venue no longer knows was to execute, and will not", () => {
  const past = events(order("a", 1), { ...telling, isPast: true });
  expect(past.map(({ kind, what }) => [kind, what])).toEqual([
    ["accepted", "Accepted"],
    ["due", "Was to execute"],
  ]);
});

test("a delay is called what the venue's configuration and the order bear out", () => {
  const words = (us: number, delay: string, longDelay = "5s") => delayInWords(us, { delay, longDelay });
  expect(words(0, "none")).toBe("without a delay");
  expect(words(500_000, "500ms")).toBe("after the fixed delay of 500\u00a0ms");
  expect(words(1_500_000, "1500ms")).toBe("after the fixed delay of 1.5\u00a0s");
  expect(words(10_000_000, "10s")).toBe("after the fixed delay of 10\u00a0s");
  expect(words(312_345, "100ms..1s")).toBe("after a delay of 312 ms, drawn when it was accepted");
  expect(words(5_000_000, "lognormal(250ms,0.5)")).toBe("after the long delay of 5\u00a0s");
  expect(words(6_200_000, "none", "5s..9s")).toBe("after a long delay of 6.20 s, drawn when it was accepted");
  // Of a log-normal delay hardly any order is as long as the other.
  expect(words(6_200_000, "lognormal(250ms,0.5)", "5s..9s")).toBe(
    "after a long delay of 6.20 s, drawn when it was accepted",
  );
  // Both could have given it; and neither could: the venue was started with other delays since.
  expect(words(500_000, "100ms..1s", "100ms..9s")).toBe("after a delay of 500 ms");
  expect(words(7_000_000, "none")).toBe("after a delay of 7.00 s");
  expect(delayInWords(7_000_000, null)).toBe("after a delay of 7.00 s");
});

test("an order is long pending where its delay is one of the long ones only", () => {
  expect(isLong(5_000_000, delays)).toBe(true);
  expect(isLong(500_000, delays)).toBe(false);
  expect(isLong(500_000, { delay: "500ms", longDelay: "500ms" })).toBe(false);
  expect(isLong(5_000_000, null)).toBe(false);
});

import { expect, test } from "vitest";
import { events } from "../../src/panels/story/events";
import { order } from "./support";

const told = (...parameters: Parameters<typeof order>) =>
  events(order(...parameters)).map(({ what, seq, note }) => [what, seq, note]);

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
  expect(events(end).map(({ what, note }) => [what, note])).toEqual([["Executed", ""]]);
});

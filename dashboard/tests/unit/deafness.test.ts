import { expect, test } from "vitest";
import { Deafness } from "../../src/live/deafness";
import { readMetrics } from "../../src/model/prometheus";

const counting = (accepted: number) => readMetrics(`tradepit_orders_total{change="accepted"} ${accepted}`, 0);

test("a socket is dead where changes are counted after a silence and none is told", () => {
  const deafness = new Deafness();
  deafness.suspect(7);
  expect([5, 5, 6, 7].map((count) => deafness.take(counting(count), 7))).toEqual([false, false, false, true]);
  expect(deafness.take(counting(9), 7)).toBe(false);
});

test("a socket that tells a change is not, and nothing is suspected without a silence", () => {
  const deafness = new Deafness();
  expect([5, 6, 7].map((count) => deafness.take(counting(count), 7))).toEqual([false, false, false]);
  deafness.suspect(7);
  expect(deafness.take(counting(8), 7)).toBe(false);
  expect([9, 10, 11].map((count) => deafness.take(counting(count), 8))).toEqual([false, false, false]);
});

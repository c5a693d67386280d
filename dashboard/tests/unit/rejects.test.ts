import { expect, test } from "vitest";
import { REJECTS, Rejects } from "../../src/model/rejects";
import { reject } from "./support";

const numbers = (rejects: Rejects) => rejects.all.map(({ number }) => number);
const list = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => reject(from - at));

test("a list is wanted to begin with, and not after it came", () => {
  const rejects = new Rejects();
  expect(rejects.wanting).toBe(true);
  rejects.asked();
  rejects.take(list(3, 1));
  rejects.add(reject(4));
  expect([rejects.wanting, numbers(rejects)]).toEqual([false, [4, 3, 2, 1]]);
});

test("what came while the list was awaited is kept, once", () => {
  const rejects = new Rejects();
  rejects.asked();
  for (const number of [3, 4]) rejects.add(reject(number));
  rejects.take(list(3, 1));
  expect(numbers(rejects)).toEqual([4, 3, 2, 1]);
});

test("a gap in the numbers asks for a list again, and so does a list that did not come", () => {
  const rejects = new Rejects();
  rejects.asked();
  rejects.take(list(3, 1));
  rejects.add(reject(6));
  expect(rejects.wanting).toBe(true);
  rejects.asked();
  expect(rejects.wanting).toBe(false);
  rejects.missed();
  expect(rejects.wanting).toBe(true);
  rejects.asked();
  rejects.take(list(6, 2));
  expect([rejects.wanting, numbers(rejects)]).toEqual([false, [6, 5, 4, 3, 2, 1]]);
});

test("numbers that begin anew are those of another start: what was before is gone", () => {
  const rejects = new Rejects();
  rejects.asked();
  rejects.take(list(9, 1));
  rejects.add(reject(1, 77));
  expect([rejects.wanting, numbers(rejects)]).toEqual([true, [1]]);
  rejects.asked();
  rejects.take([reject(2, 78), reject(1, 77)]);
  expect(numbers(rejects)).toEqual([2, 1]);
  rejects.asked();
  rejects.take([]);
  expect(numbers(rejects)).toEqual([]);
});

test("no more are held than there is room for", () => {
  const rejects = new Rejects();
  rejects.asked();
  for (let number = 1; number <= REJECTS + 5; number += 1) rejects.add(reject(number));
  expect([rejects.all.length, rejects.all[0]?.number, rejects.wanting]).toEqual([REJECTS, REJECTS + 5, false]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer, NewOrder, Placed } from "../../src/api/rest";
import { Jobs } from "../../src/live/jobs";
import { Orders } from "../../src/model/orders";
import { change, order } from "./support";

const DONE: Answer<null> = { ok: true, value: null };
const refused = (status: number): Answer<null> => ({
  ok: false,
  refusal: { status, message: `status ${status}`, fields: new Map() },
});

let orders: Orders;
let asked: string[] = [];
/** Requests that wait for the venue's answer, in the order in which they came. */
let waiting: ((answer: Answer<null>) => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  [orders, asked, waiting] = [new Orders(), [], []];
});
afterEach(() => vi.useRealTimers());

function jobsOn(count: number): [Jobs, string[]] {
  const ids = Array.from({ length: count }, (_, at) => `o${at + 1}`);
  for (const [at, id] of ids.entries()) orders.apply(change(at + 1, id));
  const cancel = (id: string) => {
    asked.push(id);
    return new Promise<Answer<null>>((answer) => waiting.push(answer));
  };
  return [new Jobs({ find: (id) => orders.find(id), cancel, place: () => Promise.reject() }), ids];
}

async function answer(...answers: Answer<null>[]): Promise<void> {
  for (const one of answers) waiting.shift()?.(one);
  await vi.advanceTimersByTimeAsync(0);
}

test("orders are cancelled five at a time, and each is told", async () => {
  const [jobs, ids] = jobsOn(7);
  expect(jobs.cancel(ids)).toBe(true);
  expect(asked).toHaveLength(5);
  expect(jobs.cancel(["another"])).toBe(false);
  await answer(DONE, DONE);
  expect(asked).toHaveLength(7);
  expect(jobs.current()).toMatchObject({ state: "running", of: 7, done: 2, cancelled: 2 });
  await answer(DONE, DONE, DONE, DONE, refused(404));
  expect(jobs.current()).toMatchObject({ state: "done", done: 7, cancelled: 6, alreadyClosed: 1, failed: 0 });
  jobs.dismiss();
  expect(jobs.current()).toBeNull();
});

test("what is closed here is not asked for, and what was executed before it could be cancelled is told apart", async () => {
  const [jobs, ids] = jobsOn(3);
  orders.apply(change(4, "o1", "EXECUTED"));
  jobs.cancel(ids);
  await answer(DONE, DONE);
  expect(asked).toEqual(["o2", "o3"]);
  expect(jobs.current()).toMatchObject({ state: "done", cancelled: 2, alreadyClosed: 1 });
  orders.apply(change(5, "o2", "EXECUTED"));
  orders.apply(change(6, "o3", "CANCELLED"));
  jobs.settle();
  expect(jobs.current()).toMatchObject({ done: 3, cancelled: 1, alreadyClosed: 2 });
});

test("a job that is stopped sends no more, and says how far it came", async () => {
  const [jobs, ids] = jobsOn(20);
  jobs.cancel(ids);
  jobs.stop();
  await answer(DONE, DONE, DONE, DONE, DONE);
  expect(asked).toHaveLength(5);
  expect(jobs.current()).toMatchObject({ state: "stopped", of: 20, done: 5, cancelled: 5 });
});

test("a failure is counted and the rest goes on; many in a row end it", async () => {
  const [jobs, ids] = jobsOn(100);
  jobs.cancel(ids);
  await answer(refused(503), DONE);
  expect(jobs.current()).toMatchObject({ state: "running", done: 2, failed: 1, cancelled: 1 });
  for (let tries = 0; jobs.current()?.state === "running" && tries < 30; tries += 1) {
    await answer(...waiting.map(() => refused(0)));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(jobs.current()).toMatchObject({ state: "given up", refusal: { status: 0 } });
  expect(asked.length).toBeLessThan(20);
});

function placing(count: number, answers: (order: NewOrder) => Answer<Placed>): [Jobs, () => number] {
  const placed: string[] = [];
  const place = async (one: NewOrder) => {
    placed.push(one.quantity ?? "");
    await new Promise((later) => setTimeout(later, 10));
    return answers(one);
  };
  const jobs = new Jobs({ find: () => undefined, cancel: () => Promise.reject(), place });
  jobs.place(Array.from({ length: count }, (_, at) => ({ stoks: "A", quantity: String(at + 1), longPending: false })));
  return [jobs, () => placed.length];
}

function placed(replayed: boolean): Answer<Placed> {
  return { ok: true, value: { order: order("a", 1), clientOrderId: null, idempotencyKey: null, replayed } };
}

test("orders are placed five at a time; those that had been placed before are told apart", async () => {
  const [jobs, count] = placing(12, ({ quantity }) => placed(Number(quantity) > 10));
  expect(count()).toBe(5);
  await vi.advanceTimersByTimeAsync(100);
  expect(jobs.current()).toMatchObject({ kind: "place", state: "done", done: 12, placed: 10, placedBefore: 2 });
});

test("the first order that the venue finds fault with ends the placing; what was sent is still counted", async () => {
  const [jobs, count] = placing(100, ({ quantity }) => (quantity === "3" ? refusedPlacing(422) : placed(false)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(jobs.current()).toMatchObject({ state: "given up", placed: 6, failed: 1, refusal: { status: 422 } });
  expect(count()).toBe(7);
});

function refusedPlacing(status: number): Answer<Placed> {
  return { ok: false, refusal: { status, message: "", fields: new Map() } };
}

import { createRoot, createSignal } from "solid-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLook, type Look } from "../../src/live/look";
import { Orders } from "../../src/model/orders";
import { change } from "./support";

const WIRE = {
  id: "a",
  stoks: "EURUSD",
  quantity: 5,
  status: "PENDING",
  accepted_at: "1970-01-01T00:00:00.001000Z",
  due_at: "1970-01-01T00:00:00.501000Z",
  closed_at: null,
  accepted_seq: 1,
  seq: 1,
  idempotency_key: "key",
};
const known = () => Response.json(WIRE);
const missing = () => Response.json({ detail: "Order not found" }, { status: 404 });

let answer: (() => Response) | null = null;
let asked = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  [answer, asked] = [null, 0];
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    if (answer === null) throw new Error("away");
    return answer();
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = () => vi.advanceTimersByTimeAsync(0);

interface Page {
  readonly orders: Orders;
  readonly look: () => Look;
  /** Orders have changed. */
  drawn(): void;
  reconnected(): void;
  anew(): void;
}

async function looking(at: (page: Page) => Promise<void>): Promise<void> {
  await createRoot(async (dispose) => {
    const orders = new Orders();
    const [frame, setFrame] = createSignal(0);
    const [instance, setInstance] = createSignal(1);
    const [reconnects, setReconnects] = createSignal(0);
    const look = createLook({ orders, frame, instance, reconnects }, () => "a");
    await at({
      orders,
      look,
      drawn: () => setFrame((n) => n + 1),
      reconnected: () => setReconnects((n) => n + 1),
      anew: () => {
        orders.clear();
        setInstance((n) => n + 1);
      },
    });
    dispose();
  });
}

test("an order is known with its names, and follows what is announced", async () => {
  answer = known;
  await looking(async ({ orders, look, drawn }) => {
    expect(look()).toEqual({ kind: "asking", order: null });
    await settled();
    expect(look()).toMatchObject({ kind: "known", record: { idempotencyKey: "key", order: { status: "PENDING" } } });
    const before = look();
    drawn();
    expect(look()).toBe(before);
    orders.apply(change(2, "a", "EXECUTED"));
    drawn();
    expect(look()).toMatchObject({ record: { order: { status: "EXECUTED", acceptedSeq: 1, dueUs: 501_000 } } });
  });
});

test("an order that neither side knows is unknown", async () => {
  answer = missing;
  await looking(async ({ look }) => {
    await settled();
    expect(look()).toEqual({ kind: "unknown" });
  });
});

test("what the venue has forgotten is shown as it was seen, and said to be so", async () => {
  answer = missing;
  await looking(async ({ orders, look, drawn }) => {
    orders.apply(change(1, "a"));
    drawn();
    expect(look()).toMatchObject({ kind: "asking", order: { id: "a" } });
    await settled();
    drawn();
    expect(look()).toMatchObject({ kind: "forgotten", order: { id: "a", status: "PENDING" } });
    expect(orders.all.map((order) => orders.forgotten.has(order))).toEqual([true]);
  });
});

test("another venue is asked anew, and what it does not know was seen before", async () => {
  answer = known;
  await looking(async ({ look, anew }) => {
    await settled();
    answer = missing;
    anew();
    expect(look()).toMatchObject({ kind: "asking", order: { id: "a" } });
    await settled();
    expect(look()).toMatchObject({ kind: "forgotten", order: { id: "a" } });
    expect(asked).toBe(2);
  });
});

test("it is asked for again after a reconnect, and while there is no answer", async () => {
  await looking(async ({ look, reconnected }) => {
    await settled();
    expect(look()).toMatchObject({ kind: "failed", refusal: { status: 0 } });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toBe(2);
    answer = known;
    reconnected();
    await settled();
    expect([look().kind, asked]).toEqual(["known", 3]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(3);
  });
});

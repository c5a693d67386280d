import { createRoot, createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { expect, test } from "vitest";
import { Orders } from "../../src/model/orders";
import { createStill } from "../../src/panels/orders/still";
import { createView, type View } from "../../src/panels/orders/view";
import { type Address, NOWHERE, type Place } from "../../src/shell/address";
import { change } from "./support";

/** A view on ten orders: every other one executed, the symbols in turn. */
function looking(
  look: (view: View, orders: Orders, applied: (...changes: ReturnType<typeof change>[]) => void) => void,
  from: Partial<Place> = {},
  only?: () => string,
) {
  createRoot((dispose) => {
    const [place, move] = createStore({ ...NOWHERE, ...from });
    const address: Address = { place, move, link: () => "", onLink: () => {} };
    let seq = 19;
    const orders = new Orders();
    const [frame, setFrame] = createSignal(0);
    const applied = (...changes: ReturnType<typeof change>[]) => {
      for (const one of changes) {
        orders.apply(one);
        seq = one.seq;
      }
      setFrame((n) => n + 1);
    };
    for (let n = 1; n <= 10; n += 1)
      orders.apply(change(n, `id-${n}`, "PENDING", { symbol: n % 2 ? "EURUSD" : "AAPL" }));
    for (let n = 1; n <= 10; n += 2) orders.apply(change(10 + n, `id-${n}`, "EXECUTED", { symbol: "EURUSD" }));
    const of = { orders, frame, seq: () => seq, address };
    const still = createStill({ ...of, live: () => true });
    look(createView({ ...of, still, ...(only === undefined ? {} : { only }) }), orders, applied);
    dispose();
  });
}

const ids = (view: View) => view.shown().rows.map((order) => order.id);

test("filters narrow by status, symbol and id; counts are of what the other two let through", () => {
  looking((view) => {
    view.narrow({ symbol: " eur" });
    expect(view.shown().counts).toEqual({ PENDING: 0, EXECUTED: 5, CANCELLED: 0 });
    view.narrow({ symbol: "", find: "ID-1" });
    expect(ids(view)).toEqual(["id-1", "id-10"]);
    view.narrow({ status: "PENDING" });
    expect(ids(view)).toEqual(["id-10"]);
    expect(view.shown().counts).toEqual({ PENDING: 1, EXECUTED: 1, CANCELLED: 0 });
  });
});

test("a view of one symbol has that symbol's orders alone, whatever the filter for symbols says", () => {
  const of = (only: string, from: Partial<Place>) => {
    let seen: readonly [string[], number] = [[], 0];
    looking(
      (view) => {
        seen = [ids(view), view.shown().counts.PENDING];
      },
      from,
      () => only,
    );
    return seen;
  };
  expect(of("AAPL", { symbol: "EUR" })).toEqual([["id-2", "id-4", "id-6", "id-8", "id-10"], 5]);
  expect(of("AAPL", { find: "id-1" })).toEqual([["id-10"], 1]);
  // To the letter: another one begins so.
  expect(of("AAP", {})).toEqual([[], 0]);
});

test("a row that a change takes out of the filter goes", () => {
  looking((view, _, applied) => {
    view.narrow({ status: "PENDING" });
    expect(ids(view)).toHaveLength(5);
    applied(change(30, "id-2", "CANCELLED"));
    expect(ids(view)).toEqual(["id-4", "id-6", "id-8", "id-10"]);
  });
});

test("newer rows wait above the reader who has scrolled away, and changes of the others are shown", () => {
  looking((view, _, applied) => {
    view.follow(false);
    applied(change(30, "new-1"), change(31, "new-2"), change(32, "id-2", "CANCELLED"));
    expect(view.shown().newer).toBe(2);
    expect(view.shown().pending).toBe(4);
    expect(ids(view).at(-1)).toBe("id-10");
    expect(view.shown().rows[1]?.status).toBe("CANCELLED");
    view.follow(true);
    expect(view.shown().newer).toBe(0);
    expect(ids(view).at(-1)).toBe("new-2");
  });
});

test("a list that is paused stands still, counts too, and loses nothing", () => {
  looking((view, orders, applied) => {
    view.pause(true);
    const before = view.shown();
    applied(change(30, "new-1"), change(31, "id-2", "CANCELLED"));
    expect(view.shown()).toEqual(before);
    expect(view.waiting()).toBe(12);
    view.pause(false);
    expect(view.shown().rows).toEqual(orders.all);
    expect(view.shown().counts).toEqual({ PENDING: 5, EXECUTED: 5, CANCELLED: 1 });
  });
});

test("a page that is opened paused, at a row, shows what was there, and says how many changes came since", () => {
  looking(
    (view) => {
      expect(view.paused()).toBe(true);
      expect(view.waiting()).toBe(11);
      expect(view.spot()?.top).toBe(4);
      expect(view.following()).toBe(false);
      expect(ids(view).at(-1)).toBe("id-6");
      expect(view.shown().newer).toBe(2);
      view.pause(false);
      view.follow(true);
      expect(ids(view)).toHaveLength(10);
    },
    { paused: 8, spot: { top: 4, newest: 6 } },
  );
});

/** A list and what it keeps while it is paused, outside of any room; effects have run whenever it is looked at. */
function kept(from: Partial<Place> = {}) {
  return createRoot((dispose) => {
    const [place, move] = createStore({ ...NOWHERE, ...from });
    const address: Address = { place, move, link: () => "", onLink: () => {} };
    const orders = new Orders();
    let seq = 0;
    const [frame, setFrame] = createSignal(0);
    const [live, setLive] = createSignal(false);
    const of = { orders, frame, seq: () => seq, address };
    const still = createStill({ ...of, live });
    return {
      dispose,
      setLive,
      move,
      /** The list as another visit to the room makes it. */
      view: () => createRoot(() => createView({ ...of, still })),
      applied: (...changes: ReturnType<typeof change>[]) => {
        for (const one of changes) {
          orders.apply(one);
          seq = one.seq;
        }
        setFrame((n) => n + 1);
      },
    };
  });
}

test("a list that is paused stands still over a change of the room", () => {
  const { view, applied, setLive, dispose } = kept();
  setLive(true);
  applied(change(1, "id-1"), change(2, "id-2"));
  view().pause(true);
  applied(change(3, "id-1", "CANCELLED"), change(4, "new-1"));
  const anew = view();
  expect(ids(anew)).toEqual(["id-1", "id-2"]);
  expect(anew.shown().counts).toEqual({ PENDING: 2, EXECUTED: 0, CANCELLED: 0 });
  anew.pause(false);
  expect(view().shown().counts).toEqual({ PENDING: 2, EXECUTED: 0, CANCELLED: 1 });
  dispose();
});

test("after a reload a paused list stands still as soon as the page has caught up with it", () => {
  const { view, applied, setLive, move, dispose } = kept({ paused: 2 });
  const list = view();
  applied(change(1, "id-1"));
  expect(ids(list)).toEqual(["id-1"]);
  applied(change(2, "id-2"), change(3, "id-1", "EXECUTED"));
  setLive(true);
  expect(ids(list)).toEqual(["id-1", "id-2"]);
  applied(change(4, "id-2", "CANCELLED"), change(5, "new-1"));
  expect(list.shown().counts).toEqual({ PENDING: 1, EXECUTED: 1, CANCELLED: 0 });
  // Resumed by a step back, not by the list's own button.
  move({ paused: null });
  expect(list.shown().counts).toEqual({ PENDING: 1, EXECUTED: 1, CANCELLED: 1 });
  dispose();
});

test("filters of symbol and name go on to judge orders that change, and new ones", () => {
  looking((view, _, applied) => {
    view.narrow({ symbol: "aa", find: "Bot" });
    expect(ids(view)).toEqual([]);
    applied(change(30, "new-1", "PENDING", { symbol: "AAPL", clientOrderId: "BOT-7" }));
    expect(ids(view)).toEqual(["new-1"]);
    applied(change(31, "new-1", "EXECUTED", { symbol: "AAPL" }), change(32, "new-2", "PENDING", { symbol: "AAA" }));
    expect(view.shown().counts).toEqual({ PENDING: 0, EXECUTED: 1, CANCELLED: 0 });
    view.narrow({ find: "" });
    expect(view.shown().counts).toEqual({ PENDING: 6, EXECUTED: 1, CANCELLED: 0 });
  });
});

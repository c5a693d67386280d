import { createRoot, createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { expect, test } from "vitest";
import { Orders } from "../../src/model/orders";
import { createView, type View } from "../../src/panels/orders/view";
import { type Address, NOWHERE, type Place } from "../../src/shell/address";
import { change } from "./support";

/** A view on ten orders: every other one executed, the symbols in turn. */
function looking(
  look: (view: View, orders: Orders, applied: (...changes: ReturnType<typeof change>[]) => void) => void,
  from: Partial<Place> = {},
) {
  createRoot((dispose) => {
    const [place, move] = createStore({ ...NOWHERE, ...from });
    const address: Address = { place, move, link: () => "" };
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
    look(createView({ orders, frame, seq: () => seq, address }), orders, applied);
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

// What of all orders the blotter shows: the filters, the pause, and the edge that keeps rows in place while the reader
// looks at older ones. All of it is the address's; only what a paused list shows is kept beside it. Rows are held the
// oldest first, as the orders are; the blotter draws them the other way round.

import { type Accessor, createMemo } from "solid-js";
import { calm } from "../../figures/calm";
import { idIn } from "../../live/lookup";
import type { Order, Status } from "../../model/change";
import { age, type Orders } from "../../model/orders";
import type { Address, Place, Spot } from "../../shell/address";
import { firstAfter, type Held, type Still } from "./still";

/** What of the orders is shown: their status, the beginning of their symbol, a part of an id or a client's own. */
export type Filter = Pick<Place, "status" | "symbol" | "find">;

export interface Shown {
  /** The oldest first. */
  readonly rows: readonly Order[];
  /** How many of them are pending. */
  readonly pending: number;
  /** How many rows newer than these wait at the top. */
  readonly newer: number;
  /** Orders that the filters for symbol and id let through, by status. */
  readonly counts: Readonly<Record<Status, number>>;
}

export type Figures = Pick<Shown, "pending" | "counts">;

export interface View {
  /** The symbol that it is of; null where it is of all. */
  readonly only: Accessor<string | null>;
  readonly shown: Accessor<Shown>;
  /** The numbers of it, at a pace at which they can be read. */
  readonly figures: Accessor<Figures>;
  readonly filter: Accessor<Filter>;
  /** Changes some of the filter. */
  narrow(filter: Partial<Filter>): void;
  readonly paused: Accessor<boolean>;
  /** How many changes came since the list was paused. */
  readonly waiting: Accessor<number>;
  pause(paused: boolean): void;
  /** Whether the newest row stays in view; otherwise newer ones wait above the rows that are shown. */
  readonly following: Accessor<boolean>;
  follow(following: boolean): void;
  /** Where the reader looks; null at the top. */
  readonly spot: Accessor<Spot | null>;
  lookAt(row: Order | undefined): void;
}

export interface ViewOf {
  readonly orders: Orders;
  readonly frame: Accessor<number>;
  /** The number of the newest change. */
  readonly seq: () => number;
  readonly address: Address;
  readonly still: Still;
  /** Of orders in this symbol alone, whatever the filter for symbols says. */
  readonly only?: Accessor<string>;
}

export function createView({ orders, frame, seq, address, still, only }: ViewOf): View {
  const { move } = address;
  const place = () => address.place;
  const filter = createMemo((): Filter => {
    const { status, symbol, find } = place();
    return { status, symbol: only?.() ?? symbol, find };
  });
  /** The age of the newest row that is shown, while the reader looks at older ones: scrolling does not change it. */
  const edge = createMemo(() => place().spot?.newest ?? null);
  const fits = createMemo(() => fitting(place().symbol, only?.() ?? null, place().find));

  const matching = createMemo(
    () => {
      const held = still.held();
      if (held === null) frame();
      return match(held ?? orders, place().status, fits());
    },
    undefined,
    { equals: false },
  );

  const shown = createMemo(
    (): Shown => {
      const { rows, counts } = matching();
      const edgeAge = edge();
      if (edgeAge === null) {
        const { status } = filter();
        return { rows, counts, pending: status === null || status === "PENDING" ? counts.PENDING : 0, newer: 0 };
      }
      const end = firstAfter(rows, edgeAge);
      const shown = rows.slice(0, end);
      const pending = shown.reduce((sum, { status }) => sum + (status === "PENDING" ? 1 : 0), 0);
      return { rows: shown, counts, pending, newer: rows.length - end };
    },
    undefined,
    { equals: false },
  );

  const figures = calm((): Figures => ({ pending: shown().pending, counts: { ...shown().counts } }));

  const newestShown = () => {
    const { rows } = shown();
    const newest = rows[rows.length - 1];
    return newest === undefined ? 0 : age(newest);
  };

  return {
    only: () => only?.() ?? null,
    shown,
    figures,
    filter,
    narrow: (change) => move({ ...change, spot: null }),
    paused: () => place().paused !== null,
    waiting: () => {
      const { paused } = place();
      frame();
      return paused === null ? 0 : Math.max(0, seq() - paused);
    },
    pause: still.pause,
    following: () => edge() === null,
    follow: (following) => {
      if (following) move({ spot: null });
      else if (edge() === null) move({ spot: { top: newestShown(), newest: newestShown() } });
    },
    spot: () => place().spot,
    lookAt: (row) => {
      const { spot } = place();
      if (row !== undefined && spot !== null && spot.top !== age(row)) move({ spot: { ...spot, top: age(row) } });
    },
  };
}

function match(orders: Held, status: Status | null, fits: Fits | null): Pick<Shown, "rows" | "counts"> {
  // Nothing is filtered most of the time: then nothing is copied.
  if (fits === null) {
    const rows = status === null ? orders.all : orders.all.filter((order) => order.status === status);
    return { rows, counts: orders.counts };
  }
  const counts = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };
  const rows = orders.all.filter((order) => {
    if (!fits(order)) return false;
    counts[order.status] += 1;
    return status === null || order.status === status;
  });
  return { rows, counts };
}

type Fits = (order: Order) => boolean;

/** A venue may be given any number of symbols. */
const SYMBOLS = 10_000;

/** Whether the filters for symbol and name let an order through; null where they let all through. With each frame all
 * orders are asked about: what was found of a symbol, and of an order, holds for as long as the filters do. */
function fitting(symbol: string, only: string | null, find: string): Fits | null {
  const [begins, wanted] = [symbol.trim().toUpperCase(), named(find).toLowerCase()];
  const symbols = new Map<string, boolean>();
  const begun = (symbol: string) => {
    let is = symbols.get(symbol);
    if (is === undefined) {
      if (symbols.size >= SYMBOLS) symbols.clear();
      is = symbol.toUpperCase().startsWith(begins);
      symbols.set(symbol, is);
    }
    return is;
  };
  const names = new WeakMap<Order, boolean>();
  const called = (order: Order) => {
    let is = names.get(order);
    if (is === undefined) {
      is = isCalled(order, wanted);
      names.set(order, is);
    }
    return is;
  };
  if (only !== null) return (order) => order.symbol === only && (wanted === "" || called(order));
  if (begins === "" && wanted === "") return null;
  if (wanted === "") return ({ symbol }) => begun(symbol);
  if (begins === "") return called;
  return (order) => begun(order.symbol) && called(order);
}

/** What an order that is looked for has in one of its names: a pasted link, or an id without dashes, is an id. */
function named(text: string): string {
  return idIn(text) ?? text.trim();
}

function isCalled({ id, clientOrderId }: Order, wanted: string): boolean {
  return id.includes(wanted) || clientOrderId?.toLowerCase().includes(wanted) === true;
}

// What of all orders the blotter shows: the filters, the pause, and the edge that keeps rows in place while the reader
// looks at older ones. Rows are held the oldest first, as the orders are; the blotter draws them the other way round.

import { type Accessor, createMemo, createSignal } from "solid-js";
import type { Order, Status } from "../../model/change";
import { age, type Orders } from "../../model/orders";

export interface Filter {
  readonly status: Status | null;
  /** The beginning of a symbol, in any case. */
  readonly symbol: string;
  /** A part of an id. */
  readonly id: string;
}

export const NO_FILTER: Filter = { status: null, symbol: "", id: "" };

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

export interface View {
  readonly shown: Accessor<Shown>;
  readonly filter: Accessor<Filter>;
  /** Changes some of the filter. */
  narrow(filter: Partial<Filter>): void;
  readonly paused: Accessor<boolean>;
  pause(paused: boolean): void;
  /** Whether the newest row stays in view; otherwise newer ones wait above the rows that are shown. */
  readonly following: Accessor<boolean>;
  follow(following: boolean): void;
}

/** Orders, as they are or as they were when the list was paused. */
type Held = Pick<Orders, "all" | "counts">;

export function createView(orders: Orders, frame: Accessor<number>): View {
  const [filter, setFilter] = createSignal(NO_FILTER);
  /** While paused, all orders as they were. */
  const [still, setStill] = createSignal<Held | null>(null);
  /** The age of the newest row that is shown, while the reader looks at older ones. */
  const [edge, setEdge] = createSignal<number | null>(null);

  const matching = createMemo(
    () => {
      const source = still();
      if (source === null) frame();
      return match(source ?? orders, filter());
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

  const newestShown = () => {
    const { rows } = shown();
    const newest = rows[rows.length - 1];
    return newest === undefined ? 0 : age(newest);
  };

  return {
    shown,
    filter,
    narrow: (change) => {
      setEdge(null);
      setFilter((filter) => ({ ...filter, ...change }));
    },
    paused: () => still() !== null,
    pause: (paused) => {
      setStill(paused ? { all: orders.all.slice(), counts: orders.counts } : null);
    },
    following: () => edge() === null,
    follow: (following) => {
      if (following) setEdge(null);
      else if (edge() === null) setEdge(newestShown());
    },
  };
}

function match(orders: Held, filter: Filter): Pick<Shown, "rows" | "counts"> {
  const symbol = filter.symbol.trim().toUpperCase();
  const id = filter.id.trim().toLowerCase();
  const { status } = filter;
  // Nothing is filtered most of the time: then nothing is copied.
  if (symbol === "" && id === "") {
    const rows = status === null ? orders.all : orders.all.filter((order) => order.status === status);
    return { rows, counts: orders.counts };
  }
  const counts = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };
  const rows = orders.all.filter((order) => {
    const fits = order.symbol.toUpperCase().startsWith(symbol) && order.id.includes(id);
    if (fits) counts[order.status] += 1;
    return fits && (status === null || order.status === status);
  });
  return { rows, counts };
}

/** The first row that is younger than `edge`. */
function firstAfter(rows: readonly Order[], edge: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (age(rows[middle] as Order) <= edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

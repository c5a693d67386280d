// What of all orders the blotter shows: the filters, the pause, and the edge that keeps rows in place while the reader
// looks at older ones. All of it is the address's; only what a paused list showed is kept here. Rows are held the oldest first, as the orders are; the blotter draws them the other way round.

import { type Accessor, createEffect, createMemo, createSignal, on } from "solid-js";
import { readId, readLink } from "../../live/lookup";
import type { Order, Status } from "../../model/change";
import { age, type Orders } from "../../model/orders";
import type { Address, Place, Spot } from "../../shell/address";

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

export interface View {
  readonly shown: Accessor<Shown>;
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

/** Orders, as they are or as they were when the list was paused. */
type Held = Pick<Orders, "all" | "counts">;

export interface ViewOf {
  readonly orders: Orders;
  readonly frame: Accessor<number>;
  /** The number of the newest change. */
  readonly seq: () => number;
  readonly address: Address;
}

export function createView({ orders, frame, seq, address }: ViewOf): View {
  const { move } = address;
  const place = () => address.place;
  const filter = createMemo((): Filter => {
    const { status, symbol, find } = place();
    return { status, symbol, find };
  });
  /** All orders as they were when the list was paused; a page that was opened paused has to do with those of then. */
  const [still, setStill] = createSignal<Held | null>(null);
  createEffect(
    on(
      () => place().paused === null,
      (runs) => runs && setStill(null),
    ),
  );
  /** The age of the newest row that is shown, while the reader looks at older ones. */
  const edge = () => place().spot?.newest ?? null;

  const matching = createMemo(
    () => {
      const [held, paused] = [still(), place().paused];
      if (held === null) frame();
      const source = held ?? (paused === null ? orders : asOf(orders, paused));
      return match(source, filter());
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
    narrow: (change) => move({ ...change, spot: null }),
    paused: () => place().paused !== null,
    waiting: () => {
      const { paused } = place();
      frame();
      return paused === null ? 0 : Math.max(0, seq() - paused);
    },
    pause: (paused) => {
      setStill(paused ? { all: orders.all.slice(), counts: orders.counts } : null);
      move({ paused: paused ? seq() : null });
    },
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

/** The orders that were there by a change. */
function asOf(orders: Orders, seq: number): Held {
  const all = orders.all.slice(0, firstAfter(orders.all, seq));
  const counts = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };
  for (const { status } of all) counts[status] += 1;
  return { all, counts };
}

function match(orders: Held, filter: Filter): Pick<Shown, "rows" | "counts"> {
  const symbol = filter.symbol.trim().toUpperCase();
  const wanted = named(filter.find).toLowerCase();
  const { status } = filter;
  // Nothing is filtered most of the time: then nothing is copied.
  if (symbol === "" && wanted === "") {
    const rows = status === null ? orders.all : orders.all.filter((order) => order.status === status);
    return { rows, counts: orders.counts };
  }
  const counts = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };
  const rows = orders.all.filter((order) => {
    const fits = order.symbol.toUpperCase().startsWith(symbol) && isCalled(order, wanted);
    if (fits) counts[order.status] += 1;
    return fits && (status === null || order.status === status);
  });
  return { rows, counts };
}

/** What an order that is looked for has in one of its names: a pasted link, or an id without dashes, is an id. */
function named(text: string): string {
  return readLink(text) ?? readId(text.trim()) ?? text.trim();
}

function isCalled({ id, clientOrderId }: Order, wanted: string): boolean {
  return wanted === "" || id.includes(wanted) || clientOrderId?.toLowerCase().includes(wanted) === true;
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

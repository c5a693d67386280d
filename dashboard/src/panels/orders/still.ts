// What a list that is paused shows: the orders as they were when it was paused. It is kept for as long as the list is
// paused, whatever room is shown; after a reload it is taken anew, as soon as the page knows as much as the list did.

import { type Accessor, batch, createEffect, createSignal } from "solid-js";
import { age, type Orders } from "../../model/orders";
import type { Address } from "../../shell/address";

/** Orders, as they are or as they were. */
export type Held = Pick<Orders, "all" | "counts">;

export interface StillOf {
  readonly orders: Orders;
  readonly frame: Accessor<number>;
  /** The number of the newest change. */
  readonly seq: () => number;
  /** Whether all that the venue tells has come. */
  readonly live: () => boolean;
  readonly address: Address;
}

export interface Still {
  /** Null while the list runs. */
  readonly held: Accessor<Held | null>;
  pause(paused: boolean): void;
}

export function createStill({ orders, frame, seq, live, address }: StillOf): Still {
  const paused = () => address.place.paused;
  /** By the number of the change at which the list was paused. */
  const [kept, setKept] = createSignal<{ readonly at: number; readonly held: Held } | null>(null);
  createEffect(() => {
    const at = paused();
    if (at === null) return void setKept(null);
    if (kept()?.at === at) return;
    frame();
    if (live() && seq() >= at) setKept({ at, held: asOf(orders, at) });
  });
  return {
    held: () => {
      const [at, now] = [paused(), kept()];
      if (at === null) return null;
      if (now?.at === at) return now.held;
      frame();
      return asOf(orders, at);
    },
    pause: (pauses) =>
      batch(() => {
        const at = seq();
        setKept(pauses ? { at, held: { all: orders.all.slice(), counts: orders.counts } } : null);
        address.move({ paused: pauses ? at : null });
      }),
  };
}

/** The orders that were there by a change. */
function asOf(orders: Orders, seq: number): Held {
  const all = orders.all.slice(0, firstAfter(orders.all, seq));
  const counts = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };
  for (const { status } of all) counts[status] += 1;
  return { all, counts };
}

/** The first row that is younger than `edge`. */
export function firstAfter(rows: Orders["all"], edge: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && age(row) <= edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

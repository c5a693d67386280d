// Notices that the venue has let go of orders which the page holds, and asks how far back its list still goes.

import * as rest from "../api/rest";
import type { Orders } from "../model/orders";
import type { Reading } from "../model/prometheus";

/** However fast the venue forgets, it is asked no more often. */
const ASK_EVERY_MS = 10_000;

/** How many orders the venue can list; null where it does not tell. */
export function listable(reading: Reading | undefined): number | null {
  if (reading === undefined) return null;
  return reading.listed ?? reading.held;
}

export class Forgetting {
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly orders: Orders,
    private readonly seq: () => number,
  ) {}

  /** Takes a reading that was asked for while the page held so many orders; returns whether some are now marked. */
  async take(reading: Reading, held: number): Promise<boolean> {
    // What an earlier venue holds beside a data folder is not all that it lists.
    const known = reading.listed !== null || reading.info?.durable === false;
    if (!known || held <= (listable(reading) ?? 0) || reading.atMs - this.askedMs < ASK_EVERY_MS) return false;
    this.askedMs = reading.atMs;
    let marked = false;
    for (const status of ["EXECUTED", "CANCELLED"] as const) {
      const asOfSeq = this.seq();
      const answer = await rest.list(`status=${status}&limit=1`);
      // Numbers that went back are those of another venue.
      if (!answer.ok || this.seq() < asOfSeq) continue;
      this.orders.forgotten.lists(status, answer.value.orders[0] ?? null, asOfSeq);
      marked = true;
    }
    return marked;
  }
}

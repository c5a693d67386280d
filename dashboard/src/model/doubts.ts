// Executions that came late, of orders whose terms are not known: an order of the exchange may have waited for its price,
// and then neither it nor the venue is late. Which it was is told by its terms, when they become known. Bounded.

import type { Order } from "./change";

/** Later than this an execution may have waited for its price. */
const DOUBT_US = 20_000;
const HELD = 4_096;

/** Whether it is not known what an order that was executed then was waiting for. */
export function isDoubtful({ terms, dueUs }: Order, atUs: number): boolean {
  return terms === null && dueUs !== null && atUs - dueUs >= DOUBT_US;
}

/** Whether an order executes when its price is there: that is neither its delay nor the venue's lateness. */
export function waitsForPrice({ terms }: Order): boolean {
  return terms !== null && terms.type !== "market";
}

export class Doubts {
  private readonly held = new Map<string, Order>();

  /** Of more than can be held, the oldest is let go: of it nothing will be known. */
  add(order: Order): void {
    this.held.set(order.id, order);
    if (this.held.size > HELD) for (const id of this.held.keys()) return void this.held.delete(id);
  }

  has(id: string): boolean {
    return this.held.has(id);
  }

  /** Lets go of an order. */
  take(id: string): Order | null {
    const order = this.held.get(id) ?? null;
    this.held.delete(id);
    return order;
  }

  /** Each in turn; null where there is none. Those that were executed before `sinceUs` are let go. */
  next(sinceUs: number): Order | null {
    for (const [id, order] of this.held) {
      this.held.delete(id);
      if ((order.closedUs ?? 0) < sinceUs) continue;
      this.held.set(id, order);
      return order;
    }
    return null;
  }

  clear(): void {
    this.held.clear();
  }
}

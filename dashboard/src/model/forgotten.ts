// Which of the orders that the page holds the venue no longer knows: those that it was asked for in vain, and all that
// closed before the oldest that it still lists. What was seen of them is kept; memory is bounded.

import type { Order, Status } from "./change";

/** So many single orders are remembered as forgotten. */
const SINGLE = 1_000;

type Closed = Exclude<Status, "PENDING">;

interface Mark {
  /** The oldest of this status that the venue lists was accepted with this change. */
  readonly beforeSeq: number;
  /** The newest change that the page had when it asked: what closed later is another matter. */
  readonly asOfSeq: number;
}

export class Forgotten {
  private readonly single = new Set<string>();
  private readonly marks = new Map<Status, Mark>();

  /** The venue was asked for this order, and does not know it. */
  add(id: string): void {
    this.single.add(id);
    if (this.single.size > SINGLE) this.single.delete(this.single.values().next().value as string);
  }

  /** The oldest order of a status that the venue lists; null where it lists none. */
  lists(status: Closed, oldest: Order | null, asOfSeq: number): void {
    const beforeSeq = oldest === null ? Number.POSITIVE_INFINITY : (oldest.acceptedSeq ?? 0);
    this.marks.set(status, { beforeSeq, asOfSeq });
  }

  /** Whether the venue is known to have forgotten any. */
  get any(): boolean {
    return this.single.size > 0 || [...this.marks.values()].some(({ beforeSeq }) => beforeSeq > 0);
  }

  has(order: Order): boolean {
    if (this.single.has(order.id)) return true;
    const mark = this.marks.get(order.status);
    return mark !== undefined && order.seq <= mark.asOfSeq && (order.acceptedSeq ?? order.seq) < mark.beforeSeq;
  }

  clear(): void {
    this.single.clear();
    this.marks.clear();
  }
}

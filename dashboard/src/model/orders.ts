// The orders that the page holds, in the order in which they were accepted. Orders are values: a change replaces one,
// so that whoever keeps an old list keeps what it showed. Knows nothing of the screen or the network.

import type { Change, Order, Status } from "./change";
import { Forgotten } from "./forgotten";
import { ended, isNewer } from "./terms";

/** How many orders are held: beyond it the oldest are let go, some at a time. */
const HELD = 50_000;
/** How many are held at most where the reader asked for older ones. */
export const MOST = 200_000;

export class Orders {
  /** Those that the venue no longer knows. */
  readonly forgotten = new Forgotten();
  private orders: Order[] = [];
  /** Where an order stands, counted from the first that was ever held. */
  private readonly places = new Map<string, number>();
  private gone = 0;
  /** How many are held now. */
  private limit: number;
  private firstKept = 0;
  /** Whether an order came after one that is younger. */
  private disordered = false;
  private readonly tally: Record<Status, number> = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };

  constructor(
    private readonly held: number = HELD,
    private readonly most: number = MOST,
  ) {
    this.limit = held;
  }

  /** All of them, the oldest first. Changes in place: copy it to keep it. */
  get all(): readonly Order[] {
    return this.orders;
  }

  get size(): number {
    return this.orders.length;
  }

  /** How many were let go, because newer ones took their room. */
  get dropped(): number {
    return this.gone;
  }

  /** None of this age or younger was let go for room. */
  get keptFrom(): number {
    return this.firstKept;
  }

  /** How many older ones can be taken over beyond those that are held. */
  get room(): number {
    return Math.max(0, this.most - this.orders.length);
  }

  /** How many there are of each status, now. */
  get counts(): Readonly<Record<Status, number>> {
    return { ...this.tally };
  }

  count(status: Status): number {
    return this.tally[status];
  }

  find(id: string): Order | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.orders[place - this.gone];
  }

  /** Applies a change and returns the order as it stands then. An older change than the one known changes nothing. */
  apply(change: Change): Order {
    const known = this.find(change.id);
    if (known !== undefined && known.seq >= change.seq) return known;
    return this.put(after(known, change));
  }

  /** Takes over orders as the venue tells them, unless something newer is known, and puts all into order. */
  merge(orders: Iterable<Order>): void {
    for (const order of orders) this.put(joined(this.find(order.id), order));
    this.tidy();
  }

  /** Takes over an order as it is announced with its terms. To be followed by `tidy`. */
  tell(order: Order): void {
    this.put(joined(this.find(order.id), order));
  }

  /**
   * Takes over orders that the reader asked for, older than those that are held. They stay until as many new ones have
   * come as are held by default, or there are `most`.
   */
  mergeOlder(orders: readonly Order[]): void {
    this.limit = Math.min(this.most, Math.max(this.limit, this.orders.length + orders.length + this.held));
    this.merge(orders);
  }

  /** Puts all into order. To be called once changes were applied: open orders may have been told before older changes. */
  tidy(): void {
    if (!this.disordered) return;
    this.disordered = false;
    this.orders.sort((a, b) => age(a) - age(b));
    this.findPlaces();
  }

  /** Lets go of orders that the venue does not know any more. */
  forget(ids: ReadonlySet<string>): void {
    this.orders = this.orders.filter((order) => {
      if (!ids.has(order.id)) return true;
      this.tally[order.status] -= 1;
      return false;
    });
    this.findPlaces();
  }

  clear(): void {
    this.orders = [];
    this.places.clear();
    this.gone = this.firstKept = 0;
    this.limit = this.held;
    this.forgotten.clear();
    this.disordered = false;
    this.tally.PENDING = this.tally.EXECUTED = this.tally.CANCELLED = 0;
  }

  private put(order: Order): Order {
    const place = this.places.get(order.id);
    if (place === undefined) {
      const newest = this.orders[this.orders.length - 1];
      if (newest !== undefined && age(order) < age(newest)) this.disordered = true;
      this.places.set(order.id, this.gone + this.orders.length);
      this.orders.push(order);
    } else {
      const at = place - this.gone;
      const before = this.orders[at];
      if (before !== undefined) {
        this.tally[before.status] -= 1;
        if (age(before) !== age(order)) this.disordered = true;
      }
      this.orders[at] = order;
    }
    this.tally[order.status] += 1;
    // A tenth more may gather, so that room is not made for each order anew.
    if (this.orders.length > this.limit * 1.1) this.makeRoom();
    return order;
  }

  private findPlaces(): void {
    this.places.clear();
    this.orders.forEach((order, at) => {
      this.places.set(order.id, this.gone + at);
    });
  }

  private makeRoom(): void {
    this.tidy();
    const excess = this.orders.splice(0, this.orders.length - this.limit);
    this.gone += excess.length;
    this.firstKept = age(this.orders[0] as Order);
    for (const order of excess) {
      this.places.delete(order.id);
      this.tally[order.status] -= 1;
    }
  }
}

/** The order as told now; where something newer is known, that, with what it lacked of its beginning. */
export function joined(known: Order | undefined, told: Order): Order {
  if (known === undefined || known.seq < told.seq) return told;
  if (known.seq === told.seq && isNewer(told.terms, known.terms)) return told;
  const { acceptedSeq, acceptedUs, dueUs, clientOrderId } = told;
  const terms = known.terms ?? ended(told.terms, known.status);
  const whole = known.acceptedUs !== null && known.clientOrderId === clientOrderId && known.terms === terms;
  return whole ? known : { ...known, acceptedSeq, acceptedUs, dueUs, clientOrderId, terms };
}

/** Orders are held by age: one whose beginning was not seen has the age at which it was seen. */
export function age(order: Order): number {
  return order.acceptedSeq ?? order.seq;
}

function after(known: Order | undefined, change: Change): Order {
  const { id, symbol, quantity, status, seq, atUs } = change;
  const begun = status === "PENDING";
  return {
    id,
    symbol,
    quantity,
    status,
    seq,
    acceptedSeq: begun ? seq : (known?.acceptedSeq ?? null),
    acceptedUs: begun ? atUs : (known?.acceptedUs ?? null),
    dueUs: begun ? change.dueUs : (known?.dueUs ?? null),
    closedUs: begun ? null : atUs,
    clientOrderId: change.clientOrderId ?? known?.clientOrderId ?? null,
    terms: ended(known?.terms ?? null, status),
  };
}

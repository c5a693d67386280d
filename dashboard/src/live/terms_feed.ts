// What orders are on the exchange, for the orders that the page holds: heard on the channel `orders` while a room shows
// it, and asked for of those in sight that were there before. The stream of changes goes on without it.

import * as rest from "../api/rest";
import { type Order, readOrder, type WireOrder } from "../model/change";
import { age, type Orders } from "../model/orders";
import { Channel } from "./channel";

/** So many of the newest are asked for at the beginning: what a first look shows. */
const NEWEST = 200;
/** So many are asked for from the first that is in sight and lacks its terms. */
const AT_ONCE = 100;
const ASK_EVERY_MS = 400;

interface Told {
  readonly channel: string;
  readonly order: WireOrder;
}

export class TermsFeed {
  private readonly channel: Channel;
  private waiting: string[] = [];
  /** Orders that were asked for: who did not get an answer does not ask again. */
  private readonly asked = new Set<string>();
  private asking = false;

  constructor(
    private readonly orders: Orders,
    /** Something waits for its turn. */
    private readonly soon: () => void,
    /** The terms of an order are known now. */
    private readonly learnt: (order: Order) => void,
  ) {
    this.channel = new Channel({
      frame: (text) => {
        this.waiting.push(text);
        this.soon();
      },
      opened: () => void this.ask(`order=desc&limit=${NEWEST}`),
    });
  }

  listen(listens: boolean): void {
    this.channel.listen(listens ? "channels=orders" : null);
  }

  /** Takes over what has come. */
  turned(): void {
    if (this.waiting.length === 0) return;
    const texts = this.waiting;
    this.waiting = [];
    for (const text of texts) {
      const told = JSON.parse(text) as Told;
      if (told.channel === "orders") this.tell(readOrder(told.order));
    }
  }

  /** An order lacks its terms that are wanted: it is asked for, and those after it. */
  async lacks(order: Order): Promise<void> {
    if (this.asking || this.asked.has(order.id) || this.orders.forgotten.has(order)) return;
    this.asked.add(order.id);
    const before = this.before(order);
    this.asking = true;
    if (before !== null) await this.ask(`after=${before.id}&limit=${AT_ONCE}`);
    else {
      const answer = await rest.show(order.id);
      if (answer.ok) this.take([answer.value.order]);
    }
    setTimeout(() => {
      this.asking = false;
      // Others in sight may lack theirs.
      this.soon();
    }, ASK_EVERY_MS);
  }

  /** Another venue: what was asked of the one before says nothing. */
  clear(): void {
    this.waiting = [];
    this.asked.clear();
  }

  /** The order before this one, where it is known by its acceptance. */
  private before(order: Order): Order | null {
    const { all } = this.orders;
    const at = all.findLastIndex((other) => age(other) < age(order));
    return all[at]?.acceptedSeq == null ? null : (all[at] as Order);
  }

  private async ask(query: string): Promise<void> {
    const answer = await rest.list(query);
    if (answer.ok) this.take(answer.value.orders);
  }

  /** What is not held is not wanted: only those that are learn their terms. */
  private take(orders: readonly Order[]): void {
    for (const order of orders) if (this.orders.find(order.id) !== undefined) this.tell(order);
    this.soon();
  }

  private tell(order: Order): void {
    this.orders.tell(order);
    this.learnt(order);
  }
}

// The orders that are open and of which the stream does not tell: those that were placed before the changes with which the
// page begins, and those that lost changes may have closed.

import * as rest from "../api/rest";
import type { Order } from "../model/change";
import type { Orders } from "../model/orders";
import { passes } from "./wait";

/** More are not looked for. */
const OPEN_ORDERS = 20_000;
/** The open orders that follow a loss have been told by then; one that was not is merely asked for in vain. */
const SETTLE_AFTER_MS = 2_000;
/** What was not answered is asked for again. */
const ASK_AGAIN_MS = 2_000;
/** Orders that a lost change may have closed are asked for so many at a time. */
const AT_A_TIME = 6;

export class OpenOrders {
  /** Open orders that were told and wait for the end of the turn. */
  private waiting: Order[] = [];
  /** Orders that the venue told to be open since changes were lost. */
  private stillOpen = new Set<string>();
  /** How often the page began with nothing: what was asked for before that is of no use after it. */
  private began = 0;

  constructor(
    private readonly orders: Orders,
    private readonly changed: () => void,
  ) {}

  /** The stream tells of an open order. */
  add(order: Order): void {
    this.waiting.push(order);
    this.stillOpen.add(order.id);
  }

  /** Takes over what was told. */
  turned(): void {
    if (this.waiting.length > 0) this.orders.merge(this.waiting.splice(0));
  }

  /** Another venue. */
  clear(): void {
    this.waiting = [];
  }

  /** Finds the orders that are open and were placed before the changes which the page begins with. */
  async find(): Promise<void> {
    const begun = ++this.began;
    for (let all = false; !all && begun === this.began; ) {
      const pages = rest.open(OPEN_ORDERS);
      for (let page = await pages.next(); begun === this.began; page = await pages.next()) {
        if (page.done) {
          all = page.value;
          break;
        }
        this.orders.merge(page.value);
        this.changed();
      }
      if (!all) await passes(ASK_AGAIN_MS);
    }
  }

  /** Changes up to `to` were lost: the open orders follow, and what was pending before and is not among them is asked for. */
  lost(to: number): void {
    this.stillOpen = new Set();
    setTimeout(() => void this.settle(to), SETTLE_AFTER_MS);
  }

  private async settle(to: number): Promise<void> {
    const { began } = this;
    let unsure = this.orders.all
      .filter(({ id, status, seq }) => status === "PENDING" && seq <= to && !this.stillOpen.has(id))
      .map(({ id }) => id);
    while (unsure.length > 0 && began === this.began) {
      const [next, found, gone, unanswered]: [Iterator<string>, Order[], Set<string>, string[]] = [
        unsure.values(),
        [],
        new Set(),
        [],
      ];
      const ask = async () => {
        for (let id = next.next(); !id.done; id = next.next()) {
          const answer = await rest.show(id.value);
          if (answer.ok) found.push(answer.value.order);
          else if (answer.refusal.status === 404) gone.add(id.value);
          else unanswered.push(id.value);
        }
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, ask));
      if (began !== this.began) return;
      this.orders.merge(found);
      if (gone.size > 0) this.orders.forget(gone);
      this.changed();
      unsure = unanswered;
      if (unsure.length > 0) await passes(ASK_AGAIN_MS);
    }
  }
}

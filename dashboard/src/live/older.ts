// Orders that are older than those the page holds: a page of them at a time, when the reader asks. Knows from which change
// on every order is held, and goes back from there.

import { createSignal } from "solid-js";
import * as rest from "../api/rest";
import type { Order } from "../model/change";
import { age, type Orders } from "../model/orders";

export type Older =
  | { readonly kind: "idle" }
  | { readonly kind: "loading" }
  /** The page holds all that the venue can list. */
  | { readonly kind: "none left" }
  /** The page holds as many as it may. */
  | { readonly kind: "full" }
  /** The venue lists the oldest first only, as earlier versions do. */
  | { readonly kind: "not offered" }
  | { readonly kind: "failed"; readonly refusal: rest.Refusal };

const PAGE = 1_000;

export class OlderOrders {
  private readonly states = createSignal<Older>({ kind: "idle" });
  /** Every order that was accepted with this change or a later one is held; null before the first change. */
  private from: number | null = null;
  /** How often the page began anew: an answer to a question from before is of no use. */
  private began = 0;

  readonly state = this.states[0];

  constructor(private readonly orders: Orders) {}

  /** The page begins: nothing is known of what is held. */
  begin(): void {
    this.began += 1;
    this.from = null;
    this.states[1]({ kind: "idle" });
  }

  /** All changes from this one on are told. */
  follows(seq: number): void {
    this.from ??= seq;
  }

  /** Changes up to this one were lost. */
  lost(to: number): void {
    this.from = to + 1;
    this.states[1]({ kind: "idle" });
  }

  /** Loads a page of older orders; returns whether any came. */
  async load(): Promise<boolean> {
    if (this.state().kind === "loading") return false;
    if (this.orders.room < PAGE) return this.end({ kind: "full" });
    const { began } = this;
    this.states[1]({ kind: "loading" });
    const after = this.oldest();
    const answer = await rest.list(`order=desc&limit=${PAGE}${after === null ? "" : `&after=${after.id}`}`);
    if (began !== this.began) return false;
    // Where the venue has forgotten the order that it is to go on from, it has forgotten the older ones too.
    if (!answer.ok && answer.refusal.status === 422 && after !== null) return this.end({ kind: "none left" });
    if (!answer.ok) return this.end({ kind: "failed", refusal: answer.refusal });
    const { orders, next } = answer.value;
    if (!goBack(after, orders)) return this.end({ kind: "not offered" });
    this.orders.mergeOlder(orders);
    this.from = next === null ? 0 : age(orders.at(-1) as Order);
    this.states[1]({ kind: next === null ? "none left" : "idle" });
    return orders.length > 0;
  }

  /** The oldest order from which on all are held; null where there is none. */
  private oldest(): Order | null {
    const from = Math.max(this.from ?? Number.POSITIVE_INFINITY, this.orders.keptFrom);
    return this.orders.all.find(({ acceptedSeq }) => acceptedSeq !== null && acceptedSeq >= from) ?? null;
  }

  private end(state: Older): false {
    this.states[1](state);
    return false;
  }
}

/** Whether the orders go back in time, beginning before `after`. */
function goBack(after: Order | null, orders: readonly Order[]): boolean {
  return orders.every((order, at) => {
    const before = orders[at - 1] ?? after;
    return before === null || age(order) < age(before);
  });
}

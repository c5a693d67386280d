// One order, looked at: what the venue says of it, joined with what is announced. It is asked for again whenever the venue
// may know something else: after a reconnect, and when it is another one.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { type Answer, type OrderRecord, type Refusal, show } from "../api/rest";
import type { Order } from "../model/change";
import { joined, type Orders } from "../model/orders";

export type Look =
  /** With what the page holds of it. */
  | { readonly kind: "asking"; readonly order: Order | null }
  | { readonly kind: "known"; readonly record: OrderRecord }
  /** The venue no longer knows it: this was seen of it. */
  | { readonly kind: "forgotten"; readonly order: Order }
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly refusal: Refusal; readonly order: Order | null };

export interface Source {
  readonly orders: Orders;
  readonly frame: Accessor<number>;
  /** Changes where the venue is another one. */
  readonly instance: Accessor<number>;
  /** Changes where the stream is back, or begins after changes that it does not tell. */
  readonly reconnects: Accessor<number>;
}

const ASK_AGAIN_MS = 2_000;

/** To be called where something is shown: it ends with that. */
export function createLook(source: Source, id: Accessor<string>): Accessor<Look> {
  const { orders, frame, instance, reconnects } = source;
  const [told, tell] = createSignal<{ readonly id: string; readonly answer: Answer<OrderRecord> } | null>(null);
  let seen: Order | null = null;

  createEffect(on(instance, () => tell(null), { defer: true }));
  createEffect(
    on([id, instance, reconnects], ([id]) => {
      let [current, timer]: [boolean, ReturnType<typeof setTimeout> | undefined] = [true, undefined];
      const ask = async () => {
        const answer = await show(id);
        if (!current) return;
        const missing = !answer.ok && answer.refusal.status === 404;
        if (missing && orders.find(id) !== undefined) orders.forgotten.add(id);
        if (!answer.ok && !missing) timer = setTimeout(ask, ASK_AGAIN_MS);
        tell({ id, answer });
      };
      void ask();
      onCleanup(() => {
        current = false;
        clearTimeout(timer);
      });
    }),
  );

  return createMemo(
    (): Look => {
      frame();
      const now = told();
      const answer = now?.id === id() ? now.answer : null;
      const [held, record] = [orders.find(id()), answer?.ok ? answer.value : null];
      const order = record === null ? held : joined(held, record.order);
      if (order !== undefined) seen = order;
      const last = seen?.id === id() ? seen : null;
      if (order !== undefined && orders.forgotten.has(order)) return { kind: "forgotten", order };
      if (answer === null) return { kind: "asking", order: last };
      if (answer.ok) return { kind: "known", record: { ...answer.value, order: order ?? answer.value.order } };
      if (answer.refusal.status !== 404) return { kind: "failed", refusal: answer.refusal, order: last };
      return last === null ? { kind: "unknown" } : { kind: "forgotten", order: last };
    },
    undefined,
    { equals: same },
  );
}

function same(one: Look, other: Look): boolean {
  if (one.kind !== other.kind || orderIn(one) !== orderIn(other)) return false;
  return one.kind !== "failed" || other.kind !== "failed" || one.refusal === other.refusal;
}

/** What is known of the order; null where nothing is. */
export function orderIn(look: Look): Order | null {
  if (look.kind === "unknown") return null;
  return look.kind === "known" ? look.record.order : look.order;
}

// Finds the one order that a text names: a link, an id, the client's own id, an idempotency key. What the page holds comes
// first; then the venue is asked.

import * as rest from "../api/rest";
import type { Order } from "../model/change";

export type FoundBy = "link" | "id" | "client order id" | "idempotency key";

export type Found =
  | { readonly kind: "found"; readonly by: FoundBy; readonly order: Order }
  /** Neither the page nor the venue knows it. */
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly refusal: rest.Refusal };

/** What the lookup needs of the orders that the page holds. */
export interface Held {
  readonly all: readonly Order[];
  find(id: string): Order | undefined;
}

const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;
/** `…/orders/ID`, which the page's own links end with too, and `…order=ID`. */
const LINK = /(?:\/orders\/|[#?&]order=)([^/?&#]+)/;

/** The id, as the venue writes it; null where the text is none. */
export function readId(text: string): string | null {
  const parts = UUID.exec(text)?.slice(1);
  return parts === undefined ? null : parts.join("-").toLowerCase();
}

/** The id in a link to an order; null where the text is none. */
export function readLink(text: string): string | null {
  const id = LINK.exec(text)?.[1];
  return id === undefined ? null : readId(id);
}

/** The id that a text is, or leads to; null where it is neither. */
export function idIn(text: string): string | null {
  return readLink(text) ?? readId(text.trim());
}

export async function findOrder(text: string, held: Held): Promise<Found> {
  const name = text.trim();
  if (name === "") return { kind: "none" };
  const [linked, id] = [readLink(name), idIn(name)];
  const here = findHeld(held, id, name);
  if (here !== null) return found(here.by === "id" && linked !== null ? "link" : here.by, here.order);

  // A name may look like an id, and a key is written in quotes where a header has it.
  const asks: (readonly [FoundBy, () => Promise<rest.Answer<rest.OrderRecord | null>>])[] = [
    ["client order id", () => rest.named(name)],
    ["idempotency key", () => rest.keyed(/^".+"$/.test(name) ? name.slice(1, -1) : name)],
  ];
  if (id !== null) asks.unshift([linked === null ? "id" : "link", () => rest.show(id)]);
  for (const [by, ask] of asks) {
    const answer = await ask();
    if (answer.ok && answer.value !== null) return found(by, answer.value.order);
    // A text that cannot be such a name is refused: there is no order of it.
    if (!answer.ok && answer.refusal.status !== 404 && answer.refusal.status !== 422)
      return { kind: "failed", refusal: answer.refusal };
  }
  return { kind: "none" };
}

function found(by: FoundBy, order: Order): Found {
  return { kind: "found", by, order };
}

function findHeld(held: Held, id: string | null, name: string): { by: "id" | "client order id"; order: Order } | null {
  const order = id === null ? undefined : held.find(id);
  if (order !== undefined) return { by: "id", order };
  const named = held.all.find(({ clientOrderId }) => clientOrderId === name);
  return named === undefined ? null : { by: "client order id", order: named };
}

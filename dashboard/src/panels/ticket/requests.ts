// What a ticket asks for: one order, or many that differ in their names only.

import type { NewOrder } from "../../api/rest";
import type { Draft } from "../../shell/address";

export const MOST = 1_000;
export const TIMES_FAULT = "Input should be between 1 and 1,000";

/** How often it is placed; null where that is no such number. */
export function readTimes(text: string): number | null {
  const times = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return times >= 1 && times <= MOST ? times : null;
}

/** A name stands for one order: of many, each has a number at its end. */
export function requests(draft: Draft, times: number): readonly NewOrder[] {
  const [clientOrderId, idempotencyKey] = [draft.clientOrderId.trim(), draft.idempotencyKey.trim()];
  const numbered = (name: string, at: number) => (name === "" || times === 1 ? name : `${name}-${at + 1}`);
  return Array.from({ length: times }, (_, at) => ({
    stoks: draft.symbol.trim(),
    quantity: draft.quantity.trim(),
    longPending: draft.long,
    clientOrderId: numbered(clientOrderId, at),
    idempotencyKey: numbered(idempotencyKey, at),
  }));
}

/** Whether it can be sent again without placing anything twice. */
export function isNamed(orders: readonly NewOrder[]): boolean {
  return orders.some(({ clientOrderId, idempotencyKey }) => clientOrderId || idempotencyKey);
}

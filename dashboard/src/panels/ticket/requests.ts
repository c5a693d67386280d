// What a ticket asks for: one order, or many that differ in their names only. What is as the venue takes it where nothing
// is said, is not said.

import type { NewOrder } from "../../api/rest";
import { type Draft, EMPTY_DRAFT } from "../../shell/draft";

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
  const [size, terms] = [sizeOf(draft), termsOf(draft)];
  return Array.from({ length: times }, (_, at) => ({
    stoks: draft.symbol.trim(),
    quantity: size === null ? draft.quantity.trim() : null,
    longPending: draft.long,
    clientOrderId: numbered(clientOrderId, at),
    idempotencyKey: numbered(idempotencyKey, at),
    terms: { ...size, ...terms },
  }));
}

/** Whether it can be sent again without placing anything twice. */
export function isNamed(orders: readonly NewOrder[]): boolean {
  return orders.some(({ clientOrderId, idempotencyKey }) => clientOrderId || idempotencyKey);
}

/** Which prices a type has. */
export function typeTakes(type: string): { readonly limit: boolean; readonly stop: boolean; readonly trail: boolean } {
  return {
    limit: type === "limit" || type === "stop_limit",
    stop: type === "stop" || type === "stop_limit",
    trail: type === "trailing_stop",
  };
}

/** Which legs a class has: an `oco` is its own take-profit. */
export function classTakes(orderClass: string): { readonly profit: boolean; readonly loss: boolean } {
  return {
    profit: orderClass === "bracket" || orderClass === "oto",
    loss: orderClass !== "simple",
  };
}

/** Fields of which the ticket shows what is wrong, as the venue calls them. */
const SHOWN = new Set([
  ...["stoks", "symbol", "quantity", "qty", "notional", "type", "time_in_force", "limit_price", "stop_price"],
  ...["trail_price", "trail_percent", "account", "order_class", "client_order_id", "idempotency-key"],
  ...["take_profit", "take_profit.limit_price", "stop_loss", "stop_loss.stop_price", "stop_loss.limit_price"],
]);

export function isShown(field: string): boolean {
  return SHOWN.has(field);
}

/** How much, where a plain whole quantity does not say it. */
function sizeOf({ quantity, sized, type }: Draft): Record<string, string> | null {
  const text = quantity.trim();
  if (sized === "money" && type === "market") return { notional: text };
  return /^\d+\.\d+$/.test(text) ? { qty: text } : null;
}

function termsOf(draft: Draft): Record<string, unknown> {
  const { limit, stop, trail } = typeTakes(draft.type);
  const told: Record<string, unknown> = {};
  const tell = (name: string, value: string, usual: string) => {
    if (value.trim() !== usual) told[name] = value.trim();
  };
  tell("side", draft.side, EMPTY_DRAFT.side);
  tell("type", draft.type, EMPTY_DRAFT.type);
  tell("time_in_force", draft.timeInForce, EMPTY_DRAFT.timeInForce);
  tell("account", draft.account, EMPTY_DRAFT.account);
  tell("order_class", draft.orderClass, EMPTY_DRAFT.orderClass);
  // An empty price is left out: the venue says that it is missing, and where.
  if (limit) tell("limit_price", draft.limitPrice, "");
  if (stop) tell("stop_price", draft.stopPrice, "");
  if (trail) tell(draft.trailBy === "price" ? "trail_price" : "trail_percent", draft.trail, "");
  if (draft.type === "limit" && draft.postOnly) told.post_only = true;
  return { ...told, ...legsOf(draft) };
}

function legsOf({ orderClass, takeProfit, stopLoss, stopLossLimit }: Draft): Record<string, unknown> {
  const takes = classTakes(orderClass);
  const legs: Record<string, unknown> = {};
  if (takes.profit && takeProfit.trim() !== "") legs.take_profit = { limit_price: takeProfit.trim() };
  const loss = [stopLoss.trim(), stopLossLimit.trim()] as const;
  if (takes.loss && loss.some((price) => price !== ""))
    legs.stop_loss = { stop_price: loss[0] || undefined, limit_price: loss[1] || undefined };
  return legs;
}

// What an order is on the exchange: its side, type and prices, and how far it is filled. Announced on the channel `orders`
// and in every reply; the frames that tell changes of status alone do not have it. Decimals stay text, as the venue wrote
// them: a double would round them.

import type { SchemaOrder } from "../api/schema";
import type { Status } from "./change";
import { grouped } from "./decimal";
import { whole } from "./format";

export type State = SchemaOrder["state"];
export type Side = SchemaOrder["side"];
export type OrderType = SchemaOrder["type"];
export type OrderClass = SchemaOrder["order_class"];
export type TimeInForce = SchemaOrder["time_in_force"];

export interface Terms {
  /** The number of the change that these are as of. */
  readonly number: number;
  readonly state: State;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly orderClass: OrderClass;
  readonly account: string;
  /** Null of one that trades for a sum of money and has not arrived. */
  readonly qty: string | null;
  readonly filled: string;
  readonly averagePrice: string | null;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly trailPrice: string | null;
  readonly trailPercent: string | null;
  readonly reason: string | null;
}

export type WireTerms = Partial<
  Pick<
    SchemaOrder,
    | "number"
    | "state"
    | "side"
    | "type"
    | "time_in_force"
    | "order_class"
    | "account"
    | "qty"
    | "filled_qty"
    | "average_price"
    | "limit_price"
    | "stop_price"
    | "trail_price"
    | "trail_percent"
    | "reason"
  >
>;

/** Null where a venue tells none: one that is older than the exchange. */
export function readTerms(order: WireTerms): Terms | null {
  const { number, state, side, type } = order;
  if (number === undefined || state === undefined || side === undefined || type === undefined) return null;
  return {
    number,
    state: shared(state),
    side: shared(side),
    type: shared(type),
    timeInForce: shared(order.time_in_force ?? "gtc"),
    orderClass: shared(order.order_class ?? "simple"),
    account: shared(order.account ?? "default"),
    qty: shared(order.qty ?? null),
    filled: shared(order.filled_qty ?? "0"),
    averagePrice: shared(order.average_price ?? null),
    limitPrice: order.limit_price ?? null,
    stopPrice: order.stop_price ?? null,
    trailPrice: order.trail_price ?? null,
    trailPercent: order.trail_percent ?? null,
    reason: shared(order.reason ?? null),
  };
}

/** What the end of an order makes of its terms, until the venue tells them anew: how it ended is not known by then. */
export function ended(terms: Terms | null, status: Status): Terms | null {
  if (terms === null || status === "PENDING") return terms;
  if (status === "CANCELLED") return { ...terms, state: "canceled" };
  return { ...terms, state: "filled", filled: terms.qty ?? terms.filled };
}

/** Whether what is told is no older than what is known. */
export function isNewer(told: Terms | null, known: Terms | null): boolean {
  return known === null || (told !== null && told.number >= known.number);
}

/** Most orders share most of their words: parsed text holds a string of its own for each. */
const KEPT = 4_096;
const words = new Map<string, string>();

function shared<T extends string | null>(word: T): T {
  if (word === null) return word;
  const known = words.get(word);
  if (known !== undefined) return known as T;
  if (words.size >= KEPT) words.clear();
  words.set(word, word);
  return word;
}

export const STATE_WORD: Readonly<Record<State, string>> = {
  accepted: "Pending",
  held: "Held",
  new: "Working",
  partially_filled: "Part filled",
  filled: "Executed",
  canceled: "Cancelled",
  expired: "Expired",
  rejected: "Rejected",
  replaced: "Replaced",
  pending_cancel: "Cancelling",
  pending_replace: "Amending",
};

export const TYPE_WORD: Readonly<Record<OrderType, string>> = {
  market: "Market",
  limit: "Limit",
  stop: "Stop",
  stop_limit: "Stop limit",
  trailing_stop: "Trailing",
};

/** How much an order is for: to the lot, where that is not whole. */
export function sizeOf({ quantity, terms }: { readonly quantity: number; readonly terms: Terms | null }): string {
  return terms?.qty?.includes(".") === true ? grouped(terms.qty) : whole(quantity);
}

/** The price that the order waits for, or takes at most: `1.08100`, `1.07 → 1.06`, `± 0.5 %`; nothing of a market order. */
export function priceOf({ limitPrice, stopPrice, trailPrice, trailPercent }: Terms): string {
  if (trailPercent !== null) return `± ${trailPercent} %`;
  if (trailPrice !== null) return `± ${trailPrice}`;
  if (limitPrice !== null && stopPrice !== null) return `${stopPrice} → ${limitPrice}`;
  return limitPrice ?? stopPrice ?? "";
}

// A change of an order, as the venue announces it (`/asyncapi.json`), and how it is read from the wire.
// Times are microseconds since 1970, on the venue's clock: a double holds them exactly.

import { type Reject, readReject, type WireReject } from "./reject";
import { readTerms, type Terms, type WireTerms } from "./terms";
import { readTime } from "./time";

export type Status = "PENDING" | "EXECUTED" | "CANCELLED";

export interface Change {
  readonly kind: "change";
  readonly seq: number;
  readonly atUs: number;
  readonly id: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly status: Status;
  /** When the order will execute; told when it is accepted only. */
  readonly dueUs: number | null;
  /** Told when it is accepted, where the client gave one; some venues do not tell it. */
  readonly clientOrderId: string | null;
}

/** Some of the changes that were asked for are no longer held. Open orders as of `seq` follow. */
export interface Lagged {
  readonly kind: "lagged";
  readonly oldest: number;
  readonly seq: number;
}

/** An order that was open as of the `seq` of the lagged frame before it. */
export interface OpenOrder {
  readonly kind: "open";
  readonly order: Order;
}

/** A request that the venue refused. */
export interface Rejected {
  readonly kind: "reject";
  readonly reject: Reject;
}

export type Frame = Change | Lagged | OpenOrder | Rejected;

export interface Order {
  readonly id: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly status: Status;
  /** Null where only the order's end was seen. */
  readonly acceptedSeq: number | null;
  readonly acceptedUs: number | null;
  readonly dueUs: number | null;
  /** Null while it is pending. */
  readonly closedUs: number | null;
  /** The number of its last change. */
  readonly seq: number;
  /** Null where the client gave none, or it was not told. */
  readonly clientOrderId: string | null;
  /** Null where only changes of its status were told. */
  readonly terms: Terms | null;
}

/** The order as REST and `order` frames tell it; what it is on the exchange is read by `readTerms`. */
export interface WireOrder extends WireTerms {
  readonly id: string;
  readonly stoks: string;
  readonly quantity: number;
  readonly status: Status;
  readonly accepted_at: string;
  readonly due_at: string | null;
  readonly closed_at: string | null;
  readonly accepted_seq: number;
  readonly seq: number;
  readonly client_order_id?: string;
}

interface WireChange {
  readonly type?: undefined;
  readonly seq: number;
  readonly at: string;
  readonly id: string;
  readonly stoks: string;
  readonly quantity: number;
  readonly status: Status;
  readonly due_at?: string | null;
  readonly client_order_id?: string;
}

type WireFrame =
  | WireChange
  | { type: "lagged"; oldest: number; seq: number }
  | (Omit<WireOrder, keyof WireTerms> & { type: "order" })
  | (WireReject & { type: "reject" });

/** Null for a kind of frame that this page does not know: a newer venue may tell more. */
export function readFrame(text: string): Frame | null {
  const frame = JSON.parse(text) as WireFrame;
  switch (frame.type) {
    case "lagged":
      return { kind: "lagged", oldest: frame.oldest, seq: frame.seq };
    case "order":
      // Its `type` is the frame's: it has no terms.
      return { kind: "open", order: orderOf(frame, null) };
    case "reject":
      return { kind: "reject", reject: readReject(frame) };
    case undefined:
      return {
        kind: "change",
        seq: frame.seq,
        atUs: readTime(frame.at),
        id: frame.id,
        symbol: interned(frame.stoks),
        quantity: frame.quantity,
        status: STATUS[frame.status],
        dueUs: frame.due_at == null ? null : readTime(frame.due_at),
        clientOrderId: frame.client_order_id ?? null,
      };
    default:
      return null;
  }
}

export function readOrder(order: WireOrder): Order {
  return orderOf(order, readTerms(order));
}

function orderOf(order: Omit<WireOrder, keyof WireTerms>, terms: Terms | null): Order {
  return {
    id: order.id,
    symbol: interned(order.stoks),
    quantity: order.quantity,
    status: STATUS[order.status],
    acceptedSeq: order.accepted_seq,
    acceptedUs: readTime(order.accepted_at),
    dueUs: order.due_at === null ? null : readTime(order.due_at),
    closedUs: order.closed_at === null ? null : readTime(order.closed_at),
    seq: order.seq,
    clientOrderId: order.client_order_id ?? null,
    terms,
  };
}

// Parsed text holds a string of its own for each order; tens of thousands of orders share a few.
const STATUS: Record<Status, Status> = { PENDING: "PENDING", EXECUTED: "EXECUTED", CANCELLED: "CANCELLED" };
const symbols = new Map<string, string>();

function interned(symbol: string): string {
  const known = symbols.get(symbol);
  if (known !== undefined) return known;
  // A venue may be given any number of symbols.
  if (symbols.size >= 10_000) symbols.clear();
  symbols.set(symbol, symbol);
  return symbol;
}

// A change of an order, as the venue announces it (`/asyncapi.json`), and how it is read from the wire.
// Times are microseconds since 1970, on the venue's clock: a double holds them exactly.

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

export type Frame = Change | Lagged | OpenOrder;

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
  readonly clientOrderId?: string | null;
}

/** The order as REST and `order` frames tell it. */
export interface WireOrder {
  readonly id: string;
  readonly stoks: string;
  readonly quantity: number;
  readonly status: Status;
  readonly accepted_at: string;
  readonly due_at: string;
  readonly closed_at: string | null;
  readonly accepted_seq: number;
  readonly seq: number;
}

interface WireChange {
  readonly type?: undefined;
  readonly seq: number;
  readonly at: string;
  readonly id: string;
  readonly stoks: string;
  readonly quantity: number;
  readonly status: Status;
  readonly due_at?: string;
}

type WireFrame = WireChange | { type: "lagged"; oldest: number; seq: number } | (WireOrder & { type: "order" });

export function readFrame(text: string): Frame {
  const frame = JSON.parse(text) as WireFrame;
  switch (frame.type) {
    case "lagged":
      return { kind: "lagged", oldest: frame.oldest, seq: frame.seq };
    case "order":
      return { kind: "open", order: readOrder(frame) };
    default:
      return {
        kind: "change",
        seq: frame.seq,
        atUs: readTime(frame.at),
        id: frame.id,
        symbol: interned(frame.stoks),
        quantity: frame.quantity,
        status: STATUS[frame.status],
        dueUs: frame.due_at === undefined ? null : readTime(frame.due_at),
      };
  }
}

export function readOrder(order: WireOrder): Order {
  return {
    id: order.id,
    symbol: interned(order.stoks),
    quantity: order.quantity,
    status: STATUS[order.status],
    acceptedSeq: order.accepted_seq,
    acceptedUs: readTime(order.accepted_at),
    dueUs: readTime(order.due_at),
    closedUs: order.closed_at === null ? null : readTime(order.closed_at),
    seq: order.seq,
  };
}

let secondText = "";
let secondUs = 0;

/** Reads RFC 3339 in UTC with microseconds. Most times share their second with the one read before. */
export function readTime(text: string): number {
  const second = text.slice(0, 19);
  if (second !== secondText) {
    secondUs = Date.parse(`${second}Z`) * 1000;
    secondText = second;
  }
  const fraction = text.length === 27 ? text.slice(20, 26) : text.slice(20, -1).padEnd(6, "0");
  return secondUs + Number(fraction);
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

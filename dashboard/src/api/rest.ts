// The REST interface, as the page uses it: with paths relative to the page, so that any prefix before it works. Shapes come
// from `/openapi.json` (schema.ts is generated from it).

import { type Order, readOrder, type WireOrder } from "../model/change";
import type { SchemaFaults, SchemaOrder } from "./schema";

/** What the venue knows of an order beyond what it announces. */
export interface OrderRecord {
  readonly order: Order;
  readonly clientOrderId: string | null;
  readonly idempotencyKey: string | null;
}

/** Why a request did not succeed, in words for the reader. */
export interface Refusal {
  readonly message: string;
  /** The faults of single fields, by the field's name on the wire. */
  readonly fields: ReadonlyMap<string, string>;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface NewOrder {
  readonly stoks: string;
  /** As it was typed: the venue says what is wrong with it. */
  readonly quantity: string;
  readonly longPending: boolean;
}

/** An answer that takes longer is taken for none. */
const PATIENCE_MS = 10_000;

export function place(order: NewOrder): Promise<Answer<OrderRecord>> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (order.longPending) headers["long-pending"] = "true";
  const body = JSON.stringify({ stoks: order.stoks, quantity: order.quantity });
  return ask("orders", { method: "POST", headers, body }, async (reply) => record(await reply.json()));
}

export function cancel(id: string): Promise<Answer<null>> {
  return ask(`orders/${encodeURIComponent(id)}`, { method: "DELETE" }, async () => null);
}

export function show(id: string): Promise<Answer<OrderRecord>> {
  return ask(`orders/${encodeURIComponent(id)}`, {}, async (reply) => record(await reply.json()));
}

/** The order that a client gave this name to; null where there is none. */
export function named(clientOrderId: string): Promise<Answer<OrderRecord | null>> {
  return ask(`orders?client_order_id=${encodeURIComponent(clientOrderId)}`, {}, async (reply) => {
    const [order] = Object.values((await reply.json()) as Record<string, SchemaOrder>);
    return order === undefined ? null : record(order);
  });
}

/** Open orders, the oldest first, a page at a time, at most `limit`; returns whether that was all. */
export async function* open(limit: number): AsyncGenerator<Order[], boolean> {
  let next: string | null = "orders?status=PENDING&limit=1000";
  for (let told = 0; next !== null && told < limit; ) {
    const path: string = next;
    const page: Answer<{ orders: Order[]; link: string | null }> = await ask(path, {}, async (reply) => ({
      orders: Object.values((await reply.json()) as Record<string, SchemaOrder>).map((order) => readOrder(wire(order))),
      link: reply.headers.get("link"),
    }));
    if (!page.ok) return false;
    told += page.value.orders.length;
    next = nextPage(page.value.link);
    yield page.value.orders;
  }
  return true;
}

export interface Metrics {
  /** Prometheus text. */
  readonly text: string;
  /** The venue's time of day, in whole seconds, as milliseconds since 1970. */
  readonly dateMs: number;
}

export function metrics(): Promise<Answer<Metrics>> {
  return ask("metrics", {}, async (reply) => ({
    text: await reply.text(),
    dateMs: Date.parse(reply.headers.get("date") ?? ""),
  }));
}

async function ask<T>(path: string, request: RequestInit, read: (reply: Response) => Promise<T>): Promise<Answer<T>> {
  try {
    const reply = await fetch(path, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
    return reply.ok ? { ok: true, value: await read(reply) } : { ok: false, refusal: await refusal(reply) };
  } catch {
    return { ok: false, refusal: { status: 0, message: "The venue does not answer.", fields: new Map() } };
  }
}

async function refusal(reply: Response): Promise<Refusal> {
  const fields = new Map<string, string>();
  let message = `The venue refused it (${reply.status}).`;
  const body = (await reply.json().catch(() => null)) as { detail?: string | SchemaFaults["detail"] } | null;
  if (typeof body?.detail === "string") message = body.detail;
  else
    for (const fault of body?.detail ?? []) {
      const field = String(fault.loc[1] ?? "");
      if (!fields.has(field)) fields.set(field, fault.msg);
      message = fault.msg;
    }
  const wait = reply.headers.get("retry-after");
  if (reply.status === 503 && wait !== null) message += ` (try again in ${wait} s)`;
  return { status: reply.status, message, fields };
}

function record(order: SchemaOrder): OrderRecord {
  return {
    order: readOrder(wire(order)),
    clientOrderId: order.client_order_id ?? null,
    idempotencyKey: order.idempotency_key ?? null,
  };
}

/** The generated type leaves open what the document does: that `closed_at` may be missing. */
function wire(order: SchemaOrder): WireOrder {
  return { ...order, closed_at: order.closed_at ?? null };
}

/** Where `Link: <…>; rel="next"` leads, from this page: to the list that it already asks, whatever a proxy calls that. */
export function nextPage(link: string | null): string | null {
  const url = link?.match(/<([^>]+)>\s*;\s*rel="next"/)?.[1];
  if (url === undefined) return null;
  return `orders${new URL(url, "http://venue").search}`;
}

// The REST interface, as the page uses it: with paths of its venue, relative to the page, so that any prefix before it works.
// Shapes come from `/openapi.json` (schema.ts is generated from it).

import { type Order, readOrder, type WireOrder } from "../model/change";
import { Latencies } from "../model/latency";
import { type Reject, readReject, type WireReject } from "../model/reject";
import { here } from "./here";
import { isAnswer, type Refusal, readRefusal, UNANSWERED } from "./refusal";
import type { SchemaOrder } from "./schema";

export { isAnswer, type Refusal } from "./refusal";

/** What the venue knows of an order beyond what it announces. */
export interface OrderRecord {
  readonly order: Order;
  readonly clientOrderId: string | null;
  readonly idempotencyKey: string | null;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface NewOrder {
  readonly stoks: string;
  /** As it was typed: the venue says what is wrong with it. Null where the terms say how much. */
  readonly quantity: string | null;
  /** What else it says, as the venue calls it: side, type, prices. */
  readonly terms?: Readonly<Record<string, unknown>>;
  readonly longPending: boolean;
  /** The client's own id of it. */
  readonly clientOrderId?: string;
  /** The name of the request: sent again, it places nothing, and is answered as the first time. */
  readonly idempotencyKey?: string;
}

export interface Placed extends OrderRecord {
  /** It had been placed before: this is the first reply. */
  readonly replayed: boolean;
}

/** An answer that takes longer is taken for none. */
const PATIENCE_MS = 10_000;
/** So long the venue has to say that it is there. */
export const ALIVE_WITHIN_MS = 2_500;

/** How long the requests of this page took, whatever came of them. */
export const latencies = new Latencies();

export async function place(order: NewOrder): Promise<Answer<Placed>> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (order.longPending) headers["long-pending"] = "true";
  if (order.idempotencyKey) headers["idempotency-key"] = order.idempotencyKey;
  const { stoks, quantity, clientOrderId, terms } = order;
  const body = JSON.stringify({
    stoks,
    quantity: quantity ?? undefined,
    client_order_id: clientOrderId || undefined,
    ...terms,
  });
  const sentMs = performance.now();
  latencies.places();
  const answer = await ask("orders", { method: "POST", headers, body }, async (reply) => ({
    ...record(await reply.json()),
    replayed: reply.headers.get("idempotent-replayed") === "true",
  }));
  // One that was placed before has no frame to come.
  latencies.placed(answer.ok && !answer.value.replayed ? answer.value.order.id : null, sentMs);
  return answer;
}

export function cancel(id: string): Promise<Answer<null>> {
  return ask(`orders/${encodeURIComponent(id)}`, { method: "DELETE" }, async () => null);
}

export function show(id: string): Promise<Answer<OrderRecord>> {
  return ask(`orders/${encodeURIComponent(id)}`, {}, async (reply) => record(await reply.json()));
}

/** The order that a client gave this name to; null where there is none. */
export function named(clientOrderId: string): Promise<Answer<OrderRecord | null>> {
  return onlyOf("client_order_id", clientOrderId, (order) => order.clientOrderId);
}

/** The order that was placed with this `Idempotency-Key`; null where there is none, or the venue cannot look for one. */
export function keyed(idempotencyKey: string): Promise<Answer<OrderRecord | null>> {
  return onlyOf("idempotency_key", idempotencyKey, (order) => order.idempotencyKey);
}

/** A venue that does not know the parameter lists any order: it is not the one. */
function onlyOf(parameter: string, value: string, of: (order: OrderRecord) => string | null) {
  return ask(`orders?${parameter}=${encodeURIComponent(value)}&limit=1`, {}, async (reply) => {
    const [found] = Object.values((await reply.json()) as Record<string, SchemaOrder>);
    const order = found === undefined ? null : record(found);
    return order !== null && of(order) === value ? order : null;
  });
}

/** A page of a list of orders. */
export interface Page {
  /** In the venue's order. */
  readonly orders: Order[];
  /** Where the next page is; null where this is the last. */
  readonly next: string | null;
}

/** Lists orders as the query says, at most 1 000. */
export function list(query: string): Promise<Answer<Page>> {
  return ask(`orders?${query}`, {}, async (reply) => ({
    orders: Object.values((await reply.json()) as Record<string, SchemaOrder>).map((order) => readOrder(wire(order))),
    next: nextPage(reply.headers.get("link")),
  }));
}

/** A page of a list of orders, each as the venue tells it. */
export interface TablePage {
  readonly orders: readonly SchemaOrder[];
  readonly next: string | null;
}

/** Lists orders as the query says, with all that the venue tells of them. */
export function table(query: string): Promise<Answer<TablePage>> {
  return ask(`orders?${query}`, {}, async (reply) => ({
    orders: Object.values((await reply.json()) as Record<string, SchemaOrder>),
    next: nextPage(reply.headers.get("link")),
  }));
}

/** A page of the one order with this id. */
export function only(id: string): Promise<Answer<TablePage>> {
  return ask(`orders/${encodeURIComponent(id)}`, {}, async (reply) => ({
    orders: [(await reply.json()) as SchemaOrder],
    next: null,
  }));
}

/** A reply as it came, whatever it says. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** The venue's own words on an order. */
export async function reply(id: string): Promise<Answer<Reply>> {
  try {
    const reply = await fetch(here(`orders/${encodeURIComponent(id)}`), { signal: AbortSignal.timeout(PATIENCE_MS) });
    return { ok: true, value: { status: reply.status, text: await reply.text() } };
  } catch {
    return { ok: false, refusal: UNANSWERED };
  }
}

/** The newest requests that were refused, the newest first. */
export function rejects(limit: number): Promise<Answer<Reject[]>> {
  return ask(`rejects?limit=${limit}`, {}, async (reply) => ((await reply.json()) as WireReject[]).map(readReject));
}

/** Open orders, the oldest first, a page at a time, at most `limit`; returns whether that was all. */
export async function* open(limit: number): AsyncGenerator<Order[], boolean> {
  let next: string | null = "status=PENDING&limit=1000";
  for (let told = 0; next !== null && told < limit; ) {
    const page: Answer<Page> = await list(next);
    if (!page.ok) return false;
    told += page.value.orders.length;
    next = page.value.next;
    yield page.value.orders;
  }
  return true;
}

export interface Metrics {
  /** Prometheus text. */
  readonly text: string;
  /** The machine's time of day, in whole seconds, as milliseconds since 1970. */
  readonly dateMs: number;
}

export function metrics(): Promise<Answer<Metrics>> {
  return ask("metrics", {}, async (reply) => ({
    text: await reply.text(),
    dateMs: Date.parse(reply.headers.get("date") ?? ""),
  }));
}

/** Whether the server answers, whatever it says. */
export async function alive(): Promise<boolean> {
  // A body that is not read is broken off later, and the browser complains.
  const answer = await ask("health", {}, (reply) => reply.text(), ALIVE_WITHIN_MS);
  return answer.ok || isAnswer(answer.refusal);
}

/** Asks the venue, and measures how long that takes. */
export async function ask<T>(
  path: string,
  request: RequestInit,
  read: (reply: Response) => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<Answer<T>> {
  const sentMs = performance.now();
  try {
    const reply = await fetch(here(path), { ...request, signal: AbortSignal.timeout(patienceMs) });
    latencies.record(`${request.method ?? "GET"} ${routeOf(path)}`, sentMs, performance.now());
    return reply.ok ? { ok: true, value: await read(reply) } : { ok: false, refusal: await readRefusal(reply) };
  } catch {
    return { ok: false, refusal: UNANSWERED };
  }
}

/** What the venue calls the route of a path. */
function routeOf(path: string): string {
  return `/${path
    .replace(/\?.*/, "")
    .replace(/^(orders|accounts)\/[^/]+/, "$1/{id}")
    .replace(/^(quotes|book|trades|bars|instruments)\/.+/, "$1/{symbol}")}`;
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

/** The query that `Link: <…>; rel="next"` asks, of the list that the page already knows, whatever a proxy calls that. */
export function nextPage(link: string | null): string | null {
  const url = link?.match(/<([^>]+)>\s*;\s*rel="next"/)?.[1];
  if (url === undefined) return null;
  return new URL(url, "http://venue").search.slice(1);
}

// What of the exchange the page asks for, and does: orders with all that they have, instruments, quotes, books, trades,
// accounts. As in rest.ts paths are relative to the page, and shapes come from `/openapi.json`.

import { type Answer, ask, nextPage } from "./rest";
import type {
  SchemaAccount,
  SchemaActivity,
  SchemaBar,
  SchemaBook,
  SchemaClock,
  SchemaInstrument,
  SchemaListedFill,
  SchemaMoment,
  SchemaOrder,
  SchemaPosition,
  SchemaQuote,
  SchemaSession,
  SchemaShownOrder,
  SchemaTrade,
} from "./schema";

/** An order with its newest fills. */
export const shown = (id: string) => get<SchemaShownOrder>(`orders/${encodeURIComponent(id)}`);

/** What an amendment says: what is not said stays as it is. */
export type Change = Readonly<Record<string, string>>;

/** Amends an order in place. */
export const amend = (id: string, change: Change) =>
  send<SchemaOrder>("PATCH", `orders/${encodeURIComponent(id)}`, change);

/** Places another order in place of this one. */
export const replace = (id: string, change: Change) =>
  send<SchemaOrder>("POST", `orders/${encodeURIComponent(id)}/replace`, change);

export const accounts = () => get<readonly SchemaAccount[]>("accounts?limit=1000");

export const openAccount = (account: Readonly<Record<string, unknown>>) =>
  send<SchemaAccount>("POST", "accounts", account);

export const transfer = (id: string, currency: string, amount: string) =>
  send<unknown>("POST", `${account(id)}/transfers`, { currency, amount });

export const positions = (id: string) => get<readonly SchemaPosition[]>(`${account(id)}/positions?limit=1000`);

/** Closes a position by a market order; its open orders are cancelled first. */
export const closePosition = (id: string, symbol: string) =>
  send<SchemaOrder>("DELETE", `${account(id)}/positions/${encodeURIComponent(symbol)}?cancel_orders=true`);

export const activities = (id: string, query: string) =>
  get<readonly SchemaActivity[]>(`${account(id)}/activities?${query}`);

export const history = (id: string, query: string) => get<readonly SchemaMoment[]>(`${account(id)}/history?${query}`);

/** Open orders that the query asks for, the oldest first. */
export async function openOrders(query: string): Promise<Answer<readonly SchemaOrder[]>> {
  const answer = await get<Record<string, SchemaOrder>>(`open-orders?${query}`);
  return answer.ok ? { ok: true, value: Object.values(answer.value) } : answer;
}

export const fills = (query: string) => get<readonly SchemaListedFill[]>(`fills?${query}`);

/** The instruments of a page of the list, and where the next is. */
export const instruments = (query: string) =>
  ask(`instruments?${query}`, {}, async (reply) => ({
    instruments: (await reply.json()) as readonly SchemaInstrument[],
    next: nextPage(reply.headers.get("link")),
  }));

export const quotes = (symbols: readonly string[]) =>
  get<readonly SchemaQuote[]>(`quotes?symbols=${symbols.map(encodeURIComponent).join(",")}`);

export const book = (symbol: string, depth: number) =>
  get<SchemaBook>(`book/${encodeURIComponent(symbol)}?depth=${depth}`);

/** The newest trades, the newest first. */
export const trades = (symbol: string, limit: number) =>
  get<readonly SchemaTrade[]>(`trades/${encodeURIComponent(symbol)}?limit=${limit}`);

export const bars = (symbol: string, query: string) =>
  get<readonly SchemaBar[]>(`bars/${encodeURIComponent(symbol)}?${query}`);

export const clock = () => get<SchemaClock>("clock");

/** The sessions of equities, the first first. */
export const calendar = (query: string) => get<readonly SchemaSession[]>(`calendar?${query}`);

function account(id: string): string {
  return `accounts/${encodeURIComponent(id)}`;
}

function get<T>(path: string): Promise<Answer<T>> {
  return ask(path, {}, async (reply) => (await reply.json()) as T);
}

function send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { "content-type": "application/json" };
  return ask(path, { method, headers, ...content }, async (reply) => (await reply.json()) as T);
}

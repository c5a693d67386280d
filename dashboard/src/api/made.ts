// What is made to happen on purpose, at the page's venue: two lists, each put as a whole; and what is done to an order by
// hand.

import type { Told } from "../model/made";
import { type Answer, ask } from "./rest";
import type { SchemaOrder } from "./schema";

export type ListName = "rules" | "faults";

export function madeList(name: ListName): Promise<Answer<readonly Told[]>> {
  return ask(name, {}, async (reply) => (await reply.json()) as readonly Told[]);
}

export function putList(name: ListName, list: readonly unknown[]): Promise<Answer<readonly Told[]>> {
  return ask(name, sent("PUT", list), async (reply) => (await reply.json()) as readonly Told[]);
}

export function act(id: string, act: string, terms: Readonly<Record<string, string>>): Promise<Answer<SchemaOrder>> {
  const path = `orders/${encodeURIComponent(id)}/acts`;
  return ask(path, sent("POST", { act, ...terms }), async (reply) => (await reply.json()) as SchemaOrder);
}

function sent(method: string, body: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

// Venues, and a venue's clock: what the page asks of them, and does to them.

import { type Answer, ask, nextPage } from "./rest";
import type { SchemaAdvanceClock, SchemaClock, SchemaClockAdvanced, SchemaRunClock, SchemaVenue } from "./schema";

/** An advance over much may take as long as that. */
const ADVANCE_WITHIN_MS = 600_000;
/** So many pages of the list are read at most: a server makes no more venues than that unless it is told to. */
const PAGES = 5;

/** All venues in order of making, `main` first. */
export async function venues(): Promise<Answer<readonly SchemaVenue[]>> {
  const all: SchemaVenue[] = [];
  let query: string | null = "";
  for (let pages = 0; query !== null && pages < PAGES; pages += 1) {
    const page: Answer<{ venues: readonly SchemaVenue[]; next: string | null }> = await ask(
      `venues${query === "" ? "" : `?${query}`}`,
      {},
      async (reply) => ({
        venues: (await reply.json()) as readonly SchemaVenue[],
        next: nextPage(reply.headers.get("link")),
      }),
    );
    if (!page.ok) return page;
    all.push(...page.value.venues);
    query = page.value.next;
  }
  return { ok: true, value: all };
}

export function venue(name: string): Promise<Answer<SchemaVenue>> {
  return ask(`venues/${encodeURIComponent(name)}`, {}, async (reply) => (await reply.json()) as SchemaVenue);
}

export function runClock(run: SchemaRunClock): Promise<Answer<SchemaClock>> {
  return ask("clock", sent("PUT", run), async (reply) => (await reply.json()) as SchemaClock);
}

export function advance(by: SchemaAdvanceClock): Promise<Answer<SchemaClockAdvanced>> {
  const read = async (reply: Response) => (await reply.json()) as SchemaClockAdvanced;
  return ask("clock/advance", sent("POST", by), read, ADVANCE_WITHIN_MS);
}

function sent(method: string, body: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

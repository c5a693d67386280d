// The fills of a symbol, as far as they are in sight: the venue lists them the oldest first, so they are read through once
// and then from the newest on.

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { fills as askFills } from "../api/exchange";
import type { SchemaListedFill } from "../api/schema";

const PAGE = 1_000;
/** More pages are not read through at once. */
const PAGES = 20;
/** So many of the newest are kept. */
const KEPT = 500;
const ASK_MS = 2_000;

/** The oldest first. */
export function createFillFeed(symbol: Accessor<string>): Accessor<readonly SchemaListedFill[]> {
  const [fills, setFills] = createSignal<readonly SchemaListedFill[]>([]);
  createEffect(
    on(symbol, (symbol) => {
      let [current, after]: [boolean, number | null] = [symbol !== "", null];
      let timer: ReturnType<typeof setTimeout> | undefined;
      setFills([]);
      const page = async (): Promise<number> => {
        const from = after === null ? "" : `&after=${after}`;
        const answer = await askFills(`symbol=${encodeURIComponent(symbol)}&limit=${PAGE}${from}`);
        if (!answer.ok || !current || answer.value.length === 0) return 0;
        after = answer.value.at(-1)?.number ?? after;
        setFills((before) => [...before, ...answer.value].slice(-KEPT));
        return answer.value.length;
      };
      const ask = async () => {
        for (let pages = 0; current && !document.hidden && pages < PAGES; pages++) if ((await page()) < PAGE) break;
        if (current) timer = setTimeout(ask, ASK_MS);
      };
      if (current) void ask();
      onCleanup(() => {
        current = false;
        clearTimeout(timer);
      });
    }),
  );
  return fills;
}

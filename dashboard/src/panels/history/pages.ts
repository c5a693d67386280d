// Orders of the past, a page at a time: asked for anew whenever something else is wanted, and no further than the reader
// goes on.

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { type Answer, only, type Refusal, type TablePage, table } from "../../api/rest";
import type { SchemaOrder } from "../../api/schema";
import { readId } from "../../live/lookup";
import { type Asked, fits, isAnswered, NAMES, queryOf } from "./asking";

export type Loaded = {
  readonly state: "asking" | "known" | "not offered" | "failed";
  readonly orders: readonly SchemaOrder[];
  /** Where the next page is; null where there is none, or none was told. */
  readonly next: string | null;
  readonly refusal: Refusal | null;
  /** When the newest page was asked for. */
  readonly asOfUs: number;
};

const PAGE = 200;
/** So many are shown at once: more of them are better exported. */
export const SHOWN = 10_000;
/** Whoever types is not asked after with each letter. */
const PAUSE_MS = 300;

export interface Pages {
  readonly loaded: Accessor<Loaded>;
  more(): Promise<void>;
  /** Asks anew. */
  again(): void;
}

/** One name is asked for in two ways, and as an id where it may be one; without a name there is one way. */
function asks(what: Asked): (() => Promise<Answer<TablePage>>)[] {
  const name = what.find.trim();
  const names = name === "" ? NAMES.slice(0, 1) : NAMES;
  const byName = names.map((kind) => () => table(queryOf(what, kind, PAGE)));
  const id = readId(name);
  return id === null ? byName : [...byName, () => byId(what, id)];
}

/** The order with this id, where it is one of those that are asked for. */
export async function byId(what: Asked, id: string): Promise<Answer<TablePage>> {
  const answer = await only(id);
  if (answer.ok)
    return { ok: true, value: { orders: answer.value.orders.filter((order) => fits(what, order)), next: null } };
  return answer.refusal.status === 404 ? { ok: true, value: { orders: [], next: null } } : answer;
}

export function createPages(asked: Accessor<Asked>, nowUs: () => number): Pages {
  const nothing: Loaded = { state: "asking", orders: [], next: null, refusal: null, asOfUs: 0 };
  const [loaded, setLoaded] = createSignal(nothing);
  const [times, setTimes] = createSignal(0);
  /** Rises whenever something else is wanted: an answer to a question from before is of no use. */
  let wanted = 0;

  const begin = async (what: Asked) => {
    const mine = ++wanted;
    setLoaded((before) => ({ ...before, state: "asking" }));
    const asOfUs = nowUs();
    for (const ask of asks(what)) {
      const answer = await ask();
      if (mine !== wanted) return;
      if (!answer.ok) return void setLoaded({ ...nothing, state: "failed", refusal: answer.refusal });
      const { orders, next } = answer.value;
      if (!isAnswered(what, orders)) return void setLoaded({ ...nothing, state: "not offered" });
      setLoaded({ state: "known", orders, next, refusal: null, asOfUs });
      if (orders.length > 0) return;
    }
  };
  const more = async () => {
    const { next, orders, state } = loaded();
    if (next === null || state === "asking" || orders.length >= SHOWN) return;
    const mine = wanted;
    setLoaded((before) => ({ ...before, state: "asking" }));
    const answer = await table(next);
    if (mine !== wanted) return;
    setLoaded((before) =>
      answer.ok
        ? {
            ...before,
            state: "known",
            orders: [...orders, ...answer.value.orders],
            next: answer.value.next,
            refusal: null,
          }
        : { ...before, state: "failed", refusal: answer.refusal },
    );
  };
  createEffect(
    on([asked, times], ([what]) => {
      const timer = setTimeout(() => void begin(what), PAUSE_MS);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  onCleanup(() => {
    wanted += 1;
  });
  return { loaded, more, again: () => setTimes((times) => times + 1) };
}

// What is asked for again and again, for as long as it is shown: nothing while the page is hidden, and the next time only
// after the answer. A question that changes begins anew; an answer to another one is dropped.

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import type { Answer, Refusal } from "../api/rest";

export interface Asked<T> {
  /** The newest answer; null before the first. */
  readonly value: Accessor<T | null>;
  /** Why the newest question was not answered; null where it was. */
  readonly refusal: Accessor<Refusal | null>;
  /** When the newest answer came (Date.now()); null before the first. */
  readonly atMs: Accessor<number | null>;
  /** Asks at once; told when that is answered. */
  again(): Promise<void>;
}

/** Something to ask, by its name: another name is another question. Null while there is nothing to ask. */
export type Question<T> = { readonly of: string; ask(): Promise<Answer<T>> } | null;

export function createAsked<T>(question: Accessor<Question<T>>, everyMs: number): Asked<T> {
  const [value, setValue] = createSignal<T | null>(null, { equals: false });
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const [atMs, setAtMs] = createSignal<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  const ask = async () => {
    clearTimeout(timer);
    const asked = question();
    if (asked === null || document.hidden) return;
    turn += 1;
    const mine = turn;
    const answer = await asked.ask();
    if (mine !== turn) return;
    setRefusal(answer.ok ? null : answer.refusal);
    if (answer.ok) {
      setAtMs(Date.now());
      setValue(() => answer.value);
    }
    timer = setTimeout(ask, everyMs);
  };
  createEffect(
    on(
      () => question()?.of,
      () => {
        turn += 1;
        setValue(null);
        setRefusal(null);
        setAtMs(null);
        void ask();
      },
    ),
  );
  const shown = () => void ask();
  document.addEventListener("visibilitychange", shown);
  onCleanup(() => {
    turn += 1;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", shown);
  });
  return { value, refusal, atMs, again: ask };
}

// One list: as the venue has it, with its counts, until the reader changes something; then as it is to be put, all at once.

import { createMemo, createSignal, createUniqueId, For, Index, Show } from "solid-js";
import { venueName } from "../../api/here";
import { type ListName, madeList, putList } from "../../api/made";
import type { Refusal } from "../../api/rest";
import { createAsked } from "../../live/asked";
import { countsOf, type Entry, type Faults, listOf, nameOf, placed, textOf } from "../../model/made";
import { keep, kept } from "../../shell/kept";

const ASK_MS = 2_000;
const NONE: Faults = new Map();

export interface MadeListProps {
  readonly of: ListName;
  readonly title: string;
  readonly what: string;
  readonly none: string;
  /** What can be added: what it does, and how it is written. */
  readonly templates: readonly (readonly [name: string, entry: object])[];
}

export function MadeList(props: MadeListProps) {
  const id = createUniqueId();
  const asked = createAsked(() => ({ of: props.of, ask: () => madeList(props.of) }), ASK_MS);
  const off = createOff(props.of);
  /** What the reader has changed, until it is put or given up. */
  const [draft, setDraft] = createSignal<readonly Entry[] | null>(null);
  const [faults, setFaults] = createSignal<Faults>(NONE);
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const [busy, setBusy] = createSignal(false);
  const told = () => asked.value() ?? [];
  const entries = createMemo((): readonly Entry[] => {
    const changed = draft();
    if (changed !== null) return changed;
    return [...told().map((entry) => ({ text: textOf(entry), on: true })), ...off.texts().map(asOff)];
  });
  /** Counts stand beside what the venue has, and that is what comes first. */
  const counts = (at: number) => {
    const entry = told()[at];
    return draft() !== null || entry === undefined ? "" : countsOf(entry);
  };
  const change = (changed: readonly Entry[]) => {
    setFaults(NONE);
    setRefusal(null);
    setDraft(changed);
  };
  const set = (at: number, entry: Partial<Entry>) =>
    change(entries().map((before, place) => (place === at ? { ...before, ...entry } : before)));
  const giveUp = () => {
    setFaults(NONE);
    setRefusal(null);
    setDraft(null);
  };
  const put = async () => {
    const now = entries();
    const read = listOf(now);
    if ("faults" in read) return void setFaults(read.faults);
    setBusy(true);
    const answer = await putList(props.of, read.list);
    setBusy(false);
    setFaults(answer.ok ? NONE : placed(answer.refusal.fields, now));
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    off.set(now.filter(({ on }) => !on).map(({ text }) => text));
    await asked.again();
    setDraft(null);
  };
  return (
    <section class="card made" aria-labelledby={id}>
      <header class="made-head">
        <h2 id={id}>{props.title}</h2>
        <p class="hint">{props.what}</p>
      </header>
      <Show when={asked.refusal()}>{(refusal) => <p class="fault">{refusal().message}</p>}</Show>
      <Show when={asked.value() !== null && entries().length === 0}>
        <p class="panel-empty">{props.none}</p>
      </Show>
      <ol class="made-entries" aria-labelledby={id}>
        <Index each={entries()}>
          {(entry, at) => (
            <Row
              entry={entry()}
              counts={counts(at)}
              fault={faults().get(at)}
              set={(changed) => set(at, changed)}
              remove={() => change(entries().filter((_, place) => place !== at))}
            />
          )}
        </Index>
      </ol>
      <div class="made-acts">
        <Add
          templates={props.templates}
          of={props.title}
          add={(entry) => change([...entries(), { text: textOf(entry), on: true }])}
        />
        <button type="button" class="button primary" disabled={draft() === null || busy()} onClick={() => void put()}>
          Put the list
        </button>
        <Show when={draft() !== null}>
          <button type="button" class="button" onClick={giveUp}>
            Give up changes
          </button>
        </Show>
      </div>
      <p class="made-outcome" role="status">
        <Show when={refusal()} fallback={draft() === null ? "" : "Not put yet. All counts begin at 0 then."}>
          {(refusal) => <span class="fault">{refusal().message}</span>}
        </Show>
      </p>
    </section>
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly counts: string;
  readonly fault: string | undefined;
  set(changed: Partial<Entry>): void;
  remove(): void;
}

function Row(props: RowProps) {
  const id = createUniqueId();
  const name = () => nameOf(props.entry.text);
  return (
    <li class="made-entry" data-on={props.entry.on}>
      <label class="check">
        <input
          type="checkbox"
          checked={props.entry.on}
          onChange={(event) => props.set({ on: event.currentTarget.checked })}
        />
        <span class="made-name">{name()}</span>
      </label>
      <span class="made-counts">{props.entry.on ? props.counts : "off"}</span>
      <button type="button" class="button quiet" aria-label={`Remove ${name()}`} title="Remove" onClick={props.remove}>
        ✕
      </button>
      <textarea
        class="field mono made-text"
        aria-label={`${name()}, as JSON`}
        aria-invalid={props.fault !== undefined}
        aria-describedby={props.fault === undefined ? undefined : id}
        spellcheck={false}
        rows={Math.min(props.entry.text.split("\n").length, 12)}
        value={props.entry.text}
        onInput={(event) => props.set({ text: event.currentTarget.value })}
      />
      <Show when={props.fault}>
        {(fault) => (
          <p class="fault" id={id}>
            {fault()}
          </p>
        )}
      </Show>
    </li>
  );
}

function Add(props: { readonly templates: MadeListProps["templates"]; readonly of: string; add(entry: never): void }) {
  const add = (select: HTMLSelectElement) => {
    const found = props.templates.find(([name]) => name === select.value);
    select.value = "";
    if (found !== undefined) props.add(found[1] as never);
  };
  return (
    <select class="field" aria-label={`Add to ${props.of}`} onChange={(event) => add(event.currentTarget)}>
      <option value="">Add…</option>
      <For each={props.templates}>{([name]) => <option value={name}>{name}</option>}</For>
    </select>
  );
}

/** What is switched off, of this venue: the page alone knows of it, in this browser. */
function createOff(of: ListName) {
  const name = `${of}.off.${venueName()}`;
  const [texts, setTexts] = createSignal<readonly string[]>(readTexts(kept(name)));
  const set = (texts: readonly string[]) => {
    setTexts(texts);
    keep(name, JSON.stringify(texts));
  };
  return { texts, set };
}

function readTexts(json: string | null): readonly string[] {
  try {
    const texts: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(texts) ? texts.filter((text) => typeof text === "string") : [];
  } catch {
    return [];
  }
}

function asOff(text: string): Entry {
  return { text, on: false };
}

// A card: a title, its most telling figures, and what is below. The keys that name a plot's lines, and the mark of what is
// beyond what is sane.

import { createUniqueId, Index, type JSX, Show } from "solid-js";
import type { Figure } from "../../figures/format";

export function Card(props: {
  title: string;
  /** One word of how large it is in the grid. */
  span: "half" | "quarter" | "full";
  figures?: JSX.Element;
  note?: JSX.Element;
  /** Of when its figures are, where that is too long ago. */
  asOf?: string | null;
  children: JSX.Element;
}) {
  const id = createUniqueId();
  return (
    <section class={`pulse-card pulse-${props.span}`} data-stale={props.asOf ? true : undefined} aria-labelledby={id}>
      <header class="pulse-head">
        <div class="pulse-heading">
          <h2 class="pulse-title" id={id}>
            {props.title}
          </h2>
          <div class="pulse-note">
            <Show when={props.asOf} fallback={props.note}>
              <span class="pulse-as-of">{props.asOf}</span>
            </Show>
          </div>
        </div>
        <div class="pulse-figures">{props.figures}</div>
      </header>
      {props.children}
    </section>
  );
}

export function Amount(props: Figure & { bad?: string | undefined }) {
  return (
    <span class="pulse-number" classList={{ "pulse-bad": props.bad !== undefined }}>
      <Show when={props.bad}>
        <Mark />
      </Show>
      {props.value}
      <span class="pulse-unit">
        {props.unit.startsWith(",") ? "" : " "}
        {props.unit}
      </span>
      <Show when={props.bad}>{(word) => <span class="pulse-word"> {word()}</span>}</Show>
    </span>
  );
}

/** By shape, for whoever does not tell the colour; the word beside it is for everybody. */
export function Mark() {
  return (
    <span class="pulse-warning" aria-hidden="true">
      ▲{" "}
    </span>
  );
}

/** A name and its figure; `bad` is the word for what is wrong with it. */
export function Fact(props: { name: JSX.Element; bad?: string | undefined; children: JSX.Element }) {
  return (
    <div class="pulse-fact">
      <dt>{props.name}</dt>
      <dd classList={{ "pulse-bad": props.bad !== undefined }}>
        <Show when={props.bad}>
          <Mark />
        </Show>
        {props.children}
        <Show when={props.bad}>{(word) => <span class="pulse-word"> {word()}</span>}</Show>
      </dd>
    </div>
  );
}

export type Key = "accepted" | "executed" | "cancelled" | "bars" | "model" | "middle" | "tail";

/** What each line is, and its figure: the newest, or that at the pointer. */
export function Keys(props: { keys: readonly { kind: Key; name: string; value?: string }[]; at?: string }) {
  return (
    <div class="pulse-legend">
      <ul class="pulse-keys">
        <Index each={props.keys}>
          {(key) => (
            <li class="pulse-key">
              <i class={`pulse-mark pulse-mark-${key().kind}`} />
              {key().name}
              <Show when={key().value !== undefined}>
                <b class="pulse-key-value">{key().value}</b>
              </Show>
            </li>
          )}
        </Index>
      </ul>
      <span class="pulse-at">{props.at}</span>
    </div>
  );
}

export function Empty(props: { children: JSX.Element }) {
  return <p class="pulse-empty">{props.children}</p>;
}

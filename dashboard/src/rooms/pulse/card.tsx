// A card: a title, its most telling figures, and what is below. And the keys that name a plot's lines.

import { createUniqueId, For, type JSX, Show } from "solid-js";
import type { Figure } from "../../figures/format";

export function Card(props: {
  title: string;
  /** One word of how large it is in the grid. */
  span: "half" | "quarter" | "full";
  figures?: JSX.Element;
  note?: JSX.Element;
  children: JSX.Element;
}) {
  const id = createUniqueId();
  return (
    <section class={`pulse-card pulse-${props.span}`} aria-labelledby={id}>
      <header class="pulse-head">
        <div class="pulse-heading">
          <h2 class="pulse-title" id={id}>
            {props.title}
          </h2>
          <div class="pulse-note">{props.note}</div>
        </div>
        <div class="pulse-figures">{props.figures}</div>
      </header>
      {props.children}
    </section>
  );
}

export function Amount(props: Figure) {
  return (
    <span class="pulse-number">
      {props.value}
      <span class="pulse-unit"> {props.unit}</span>
    </span>
  );
}

export type Key = "accepted" | "executed" | "cancelled" | "bars" | "model" | "middle" | "tail";

/** What each line is, and its figure: the newest, or that at the pointer. */
export function Keys(props: { keys: readonly { kind: Key; name: string; value?: string }[]; at?: string }) {
  return (
    <div class="pulse-legend">
      <ul class="pulse-keys">
        <For each={props.keys}>
          {(key) => (
            <li class="pulse-key">
              <i class={`pulse-mark pulse-mark-${key.kind}`} />
              {key.name}
              <Show when={key.value !== undefined}>
                <b class="pulse-key-value">{key.value}</b>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <span class="pulse-at">{props.at}</span>
    </div>
  );
}

export function Empty(props: { children: JSX.Element }) {
  return <p class="pulse-empty">{props.children}</p>;
}

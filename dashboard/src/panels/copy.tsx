// Copying to the clipboard, with a word on whether it worked. A browser lets a page copy over https and on this machine
// only: elsewhere the text is shown, chosen, to be copied by hand.

import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";

export interface Copyable {
  /** What is copied, in a word or two. */
  readonly name: string;
  text(): string;
}

const SAID_MS = 3_000;

/** Why a copy was refused. */
export const NOT_COPIED = "The browser does not let this page copy: it is neither on https nor on this machine.";

/** Whether the browser took the text. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused, or there is none: a browser offers it over https and on this machine only.
    return false;
  }
}

interface CopyButtonsProps {
  readonly label: string;
  readonly of: readonly Copyable[];
  /** What the texts are of: with another order, what was to be copied by hand is gone. */
  readonly about?: string;
}

export function CopyButtons(props: CopyButtonsProps) {
  const [said, setSaid] = createSignal<string | null>(null);
  const [refused, setRefused] = createSignal<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  createEffect(
    on(
      () => props.about,
      () => setRefused(null),
      { defer: true },
    ),
  );
  const copy = async ({ name, text }: Copyable) => {
    const written = text();
    const done = await copied(written);
    setRefused(done ? null : written);
    setSaid(done ? name : null);
    clearTimeout(timer);
    timer = setTimeout(() => setSaid(null), SAID_MS);
  };
  return (
    <fieldset class="copy">
      <legend class="unseen">{props.label}</legend>
      <span class="copy-label" aria-hidden="true">
        {props.label}
      </span>
      <For each={props.of}>
        {(one) => (
          <button
            type="button"
            class="copy-button"
            data-copied={said() === one.name}
            aria-label={`Copy ${one.name}`}
            onClick={() => void copy(one)}
          >
            {one.name}
          </button>
        )}
      </For>
      <span class="copy-said" role="status">
        {said() === null ? "" : "Copied"}
      </span>
      <Show when={refused()}>
        {(text) => (
          <div class="copy-refused">
            <p class="fault" role="alert">
              {NOT_COPIED} By hand:
            </p>
            <textarea
              class="field mono"
              aria-label="To be copied by hand"
              readonly
              rows={2}
              value={text()}
              ref={(area) => queueMicrotask(() => area.select())}
            />
            <button type="button" class="copy-button" aria-label="Dismiss the text" onClick={() => setRefused(null)}>
              ✕
            </button>
          </div>
        )}
      </Show>
    </fieldset>
  );
}

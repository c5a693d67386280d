// What the reader is told once: that the connection came back and what that cost, and what went wrong.

import { createEffect, onCleanup, Show } from "solid-js";

export interface Message {
  readonly kind: "resumed" | "lost" | "anew" | "fault";
  readonly text: string;
}

/** Good news goes away by itself. */
const GOOD_NEWS_MS = 6_000;

export function MessageBar(props: { readonly message: Message | null; dismiss(): void }) {
  createEffect(() => {
    if (props.message?.kind !== "resumed") return;
    const timer = setTimeout(props.dismiss, GOOD_NEWS_MS);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <div class="messages" role="status" aria-live="polite">
      <Show when={props.message}>
        {(message) => (
          <p class="message" data-kind={message().kind}>
            <span>{message().text}</span>
            <button type="button" class="button quiet" aria-label="Dismiss" onClick={props.dismiss}>
              ✕
            </button>
          </p>
        )}
      </Show>
    </div>
  );
}

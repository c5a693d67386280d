// What the reader is told once: that the connection came back and what that cost, and what went wrong. It stands between
// the room and the foot and covers neither; Escape, a click, time or the next input ends it.

import { createEffect, createSignal, onCleanup, Show } from "solid-js";

export interface Message {
  readonly kind: "resumed" | "lost" | "anew" | "gone" | "done" | "fault";
  readonly text: string;
}

/** So long it stays; what was lost stays until it is read. */
const STAYS_MS: Readonly<Record<Message["kind"], number>> = {
  resumed: 6_000,
  done: 10_000,
  fault: 15_000,
  lost: Number.POSITIVE_INFINITY,
  anew: Number.POSITIVE_INFINITY,
  gone: Number.POSITIVE_INFINITY,
};

export function MessageBar(props: { readonly message: Message | null; dismiss(): void }) {
  const [read, setRead] = createSignal(false);
  createEffect(() => {
    const { message } = props;
    // It is not taken away from under the pointer or the keyboard.
    if (message === null || read() || STAYS_MS[message.kind] === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(props.dismiss, STAYS_MS[message.kind]);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <div class="messages" role="status" aria-live="polite">
      <Show when={props.message}>
        {(message) => (
          <p
            class="message"
            data-kind={message().kind}
            onPointerEnter={() => setRead(true)}
            onPointerLeave={() => setRead(false)}
            onFocusIn={() => setRead(true)}
            onFocusOut={() => setRead(false)}
          >
            <span>{message().text}</span>
            <button
              type="button"
              class="button quiet"
              aria-label="Dismiss"
              title="Dismiss (Esc)"
              onClick={props.dismiss}
            >
              ✕
            </button>
          </p>
        )}
      </Show>
    </div>
  );
}

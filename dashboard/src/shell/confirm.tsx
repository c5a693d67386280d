// A question before what cannot be taken back.

import { type Accessor, createSignal, Show } from "solid-js";

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button that does it says. */
  readonly yes: string;
  does(): unknown;
}

export interface Asking {
  readonly question: Accessor<Question | null>;
  ask(question: Question): void;
  answer(yes: boolean): void;
}

export function createAsking(): Asking {
  const [question, setQuestion] = createSignal<Question | null>(null);
  return {
    question,
    ask: (question) => {
      setQuestion(question);
    },
    answer: (yes) => {
      const asked = question();
      setQuestion(null);
      if (yes) asked?.does();
    },
  };
}

export function Confirm(props: { readonly asking: Asking }) {
  return (
    <Show when={props.asking.question()}>
      {(question) => (
        <dialog
          class="confirm"
          aria-labelledby="confirm-title"
          ref={(dialog) => queueMicrotask(() => dialog.isConnected && dialog.showModal())}
          onClose={() => props.asking.answer(false)}
        >
          <h2 id="confirm-title">{question().title}</h2>
          <p>{question().text}</p>
          <div class="confirm-acts">
            {/* The one that changes nothing has the keyboard first. */}
            <button type="button" class="button" autofocus onClick={() => props.asking.answer(false)}>
              Keep them
            </button>
            <button type="button" class="button danger" onClick={() => props.asking.answer(true)}>
              {question().yes}
            </button>
          </div>
        </dialog>
      )}
    </Show>
  );
}

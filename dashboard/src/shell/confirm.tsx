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
    ask: (asked) => {
      setQuestion((open) => open ?? asked);
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
    <Show when={props.asking.question()}>{(question) => <Dialog question={question()} asking={props.asking} />}</Show>
  );
}

/** The answer is given once the dialog is closed: then the keyboard is back where it was. */
function Dialog(props: { readonly question: Question; readonly asking: Asking }) {
  let dialog!: HTMLDialogElement;
  let yes = false;
  const close = (answer: boolean) => {
    yes = answer;
    dialog.close();
  };
  return (
    <dialog
      class="confirm"
      aria-labelledby="confirm-title"
      ref={(element) => {
        dialog = element;
        queueMicrotask(() => element.isConnected && element.showModal());
      }}
      onClose={() => props.asking.answer(yes)}
    >
      <h2 id="confirm-title">{props.question.title}</h2>
      <p>{props.question.text}</p>
      <div class="confirm-acts">
        {/* The one that changes nothing has the keyboard first. */}
        <button type="button" class="button" autofocus onClick={() => close(false)}>
          Keep them
        </button>
        <button type="button" class="button danger" onClick={() => close(true)}>
          {props.question.yes}
        </button>
      </div>
    </dialog>
  );
}

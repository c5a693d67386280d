// Everything that the page can do, by name: typed, chosen, done. What is typed may also be an order, by any of its names.

import { createEffect, createSignal, createUniqueId, For, on } from "solid-js";

export interface Command {
  readonly name: string;
  /** The key that does the same. */
  readonly key?: string;
  run(): void;
}

export interface CommandsProps {
  readonly commands: readonly Command[];
  /** Looks an order up by what was typed. */
  find(text: string): void;
  ref(dialog: HTMLDialogElement): void;
}

export function Commands(props: CommandsProps) {
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [at, setAt] = createSignal(0);
  let dialog!: HTMLDialogElement;
  const matching = (): readonly Command[] => {
    const words = text().toLowerCase().split(/\s+/);
    const commands = props.commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
    const typed = text().trim();
    const found = typed === "" ? [] : [{ name: `Find the order “${typed}”`, run: () => props.find(typed) }];
    return [...commands, ...found];
  };
  createEffect(on(text, () => setAt(0), { defer: true }));
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    dialog.close();
    command.run();
  };
  const pressed = (event: KeyboardEvent) => {
    const count = matching().length;
    if (event.key === "ArrowDown") setAt((at) => (at + 1) % count);
    else if (event.key === "ArrowUp") setAt((at) => (at + count - 1) % count);
    else if (event.key === "Enter") run(matching()[at()]);
    else return;
    event.preventDefault();
    dialog.querySelector(`#${CSS.escape(`${id}-${at()}`)}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <dialog
      class="commands"
      aria-label="Commands"
      ref={(element) => {
        dialog = element;
        // What lies around it is the dialog's too, and only that is the dialog itself.
        element.addEventListener(
          "click",
          (event) => event.target === element && isBeside(element, event) && element.close(),
        );
        props.ref(element);
      }}
      onClose={() => setText("")}
    >
      <div class="commands-head">
        <input
          class="field"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={`${id}-${at()}`}
          aria-label="A command, an order's id, or a client's name for it"
          placeholder="A command, an order's id, or a client's name for it"
          autocomplete="off"
          spellcheck={false}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <button type="button" class="button quiet" aria-label="Close the commands" onClick={() => dialog.close()}>
          ✕
        </button>
      </div>
      <div class="commands-list" id={id} role="listbox" aria-label="Commands">
        <For each={matching()}>
          {(command, place) => (
            // The field has the keyboard throughout.
            // biome-ignore lint/a11y/useFocusableInteractive: chosen through aria-activedescendant
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
            <div
              class="command"
              role="option"
              id={`${id}-${place()}`}
              aria-selected={place() === at()}
              onClick={() => run(command)}
            >
              <span>{command.name}</span>
              {command.key === undefined ? null : <kbd>{command.key}</kbd>}
            </div>
          )}
        </For>
      </div>
    </dialog>
  );
}

function isBeside(element: Element, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

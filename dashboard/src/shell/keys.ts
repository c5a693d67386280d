// The keyboard: keys, and pairs of them (`g o`), that do something wherever the reader is, but not while text is typed.
// What a key does not do here is left to the browser.

import { onCleanup } from "solid-js";

const TYPED = /^(INPUT|TEXTAREA|SELECT)$/;
const NOT_TYPED = /^(checkbox|radio|button|submit)$/;
/** What moves within something: it belongs to whatever has the keyboard, where that has a use for it. */
const ARROWS = /^(Arrow|Home|End|Page)/;
const MOVES = "[role=tablist], [role=listbox], [role=grid], input[type=radio], .menu, .scrolls";
/** The second key of a pair comes by then. */
const PAIR_MS = 1_200;

/** What keys do: false says that there was nothing to do. */
export type Keys = Readonly<Record<string, () => unknown>>;

export function onKeys(keys: Keys): void {
  const begins = new Set(
    Object.keys(keys).flatMap((key) => (key.includes(" ") ? [key.slice(0, key.indexOf(" "))] : [])),
  );
  let begun: { readonly key: string; readonly atMs: number } | null = null;
  const pressed = (event: KeyboardEvent) => {
    if (event.metaKey || event.altKey || event.defaultPrevented) return;
    // A dialog has the keyboard to itself, and an open menu its Escape.
    if (document.querySelector("dialog[open], :popover-open") !== null) return;
    if (isTyping(event.target) && event.key !== "Escape" && !event.ctrlKey) return;
    if (ARROWS.test(event.key) && event.target instanceof Element && event.target.closest(MOVES) !== null) return;
    const first = begun !== null && performance.now() - begun.atMs < PAIR_MS ? begun.key : null;
    begun = null;
    const pressed = event.ctrlKey ? `Ctrl-${event.key}` : event.key;
    const action = (first === null ? undefined : keys[`${first} ${pressed}`]) ?? keys[pressed];
    if (action === undefined) {
      if (begins.has(pressed)) begun = { key: pressed, atMs: performance.now() };
      return;
    }
    if (action() !== false) event.preventDefault();
  };
  addEventListener("keydown", pressed);
  onCleanup(() => removeEventListener("keydown", pressed));
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TYPED.test(target.type);
  return TYPED.test(target.tagName) || target.isContentEditable;
}

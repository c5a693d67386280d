// The keyboard: single keys that do something wherever the reader is, but not while text is typed.

import { onCleanup } from "solid-js";

const TYPED = /^(INPUT|TEXTAREA|SELECT)$/;
const NOT_TYPED = /^(checkbox|radio|button|submit)$/;

export function onKeys(keys: Readonly<Record<string, () => void>>): void {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const action = keys[event.key];
    if (action === undefined || (isTyping(event.target) && event.key !== "Escape")) return;
    // A dialog has the keyboard to itself.
    if (document.querySelector("dialog[open]") !== null) return;
    // Escape also clears a search field, which is the browser's doing.
    if (event.key !== "Escape") event.preventDefault();
    action();
  };
  addEventListener("keydown", pressed);
  onCleanup(() => removeEventListener("keydown", pressed));
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TYPED.test(target.type);
  return TYPED.test(target.tagName) || target.isContentEditable;
}

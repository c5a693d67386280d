// Figures that change with each frame of the screen, at a pace at which they can be read: each change of a number lays out
// anew what stands beside it.

import { type Accessor, createRenderEffect, createSignal, onCleanup, untrack } from "solid-js";

/** From one change to the next. */
export const CALM_MS = 100;

/** What `read` gives: at once where it did not change just before, otherwise as soon as its last change was long enough
 * ago. The newest is never left out. */
export function calm<T>(read: Accessor<T>): Accessor<T> {
  let newest = untrack(read);
  let toldMs = Number.NEGATIVE_INFINITY;
  let due: ReturnType<typeof setTimeout> | undefined;
  const [told, setTold] = createSignal(newest, { equals: false });
  const tell = () => {
    due = undefined;
    toldMs = performance.now();
    setTold(() => newest);
  };
  createRenderEffect(() => {
    newest = read();
    const waitMs = toldMs + CALM_MS - performance.now();
    if (due !== undefined) return;
    if (waitMs <= 0) tell();
    else due = setTimeout(tell, waitMs);
  });
  onCleanup(() => clearTimeout(due));
  return told;
}

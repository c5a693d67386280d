// A button, and what it opens below itself: closed by Escape, by another click, and by whatever was chosen in it.

import { createSignal, createUniqueId, type JSX, Show } from "solid-js";

export interface MenuProps {
  /** What the button says, and what it is called where that is not enough. */
  readonly button: JSX.Element;
  readonly label?: string;
  readonly class?: string;
  readonly children: (close: () => void) => JSX.Element;
}

/** What it opens keeps so far from the window's edge. */
const EDGE_PX = 8;

export function Menu(props: MenuProps) {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  let button!: HTMLButtonElement;
  let sheet!: HTMLDivElement;
  const toggled = (event: Event) => {
    const opened = (event as ToggleEvent).newState === "open";
    setOpen(opened);
    if (!opened) return;
    const { left, bottom } = button.getBoundingClientRect();
    const widest = document.documentElement.clientWidth - sheet.offsetWidth - EDGE_PX;
    sheet.style.left = `${Math.max(EDGE_PX, Math.min(left, widest))}px`;
    sheet.style.top = `${bottom + 6}px`;
    sheet.style.maxHeight = `${Math.max(160, innerHeight - bottom - 2 * EDGE_PX)}px`;
  };
  return (
    <>
      <button
        type="button"
        class={`menu-button ${props.class ?? "button"}`}
        aria-expanded={open()}
        aria-label={props.label}
        title={props.label}
        popovertarget={id}
        ref={button}
      >
        {props.button}
      </button>
      <div class="menu" id={id} popover="auto" ref={sheet} on:toggle={toggled}>
        <Show when={open()}>{props.children(() => sheet.hidePopover())}</Show>
      </div>
    </>
  );
}

// The tokens' colours as a canvas needs them: resolved, and anew when light turns to dark. light-dark() is resolved by
// the browser alone, so an element is given the token as its colour and asked what that came to.

import { type Accessor, createSignal, onCleanup } from "solid-js";

export interface Look {
  /** The colour of a token (`--plot-1`), with so much of it as a percentage. */
  readonly colour: (token: string, percent?: number) => string;
  /** For the labels of axes. */
  readonly font: string;
}

/** The look of the page around `element`; another one whenever the theme changes. */
export function createLook(element: () => Element): Accessor<Look> {
  const [look, setLook] = createSignal(readLook(element()));
  const renew = () => setLook(readLook(element()));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", renew);
  const chosen = new MutationObserver(renew);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  onCleanup(() => {
    dark.removeEventListener("change", renew);
    chosen.disconnect();
  });
  return look;
}

function readLook(element: Element): Look {
  const known = new Map<string, string>();
  const colour = (token: string, percent = 100) => {
    const wanted = percent === 100 ? `var(${token})` : `color-mix(in srgb, var(${token}) ${percent}%, transparent)`;
    const resolved = known.get(wanted) ?? resolve(element, wanted);
    known.set(wanted, resolved);
    return resolved;
  };
  return { colour, font: `11px ${getComputedStyle(element).fontFamily}` };
}

function resolve(element: Element, wanted: string): string {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = wanted;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

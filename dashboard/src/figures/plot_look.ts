// The tokens' colours as a canvas needs them: resolved, and anew when light turns to dark, another set of colours is chosen
// or the machine forces its own. light-dark() is resolved by the browser alone, so an element is given the token as its
// colour and asked what that came to.

import { type Accessor, createSignal, onCleanup } from "solid-js";

export interface Look {
  /** The colour of a token (`--plot-1`), with so much of it as a percentage. */
  readonly colour: (token: string, percent?: number) => string;
  /** For the labels of axes. */
  readonly font: string;
  /** Whether lines are told apart by their dashes, too: where colours are few, or are not what the reader tells apart. */
  readonly dashed: boolean;
}

/** The attributes of the page's root that choose its colours. */
const CHOSEN_BY = ["data-theme", "data-colours"];
const QUERIES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/** The look of the page around `element`; another one whenever its colours change. */
export function createLook(element: () => Element): Accessor<Look> {
  const [look, setLook] = createSignal(readLook(element()));
  const renew = () => setLook(readLook(element()));
  const queries = QUERIES.map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", renew);
  const chosen = new MutationObserver(renew);
  chosen.observe(document.documentElement, { attributeFilter: CHOSEN_BY });
  onCleanup(() => {
    for (const query of queries) query.removeEventListener("change", renew);
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
  const style = getComputedStyle(element);
  return { colour, font: `11px ${style.fontFamily}`, dashed: style.getPropertyValue("--dashed").trim() === "1" };
}

function resolve(element: Element, wanted: string): string {
  const probe = document.createElement("i");
  probe.className = "plot-probe";
  probe.hidden = true;
  probe.style.color = wanted;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

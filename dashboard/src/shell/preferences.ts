// What the reader chose for this browser, whatever the venue: light or dark, whose colours, how dense, whose time of day.
// Kept in this browser; one that keeps nothing keeps it as long as the page.

import { type Accessor, createSignal } from "solid-js";
import type { Zone } from "../model/format";
import { keep, kept } from "./kept";

export interface Preference<T extends string> {
  readonly value: Accessor<T>;
  readonly values: readonly T[];
  choose(value: T): void;
  /** Goes on to the next value, round and round. */
  next(): void;
}

/** As the machine has it, unless the reader chose. */
export const theme = preference("theme", ["auto", "light", "dark"]);
/** `distinct`: colours that are told apart without telling red from green. */
export const colours = preference("colours", ["usual", "distinct"]);
export const density = preference("density", ["roomy", "dense"]);
export const zone: Preference<Zone> = preference("zone", ["utc", "local"]);

function preference<const T extends string>(name: string, values: readonly [T, ...T[]]): Preference<T> {
  const [value, setValue] = createSignal<T>(values.find((value) => value === kept(name)) ?? values[0]);
  const show = () => {
    document.documentElement.dataset[name] = value();
  };
  show();
  const choose = (chosen: T) => {
    setValue(() => chosen);
    show();
    keep(name, chosen);
  };
  const next = () => choose(values[(values.indexOf(value()) + 1) % values.length] ?? values[0]);
  return { value, values, choose, next };
}

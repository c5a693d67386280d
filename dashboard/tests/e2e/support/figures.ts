// Figures beside what they must reach: told as a table, and failed where they do not.

import { expect } from "vitest";

export interface Figure {
  readonly what: string;
  readonly must: string;
  readonly measured: string;
  readonly reached: boolean;
  /** Whether it is good enough to pass; where that is less than reached, for what depends on the machine. */
  readonly passes: boolean;
}

export function tell(figures: readonly Figure[]): void {
  const line = ({ what, must, measured, reached }: Figure) =>
    `${reached ? " " : "!"} ${what.padEnd(48)}${must.padEnd(14)}${measured}`;
  const head = `  ${"what".padEnd(48)}${"must reach".padEnd(14)}measured`;
  process.stdout.write(`\n${[head, ...figures.map(line)].join("\n")}\n\n`);
  expect(figures.filter((figure) => !figure.passes)).toEqual([]);
}

/** `slack` times as much still passes. */
export function atMost(what: string, most: number, value: number, write: (value: number) => string, slack = 1): Figure {
  const [reached, passes] = [value <= most, value <= most * slack];
  return { what, must: `≤ ${write(most)}`, measured: write(value), reached, passes };
}

/** A share of `slack` still passes. */
export function atLeast(what: string, least: number, value: number, slack = 1): Figure {
  const [reached, passes] = [value >= least, value >= least / slack];
  return { what, must: `≥ ${least}`, measured: value.toFixed(1), reached, passes };
}

export function noted(what: string, measured: string): Figure {
  return { what, must: "", measured, reached: true, passes: true };
}

// Numbers in words and units, the same everywhere. A figure is its number and its unit apart, because the
// unit is set smaller.

import type { DelayModel } from "../model/delay_model";
import { whole } from "../model/format";

export interface Figure {
  readonly value: string;
  readonly unit: string;
}

/** What is written where nothing is known. */
export const UNKNOWN = "–";

export function count(figure: number): string {
  return whole(Math.round(figure));
}

/** "1 order", "2 orders". */
export function counted(figure: number, one: string, many = `${one}s`): string {
  return `${count(figure)} ${figure === 1 ? one : many}`;
}

/** A rate with as many digits as say something: 0, 0.02, 3.4, 127, 1,204. */
export function rate(perS: number): string {
  if (perS === 0) return "0";
  if (perS < 1) return perS.toFixed(2);
  return perS < 100 ? perS.toFixed(1) : count(perS);
}

/** A time in the unit that suits it, with three digits. */
export function duration(us: number | null): Figure {
  if (us === null) return { value: UNKNOWN, unit: "" };
  if (us < 1) return { value: "0", unit: "ms" };
  if (us < 999.5) return { value: us.toFixed(0), unit: "µs" };
  if (us < 999_500) return { value: digits(us / 1e3), unit: "ms" };
  if (us < 120e6) return { value: digits(us / 1e6), unit: "s" };
  return us < 7200e6 ? { value: digits(us / 60e6), unit: "min" } : { value: digits(us / 3600e6), unit: "h" };
}

function digits(figure: number): string {
  if (figure >= 99.95) return count(figure);
  return figure.toFixed(figure >= 9.995 ? 1 : 2);
}

/** The same in one piece. */
export function written(us: number | null): string {
  const { value, unit } = duration(us);
  return `${value}\u00a0${unit}`.trim();
}

/** The same for sentences and axes: without zeros that say nothing. */
export function spoken(us: number | null): string {
  if (us === null) return "unknown";
  const { value, unit } = duration(us);
  return `${value.includes(".") ? value.replace(/\.?0+$/, "") : value}\u00a0${unit}`;
}

/** Seconds of a venue's histogram as milliseconds, all with two decimals, so that they line up. */
export function milliseconds(s: number | null): string {
  return s === null ? UNKNOWN : (s * 1e3).toFixed(2);
}

export function share(part: number | null): string {
  if (part === null) return UNKNOWN;
  if (part === 0) return "0 %";
  return part < 0.001 ? "< 0.1 %" : `${(part * 100).toFixed(1)} %`;
}

/** How the venue was told to delay orders. */
export function modelInWords(model: DelayModel): string {
  switch (model.kind) {
    case "none":
      return "no delay";
    case "fixed":
      return `always ${spoken(model.us)}`;
    case "uniform":
      return `${spoken(model.minUs)} to ${spoken(model.maxUs)}, evenly`;
    case "log-normal":
      return `log-normal, median ${spoken(model.medianUs)}, sigma ${model.sigma}`;
  }
}

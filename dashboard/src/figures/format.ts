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

/** A rate with as many digits as say something: 0, 0.02, 3.4, 127, 1,204; null where it is not known. */
export function rate(perS: number | null | undefined): string {
  if (perS === null || perS === undefined) return UNKNOWN;
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

/** How the venue was told to delay orders, as what follows "Configured: ". */
export function modelInWords(model: DelayModel): string {
  return model.kind === "fixed" ? `every order waits ${spoken(model.us)}` : modelInBrief(model);
}

/** The same beside a name that says what it delays. */
export function modelInBrief(model: DelayModel): string {
  switch (model.kind) {
    case "none":
      return "no delay";
    case "fixed":
      return spoken(model.us);
    case "uniform":
      return `${spoken(model.minUs)} to ${spoken(model.maxUs)}, evenly`;
    case "log-normal":
      return `log-normal, median ${spoken(model.medianUs)}, sigma ${model.sigma}`;
  }
}

/** What a route delay does to every request. */
export function routeDelayInWords(model: DelayModel): string {
  switch (model.kind) {
    case "none":
      return "no request waits";
    case "fixed":
      return `every request waits ${spoken(model.us)} first`;
    case "uniform":
      return `every request waits ${spoken(model.minUs)} to ${spoken(model.maxUs)} first`;
    case "log-normal":
      return `every request waits first, half of them ${spoken(model.medianUs)} or longer`;
  }
}

/** `768 KiB`, `1.2 GiB`: three digits or so. */
export function bytes(figure: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [left, unit] = [figure, 0];
  for (; left >= 999.5 && unit < units.length - 1; unit++) left /= 1024;
  return `${unit === 0 || left >= 99.95 ? count(left) : left.toFixed(left >= 9.995 ? 1 : 2)}\u00a0${units[unit]}`;
}

/** How long something goes on, in its two largest units: `3 d 4 h`, `12 min 05 s`, `7 s`. */
export function uptime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [d, h, min, s] = [whole / 86_400, (whole / 3600) % 24, (whole / 60) % 60, whole % 60].map(Math.floor) as [
    number,
    number,
    number,
    number,
  ];
  const two = (value: number) => String(value).padStart(2, "0");
  if (d > 0) return `${count(d)}\u00a0d ${h}\u00a0h`;
  if (h > 0) return `${h}\u00a0h ${two(min)}\u00a0min`;
  return min > 0 ? `${min}\u00a0min ${two(s)}\u00a0s` : `${s}\u00a0s`;
}

/** Who listens: so many of them are this page, and the venue counts it with its next reading at the latest. */
export function subscribersInWords(counted: number | undefined, mine: number): string {
  if (counted === undefined) return UNKNOWN;
  if (mine === 0) return count(counted);
  return counted <= mine ? `${mine}, this page` : `${count(counted)}, ${mine}: this page`;
}

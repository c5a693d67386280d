// Decimals as the venue writes them, for the reader: with groups of three, signed, shortened. Text goes in and text comes
// out, but for what is only drawn: a double has room for some sixteen digits.

/** `1234567.5` as `1,234,567.5`. */
export function grouped(text: string): string {
  const [, sign = "", units = "", rest = ""] = /^([-+−]?)(\d+)(.*)$/.exec(text) ?? [];
  if (units.length < 4) return text;
  return `${sign}${units.replace(/\B(?=(\d{3})+$)/g, ",")}${rest}`;
}

/** An amount of money with two decimals, half away from zero, and with its groups; what is smaller shows as it is. */
export function money(text: string | null): string {
  if (text === null) return "–";
  const [, sign = "", units = "0", decimals = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const hundredths = BigInt(`${units}${decimals.padEnd(3, "0").slice(0, 2)}`);
  const rounded = Number(decimals[2] ?? "0") >= 5 ? hundredths + 1n : hundredths;
  const digits = String(rounded).padStart(3, "0");
  const written = grouped(`${digits.slice(0, -2)}.${digits.slice(-2)}`);
  return rounded === 0n ? written : `${sign === "-" ? "−" : ""}${written}`;
}

/** The same with its sign, also where it is positive. */
export function gain(text: string | null): string {
  const written = money(text);
  return text === null || text.startsWith("-") || /^[0.,]*$/.test(written) ? written : `+${written}`;
}

/** Which way an amount goes: for its colour, beside its sign. */
export function wayOf(text: string | null): "up" | "down" | "flat" {
  if (text === null || /^-?[0.]*$/.test(text)) return "flat";
  return text.startsWith("-") ? "down" : "up";
}

/** A quantity in four digits or so: `999`, `1.385k`, `25.85k`, `1.2M`. */
export function brief(text: string): string {
  const value = Number(text);
  if (Math.abs(value) < 1e4) return digits(value);
  for (const [size, unit] of UNITS) if (Math.abs(value) >= size) return `${digits(value / size)}${unit}`;
  return digits(value);
}

const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

function digits(value: number): string {
  const text = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** An average price in nine digits: it may have more than any price has. */
export function shortened(text: string): string {
  return text.length <= 10 ? text : Number(text).toPrecision(9);
}

/** How many decimals a price of this tick has. */
export function decimalsOf(tick: string): number {
  return tick.includes(".") ? tick.length - tick.indexOf(".") - 1 : 0;
}

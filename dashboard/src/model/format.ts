// How numbers, times and ids are written for the reader. Times are the reader's own time of day.

const WHOLE = new Intl.NumberFormat("en");

export function whole(value: number): string {
  return WHOLE.format(value);
}

/** `08:02:18.410`, in local time. */
export function clock(us: number): string {
  const date = new Date(us / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(Math.floor((us / 1000) % 1000)).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** `2026-11-23 08:02:18.410496 UTC`: as the venue tells it. */
export function exact(us: number): string {
  const second = new Date(Math.floor(us / 1000)).toISOString().slice(0, 19).replace("T", " ");
  return `${second}.${String(us % 1_000_000).padStart(6, "0")} UTC`;
}

/** A span of time, in three digits or so: `785 us`, `1.4 ms`, `786 ms`, `5.00 s`, `12 min`. */
export function span(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 10_000) return `${(us / 1_000).toFixed(1)} ms`;
  if (us < 999_500) return `${Math.round(us / 1_000)} ms`;
  if (us < 99_950_000) return `${(us / 1_000_000).toFixed(us < 9_995_000 ? 2 : 1)} s`;
  if (us < 7_200_000_000) return `${Math.round(us / 60_000_000)} min`;
  return `${(us / 3_600_000_000).toFixed(1)} h`;
}

/** The first part of an id: enough to tell the orders on a screen apart. */
export function short(id: string): string {
  return id.slice(0, 8);
}

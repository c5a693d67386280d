// How numbers, times and ids are written for the reader. Times are in UTC, or in the reader's own zone where that was
// chosen; what is not of today has its date.

const WHOLE = new Intl.NumberFormat("en");

export function whole(value: number): string {
  return WHOLE.format(value);
}

/** Whose time of day is told. */
export type Zone = "utc" | "local";

/** `2026-11-23T08:02:18`: what a clock of the zone shows. */
export function toSecond(ms: number, zone: Zone): string {
  const shifted = zone === "utc" ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 19);
}

/** `2026-11-23` and `08:02:18.410496`, in the zone. */
function parts(us: number, zone: Zone): [date: string, time: string] {
  const [date = "", time = ""] = toSecond(Math.floor(us / 1000), zone).split("T");
  const fraction = String(us % 1_000_000).padStart(6, "0");
  return [date, `${time}.${fraction}`];
}

/** `08:02:18.410`, and with its month and day before it where it is not of today. */
export function clock(us: number, zone: Zone, nowUs: number): string {
  const [date, time] = parts(us, zone);
  const ofToday = date === today(nowUs, zone);
  return ofToday ? time.slice(0, 12) : `${date.slice(5)} ${time.slice(0, 12)}`;
}

let todayOf = "";
let todayText = "";

/** The date of now; it is asked for with each row, and is the same all day. */
function today(nowUs: number, zone: Zone): string {
  const hour = `${zone}${Math.floor(nowUs / 900e6)}`;
  if (hour !== todayOf) {
    todayOf = hour;
    todayText = parts(nowUs, zone)[0];
  }
  return todayText;
}

/** `2026-11-23 08:02:18.410496 UTC`: as the venue tells it, or the same moment in the reader's zone. */
export function exact(us: number, zone: Zone = "utc"): string {
  const [date, time] = parts(us, zone);
  return `${date} ${time} ${zoneName(zone, us)}`;
}

/** `15:31:02`. */
export function timeOfDay(us: number, zone: Zone): string {
  return parts(us, zone)[1].slice(0, 8);
}

/** `UTC`, or how far from it: `+05:30`. */
export function zoneName(zone: Zone, us: number): string {
  if (zone === "utc") return "UTC";
  const minutes = -new Date(us / 1000).getTimezoneOffset();
  const two = (value: number) => String(value).padStart(2, "0");
  const ahead = Math.abs(minutes);
  return `${minutes < 0 ? "−" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
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

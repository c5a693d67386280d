// What happens to an instrument, and to the venue, that a chart of prices is not read without: halts, openings, quotes by
// hand, rows of quotes, the venue's start. Told by the channel `instruments`; a word for a flag, a sentence for its reader.

import type { SchemaInstrument, SchemaSession } from "../api/schema";
import { readTime } from "./time";

/** A kept change of an instrument, as the channel tells it. */
export interface InstrumentFrame {
  readonly number: number;
  readonly at: string;
  readonly event: "listed" | "changed" | "quoted" | "rows";
  readonly instrument?: Pick<SchemaInstrument, "status">;
  readonly quote?: { readonly bid: string | null; readonly ask: string | null };
  readonly rows?: { readonly count: number };
}

export interface VenueEvent {
  readonly atS: number;
  /** A halt is looked for; the rest is told. */
  readonly grave: boolean;
  readonly word: string;
  readonly text: string;
}

/** Events of frames in the order of their numbers. */
export function eventsOf(frames: readonly InstrumentFrame[]): readonly VenueEvent[] {
  // What it was before the first change that is told: as instruments are when they are listed.
  let status: SchemaInstrument["status"] = "open";
  return frames.map((frame) => {
    const before = status;
    status = frame.instrument?.status ?? status;
    return { atS: readTime(frame.at) / 1e6, ...saying(frame, before) };
  });
}

/** The venue came up, again perhaps. */
export function startedAt(ms: number): VenueEvent {
  return { atS: ms / 1_000, grave: true, word: "start", text: "the venue was started" };
}

const DAY_S = 86_400;

/** The openings and closings of a calendar, in order of time. A session of a whole day is none: trade goes on. */
export function sessionsOf(calendar: readonly SchemaSession[]): readonly VenueEvent[] {
  return calendar.flatMap(({ open, close }) => {
    const [opens, closes] = [readTime(open) / 1e6, readTime(close) / 1e6];
    if (closes - opens >= DAY_S) return [];
    return [
      { atS: opens, grave: false, word: "opening", text: "the session began" },
      { atS: closes, grave: false, word: "closing", text: "the session ended" },
    ];
  });
}

type Said = Pick<VenueEvent, "grave" | "word" | "text">;

function saying({ event, instrument, quote, rows }: InstrumentFrame, before: SchemaInstrument["status"]): Said {
  const told = (word: string, text: string, grave = false): Said => ({ grave, word, text });
  switch (event) {
    case "listed":
      return told("listed", "listed");
    case "quoted":
      if (quote?.bid == null && quote?.ask == null) return told("market", "the market quotes again");
      return told("by hand", `quote by hand: ${quote.bid ?? "–"} / ${quote.ask ?? "–"}`);
    case "rows":
      return (rows?.count ?? 0) === 0
        ? told("market", "rows of quotes dropped")
        : told("rows", `${rows?.count} rows of quotes appended`);
    case "changed":
      if (instrument === undefined || instrument.status === before) return told("terms", "fees or short sales changed");
      return instrument.status === "open" ? told("open", "opened") : told(instrument.status, instrument.status, true);
  }
}

/** A flag in the chart: one event, or several that would hide each other. */
export interface Flag {
  readonly x: number;
  /** The oldest first. */
  readonly events: readonly VenueEvent[];
}

/** One flag for all events that are closer to each other than a flag is wide, at the first of them. */
export function flagsOf(
  placed: readonly (readonly [x: number, event: VenueEvent])[],
  widthPx: number,
): readonly Flag[] {
  const flags: { x: number; events: VenueEvent[] }[] = [];
  for (const [x, event] of placed.toSorted(([, one], [, other]) => one.atS - other.atS)) {
    const last = flags.at(-1);
    if (last !== undefined && x - last.x < widthPx) last.events.push(event);
    else flags.push({ x, events: [event] });
  }
  return flags;
}

/** `halted`, `halted +2`: the gravest of them, of several the newest. */
export function wordOf({ events }: Flag): string {
  const shown = events.findLast(({ grave }) => grave) ?? events.at(-1);
  return events.length > 1 ? `${shown?.word} +${events.length - 1}` : (shown?.word ?? "");
}

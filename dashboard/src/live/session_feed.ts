// When an instrument that trades in sessions opened and closed, by the venue's calendar and clock, over the time that
// candles show. Nothing is asked for one that always trades.

import { type Accessor, createMemo } from "solid-js";
import { calendar, clock } from "../api/exchange";
import type { SchemaInstrument } from "../api/schema";
import { monthsOf } from "../model/sessions";
import { readTime } from "../model/time";
import { sessionsOf, type VenueEvent } from "../model/venue_events";
import { createAsked } from "./asked";

/** So long after an opening its flag comes at the latest. */
const CLOCK_MS = 5_000;
/** What is known of a month stays so. */
const CALENDAR_MS = 3_600_000;
/** Candles as long as that or longer: each session would be hidden by its flags. */
const COARSE_S = 3_600;

export interface Shown {
  readonly hours: SchemaInstrument["hours"] | null;
  readonly seconds: number;
  /** When the oldest candle begins, and the newest; null where there is none. */
  readonly firstS: number | null;
  readonly lastS: number | null;
}

/** In order of time, up to now. */
export function createSessionFeed(shown: Accessor<Shown>): Accessor<readonly VenueEvent[]> {
  const query = createMemo(() => {
    const { hours, seconds, firstS, lastS } = shown();
    if (hours !== "nyse" || seconds >= COARSE_S || firstS === null || lastS === null) return null;
    const { start, end } = monthsOf(firstS, lastS);
    return `start=${start}&end=${end}`;
  });
  const sessions = createAsked(() => {
    const asked = query();
    return asked === null ? null : { of: asked, ask: () => calendar(asked) };
  }, CALENDAR_MS);
  const now = createAsked(() => (query() === null ? null : { of: "clock", ask: clock }), CLOCK_MS);
  const all = createMemo(() => sessionsOf(sessions.value() ?? []));
  /** How many of them have happened: those to come are no flags. */
  const happened = createMemo(() => {
    const told = now.value();
    return told === null ? 0 : all().filter(({ atS }) => atS <= readTime(told.now) / 1e6).length;
  });
  return createMemo(() => all().slice(0, happened()));
}

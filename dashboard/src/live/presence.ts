// Whether the server has the venue, and how it fares: asked for in one go. `main` is always there; one that was made may be
// removed, and another made that has its name.

import { MAIN, venueName } from "../api/here";
import * as rest from "../api/rest";
import { venue } from "../api/venues";
import { readingOf } from "../model/named_venue";
import { type Reading, readMetrics } from "../model/prometheus";

export interface Hears {
  /** The server has no such venue. */
  gone(words: string): void;
  /** It has one of this name again: another one. */
  another(): void;
}

export class Presence {
  /** As of the newest answer; null before the first. */
  private isThere: boolean | null = null;

  constructor(private readonly hears: Hears) {}

  /** What `/metrics` tells, and of a venue that was made what that tells of itself. */
  async read(): Promise<rest.Answer<Reading>> {
    const name = venueName();
    const [metrics, made] = await Promise.all([rest.metrics(), name === MAIN ? null : venue(name)]);
    if (made !== null && (made.ok || made.refusal.status === 404)) this.found(made.ok);
    if (!metrics.ok) return metrics;
    const process = readMetrics(metrics.value.text, Date.now(), metrics.value.dateMs);
    if (made === null) return { ok: true, value: process };
    return made.ok ? { ok: true, value: readingOf(made.value, process) } : made;
  }

  private found(isThere: boolean): void {
    const before = this.isThere;
    this.isThere = isThere;
    if (before === false && isThere) this.hears.another();
    if (before === isThere || isThere) return;
    const why = before === null ? "or never was" : "or nobody used it for as long as it is kept";
    const shown = before === null ? "" : " What is shown is what was seen of it.";
    this.hears.gone(`There is no venue ${venueName()}: it was removed, ${why}.${shown} Its menu above has the others.`);
  }
}

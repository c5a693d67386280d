// The venue's clock: asked for now and then, and more often where it is not real, since others may turn it too; between two
// answers its time is reckoned. Where the reader turns it, it is asked for at once.

import { createSignal } from "solid-js";
import { clock as askClock } from "../api/exchange";
import type { SchemaClock } from "../api/schema";
import { advance, runClock } from "../api/venues";
import { readTime } from "../model/time";
import { type ClockWord, type Mode, VenueTime } from "../model/venue_time";
import { Clockwork } from "./clockwork";

export class ClockFeed {
  readonly work = new Clockwork({ advance, run: runClock, turned: () => this.ask() });
  private readonly time = new VenueTime();
  private readonly words = createSignal<ClockWord | null>(null);
  /** How often it was another venue's: an answer to a question from before is of no use. */
  private times = 0;
  private asking = false;

  /** The newest word of it; null before the first. */
  readonly word = this.words[0];

  /** A time of the page (Date.now()) on it, in microseconds since 1970. */
  at(ms: number): number {
    return this.time.at(ms);
  }

  /** Something happened at the venue at this time. */
  saw(us: number): void {
    this.time.saw(us, Date.now());
  }

  /** A second has passed. */
  beat(): void {
    const word = this.word();
    if (word !== null && word.mode !== "real") void this.ask();
  }

  async ask(): Promise<void> {
    if (this.asking || document.hidden) return;
    this.asking = true;
    const [askedMs, times] = [Date.now(), this.times];
    const answer = await askClock();
    this.asking = false;
    if (!answer.ok || this.times !== times) return;
    const word = readClock(answer.value);
    this.time.take(word, askedMs, Date.now());
    this.words[1](word);
  }

  /** Another venue, or another life of it. */
  forget(): void {
    this.times += 1;
    this.time.forget();
    this.words[1](null);
    this.work.forget();
  }
}

function readClock(told: SchemaClock): ClockWord {
  const time = (text: string | null) => (text === null ? null : readTime(text));
  return {
    mode: told.mode as Mode,
    speed: told.speed,
    nowUs: readTime(told.now),
    isOpen: told.is_open,
    nextOpenUs: time(told.next_open),
    nextCloseUs: time(told.next_close),
    nextUs: time(told.next),
  };
}

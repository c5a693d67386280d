// The venue's clock, as the reader turns it: let go on by a while or to what happens next, stopped, and run at a speed. One
// thing at a time, and what came of it.

import { createSignal } from "solid-js";
import type { Answer } from "../api/rest";
import type { SchemaAdvanceClock, SchemaClock, SchemaClockAdvanced, SchemaRunClock } from "../api/schema";
import { whole } from "../model/format";

export interface Turns {
  advance(by: SchemaAdvanceClock): Promise<Answer<SchemaClockAdvanced>>;
  run(run: SchemaRunClock): Promise<Answer<SchemaClock>>;
  /** The clock is another one: it is asked for. */
  turned(): Promise<void>;
}

/** What came of it, in words. */
export type Outcome = { readonly kind: "done" | "fault"; readonly text: string };

export class Clockwork {
  private readonly busySignal = createSignal(false);
  private readonly outcomes = createSignal<Outcome | null>(null);

  /** Whether it is being turned. */
  readonly busy = this.busySignal[0];
  readonly outcome = this.outcomes[0];

  constructor(private readonly turns: Turns) {}

  /** By so long: `1h`. */
  by(by: string): Promise<void> {
    return this.advance({ by });
  }

  /** To what happens next. */
  next(): Promise<void> {
    return this.advance({ events: 1 });
  }

  freeze(): Promise<void> {
    return this.turn(
      () => this.turns.run({ mode: "frozen" }),
      () => "",
    );
  }

  /** Runs at a speed; null: as before. */
  run(speed: number | null): Promise<void> {
    return this.turn(
      () => this.turns.run(speed === null ? { mode: "running" } : { speed }),
      () => "",
    );
  }

  /** What came of it is of no interest any more. */
  forget(): void {
    this.outcomes[1](null);
  }

  private advance(by: SchemaAdvanceClock): Promise<void> {
    return this.turn(
      () => this.turns.advance(by),
      ({ changes }) => (changes === 1 ? "1 change" : `${whole(changes)} changes`),
    );
  }

  private async turn<T>(ask: () => Promise<Answer<T>>, done: (told: T) => string): Promise<void> {
    if (this.busy()) return;
    this.busySignal[1](true);
    this.outcomes[1](null);
    const answer = await ask();
    this.outcomes[1](
      answer.ok ? { kind: "done", text: done(answer.value) } : { kind: "fault", text: answer.refusal.message },
    );
    await this.turns.turned();
    this.busySignal[1](false);
  }
}

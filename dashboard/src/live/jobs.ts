// Work on many orders that takes a while and goes on whatever room is shown: placing or cancelling them, a few at a time.
// One job runs at a time; what came of it stays until it is dismissed.

import { createSignal } from "solid-js";
import { type Answer, isAnswer, type NewOrder, type Placed, type Refusal } from "../api/rest";
import type { Order } from "../model/change";
import { whole } from "../model/format";
import { passes } from "./wait";

interface Counts {
  readonly cancelled: number;
  /** Executed, cancelled or forgotten before they could be cancelled. */
  readonly alreadyClosed: number;
  readonly placed: number;
  /** Placed before, by their names: the venue gave its first reply again. */
  readonly placedBefore: number;
  readonly failed: number;
}

export interface Job extends Counts {
  readonly kind: "cancel" | "place";
  readonly state: "running" | "done" | "stopped" | "given up";
  readonly of: number;
  readonly done: number;
  /** The newest failure. */
  readonly refusal: Refusal | null;
}

/** What a job asks of the venue, and of whoever holds orders. */
export interface Hands {
  find(id: string): Order | undefined;
  cancel(id: string): Promise<Answer<null>>;
  place(order: NewOrder): Promise<Answer<Placed>>;
}

/** A browser opens six connections to a server; the page needs one of them for itself. */
const AT_A_TIME = 5;
/** So many failures in a row, and the rest is not tried. */
const PATIENCE = 10;
const NONE: Counts = { cancelled: 0, alreadyClosed: 0, placed: 0, placedBefore: 0, failed: 0 };

export class Jobs {
  private readonly jobs = createSignal<Job | null>(null);
  /** Orders whose cancelling was answered, and of which the page has not seen the end: they may have been executed. */
  private readonly unsettled = new Set<string>();
  private stopping = false;
  /** No more is to be tried: what is wrong with one is wrong with the next. */
  private hopeless = false;
  private inRow = 0;

  /** The job that runs, or ran last and was not dismissed. */
  readonly current = this.jobs[0];

  constructor(private readonly hands: Hands) {}

  /** Cancels all of them; false where another job runs. */
  cancel(ids: readonly string[]): boolean {
    return this.start("cancel", ids, (id) => this.cancelOne(id));
  }

  /** Places all of them; false where another job runs. The first that the venue finds fault with ends it. */
  place(orders: readonly NewOrder[]): boolean {
    return this.start("place", orders, (order) => this.placeOne(order));
  }

  /** What was sent is still answered; no more is sent. */
  stop(): void {
    this.stopping = true;
  }

  dismiss(): void {
    if (this.current()?.state !== "running") this.jobs[1](null);
  }

  /** To be called when orders have changed: an order that was executed before it could be cancelled is told apart. */
  settle(): void {
    let executed = 0;
    for (const id of this.unsettled) {
      const status = this.hands.find(id)?.status;
      if (status === "PENDING") continue;
      this.unsettled.delete(id);
      if (status === "EXECUTED") executed += 1;
    }
    if (executed > 0)
      this.change((job) => ({ cancelled: job.cancelled - executed, alreadyClosed: job.alreadyClosed + executed }));
  }

  private start<T>(kind: Job["kind"], all: readonly T[], one: (what: T) => Promise<void>): boolean {
    if (this.current()?.state === "running") return false;
    [this.stopping, this.hopeless, this.inRow] = [false, false, 0];
    this.unsettled.clear();
    this.jobs[1]({ kind, state: "running", of: all.length, done: 0, ...NONE, refusal: null });
    void this.run(all.values(), one);
    return true;
  }

  private async run<T>(all: Iterator<T>, one: (what: T) => Promise<void>): Promise<void> {
    const work = async () => {
      while (!this.stopping && !this.hopeless && this.inRow < PATIENCE) {
        const next = all.next();
        if (next.done) return;
        await one(next.value);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    this.change(({ done, of }) => ({ state: done === of ? "done" : this.stopping ? "stopped" : "given up" }));
  }

  private async cancelOne(id: string): Promise<void> {
    const before = this.hands.find(id);
    if (before !== undefined && before.status !== "PENDING") return this.count("alreadyClosed");
    const answer = await this.hands.cancel(id);
    if (answer.ok) {
      this.inRow = 0;
      // The stream tells whether it was in time.
      this.unsettled.add(id);
      this.count("cancelled");
      return this.settle();
    }
    // What the venue has forgotten was closed.
    if (answer.refusal.status === 404) return this.count("alreadyClosed");
    return this.failed(answer.refusal);
  }

  private async placeOne(order: NewOrder): Promise<void> {
    const answer = await this.hands.place(order);
    if (answer.ok) {
      this.inRow = 0;
      return this.count(answer.value.replayed ? "placedBefore" : "placed");
    }
    this.hopeless ||= answer.refusal.status === 422;
    return this.failed(answer.refusal);
  }

  private async failed(refusal: Refusal): Promise<void> {
    this.inRow += 1;
    this.count("failed", refusal);
    // An overloaded venue gets a breath; one that is away is tried a few times.
    if (!this.hopeless && this.inRow < PATIENCE) await passes(isAnswer(refusal) ? 200 : 1_000);
  }

  private count(what: keyof Counts, refusal: Refusal | null = null): void {
    this.change((job) => ({ done: job.done + 1, [what]: job[what] + 1, refusal: refusal ?? job.refusal }));
  }

  private change(by: (job: Job) => Partial<Job>): void {
    this.jobs[1]((job) => (job === null ? null : { ...job, ...by(job) }));
  }
}

/** `Done: 380 cancelled, 20 closed before`. */
export function result(job: Job): string {
  const { kind, state, of, done, failed, refusal } = job;
  const some = (count: number, what: string) => (count > 0 ? `${whole(count)} ${what}` : "");
  const parts = [
    kind === "cancel" ? `${whole(job.cancelled)} cancelled` : `${whole(job.placed)} placed`,
    some(job.alreadyClosed, "closed before"),
    some(job.placedBefore, "placed before"),
    some(failed, `failed (${refusal?.message ?? "no answer"})`),
    some(of - done, "not tried"),
  ];
  const words = { running: "", done: "Done: ", stopped: "Stopped: ", "given up": "Given up: " }[state];
  return words + parts.filter((part) => part !== "").join(", ");
}

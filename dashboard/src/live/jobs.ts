// Work on many orders that takes a while and goes on whatever room is shown: cancelling them, a few at a time. One job runs
// at a time; what came of it stays until it is dismissed.

import { createSignal } from "solid-js";
import { type Answer, isAnswer, type Refusal } from "../api/rest";
import type { Order } from "../model/change";

export interface Job {
  readonly kind: "cancel";
  readonly state: "running" | "done" | "stopped" | "given up";
  readonly of: number;
  readonly done: number;
  readonly cancelled: number;
  /** Executed, cancelled or forgotten before. */
  readonly alreadyClosed: number;
  readonly failed: number;
  /** The newest failure. */
  readonly refusal: Refusal | null;
}

/** A browser opens six connections to a server; the page needs one of them for itself. */
const AT_A_TIME = 5;
/** So many failures in a row, and the rest is not tried. */
const PATIENCE = 10;

export class Jobs {
  private readonly jobs = createSignal<Job | null>(null);
  /** Orders whose cancelling was answered, and of which the page has not seen the end: they may have been executed. */
  private readonly unsettled = new Set<string>();
  private stopping = false;
  private inRow = 0;

  /** The job that runs, or ran last and was not dismissed. */
  readonly current = this.jobs[0];

  constructor(
    private readonly find: (id: string) => Order | undefined,
    private readonly cancelOne: (id: string) => Promise<Answer<null>>,
  ) {}

  /** Cancels all of them; false where another job runs. */
  cancel(ids: readonly string[]): boolean {
    if (this.current()?.state === "running") return false;
    [this.stopping, this.inRow] = [false, 0];
    this.unsettled.clear();
    const counts = { done: 0, cancelled: 0, alreadyClosed: 0, failed: 0 };
    this.jobs[1]({ kind: "cancel", state: "running", of: ids.length, ...counts, refusal: null });
    void this.run(ids.values());
    return true;
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
      const status = this.find(id)?.status;
      if (status === "PENDING") continue;
      this.unsettled.delete(id);
      if (status === "EXECUTED") executed += 1;
    }
    if (executed > 0)
      this.change((job) => ({ cancelled: job.cancelled - executed, alreadyClosed: job.alreadyClosed + executed }));
  }

  private async run(ids: Iterator<string>): Promise<void> {
    const work = async () => {
      while (!this.stopping && this.inRow < PATIENCE) {
        const id = ids.next();
        if (id.done) return;
        await this.one(id.value);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    this.change(({ done, of }) => ({ state: done === of ? "done" : this.stopping ? "stopped" : "given up" }));
  }

  private async one(id: string): Promise<void> {
    const before = this.find(id);
    if (before !== undefined && before.status !== "PENDING") return this.count("alreadyClosed");
    const answer = await this.cancelOne(id);
    if (answer.ok) {
      this.inRow = 0;
      // The stream tells whether it was in time.
      this.unsettled.add(id);
      this.count("cancelled");
      return this.settle();
    }
    const { refusal } = answer;
    // What the venue has forgotten was closed.
    if (refusal.status === 404) return this.count("alreadyClosed");
    this.inRow += 1;
    this.count("failed", refusal);
    // An overloaded venue gets a breath; one that is away is tried a few times.
    await later(isAnswer(refusal) ? 200 : 1_000);
  }

  private count(what: "cancelled" | "alreadyClosed" | "failed", refusal: Refusal | null = null): void {
    this.change((job) => ({ done: job.done + 1, [what]: job[what] + 1, refusal: refusal ?? job.refusal }));
  }

  private change(by: (job: Job) => Partial<Job>): void {
    this.jobs[1]((job) => (job === null ? null : { ...job, ...by(job) }));
  }
}

function later(ms: number): Promise<void> {
  return new Promise((later) => setTimeout(later, ms));
}

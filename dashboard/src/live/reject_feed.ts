// The requests that the venue refused, kept up to date: from the stream, and from `/rejects` where that missed some. A
// venue that remembers none says so in its metrics, or has no such route.

import { createSignal } from "solid-js";
import * as rest from "../api/rest";
import type { Reading } from "../model/prometheus";
import type { Reject } from "../model/reject";
import { REJECTS, Rejects } from "../model/rejects";

export type Rejected =
  | { readonly kind: "asking" }
  /** The venue does not tell of them. */
  | { readonly kind: "none" }
  /** The newest first. */
  | { readonly kind: "known"; readonly all: readonly Reject[] };

/** However many gaps there are, the list is asked for no more often. */
const ASK_EVERY_MS = 1_000;
/** However many are refused, the list is told anew no more often. */
const TELL_EVERY_MS = 250;

export class RejectFeed {
  private readonly rejects = new Rejects();
  private readonly told = createSignal<Rejected>({ kind: "asking" });
  /** Whether the venue tells of them; null while that is not known. */
  private offered: boolean | null = null;
  private answered = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;
  /** How often all was forgotten: an answer to a question from before is of no use. */
  private times = 0;

  readonly all = this.told[0];

  add(reject: Reject): void {
    this.offered = true;
    this.rejects.add(reject);
  }

  /** The venue has said what it is. */
  met({ info, rejected }: Pick<Reading, "info" | "rejected">): void {
    if (this.offered === null && info !== null)
      this.offered = info.rejects === null ? rejected !== null : info.rejects !== "0";
    this.show();
  }

  /** The stream was away: some may have been missed. */
  missed(): void {
    this.rejects.missed();
  }

  /** Another venue. */
  clear(): void {
    this.times += 1;
    this.rejects.clear();
    this.offered = null;
    this.answered = false;
    clearTimeout(this.pause);
    this.pause = undefined;
    this.show();
  }

  /** Tells what is known now, and asks for what is not. */
  show(): void {
    if (this.offered === false) this.tell({ kind: "none" });
    else if (this.answered) this.tellAll();
    else this.tell({ kind: "asking" });
    if (this.offered === true && this.rejects.wanting && this.timer === undefined) void this.ask();
  }

  private tellAll(): void {
    if (this.pause !== undefined) return;
    const before = this.all();
    const { all } = this.rejects;
    if (before.kind === "known" && before.all === all) return;
    this.tell({ kind: "known", all });
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.show();
    }, TELL_EVERY_MS);
  }

  private async ask(): Promise<void> {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.show();
    }, ASK_EVERY_MS);
    const { times } = this;
    this.rejects.asked();
    const answer = await rest.rejects(REJECTS);
    if (times !== this.times) return;
    this.answered ||= answer.ok;
    if (answer.ok) this.rejects.take(answer.value);
    else if (answer.refusal.status === 404) this.offered = false;
    else this.rejects.missed();
    this.show();
  }

  private tell(rejected: Rejected): void {
    if (rejected.kind === "known" || rejected.kind !== this.all().kind) this.told[1](rejected);
  }
}

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

export class RejectFeed {
  private readonly rejects = new Rejects();
  private readonly told = createSignal<Rejected>({ kind: "asking" });
  /** Whether the venue tells of them; null while that is not known. */
  private offered: boolean | null = null;
  private answered = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
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
    this.show();
  }

  /** Tells what is known now, and asks for what is not. */
  show(): void {
    if (this.offered === false) this.tell({ kind: "none" });
    else if (this.answered) this.tell({ kind: "known", all: this.rejects.all });
    else this.tell({ kind: "asking" });
    if (this.offered === true && this.rejects.wanting && this.timer === undefined) void this.ask();
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
    const [before, set] = this.told;
    const [was, is] = [before(), rejected];
    const same = was.kind === is.kind && (was.kind !== "known" || is.kind !== "known" || was.all === is.all);
    if (!same) set(rejected);
  }
}

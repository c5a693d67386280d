// How the page goes on where it was cut off, and knows whether it lost anything. It asks again for the last change that
// it holds: the venue that tells exactly that one is the same, and what follows is what was missed. Anything else is
// another venue, or the same one wiped.

import type { Change, Frame } from "./change";

/** How many changes the page asks for when it holds none. */
export const TAIL = 20_000;

export type Verdict =
  /** Take it over. */
  | { readonly do: "apply" }
  /** It is known: the page holds on to where it was. */
  | { readonly do: "skip" }
  /** Changes `from` to `to` are no longer held by the venue; take over what follows. */
  | { readonly do: "lost"; readonly from: number; readonly to: number }
  /** It is not the venue that the page knew: forget all and connect anew. */
  | { readonly do: "restart" };

export class Resume {
  private last: Pick<Change, "seq" | "id" | "status" | "atUs"> | null = null;
  private overlap = false;

  /** The number of the newest change that the page holds; 0 before the first. */
  get seq(): number {
    return this.last?.seq ?? 0;
  }

  /** Whether a connection is still to show that its venue is the one known. */
  get unproven(): boolean {
    return this.overlap;
  }

  /** What the next connection asks for. */
  begin(): string {
    this.overlap = this.last !== null;
    return this.last === null ? `last=${TAIL}` : `since=${this.last.seq - 1}`;
  }

  judge(frame: Frame): Verdict {
    switch (frame.kind) {
      case "lagged":
        return this.lagged(frame.seq);
      case "open":
        return { do: "apply" };
      case "change":
        return this.change(frame);
    }
  }

  forget(): void {
    this.last = null;
    this.overlap = false;
  }

  private lagged(seq: number): Verdict {
    const from = this.seq + 1;
    const known = this.last !== null;
    this.overlap = false;
    // Its number alone counts from here on: the next change is seq + 1.
    this.last = { seq, id: "", status: "PENDING", atUs: 0 };
    if (!known) return { do: "skip" };
    return seq >= from - 1 ? { do: "lost", from, to: seq } : { do: "restart" };
  }

  private change(change: Change): Verdict {
    const { last } = this;
    if (this.overlap && last !== null) {
      this.overlap = false;
      const same =
        last.seq === change.seq &&
        (last.id === "" || (last.id === change.id && last.status === change.status && last.atUs === change.atUs));
      return same ? { do: "skip" } : { do: "restart" };
    }
    if (last !== null && change.seq !== last.seq + 1) return { do: "restart" };
    this.last = change;
    return { do: "apply" };
  }
}

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
  /** The number up to which the page has been told of everything. */
  private last: number | null = null;
  /** The newest change that was seen: whoever knows it is the venue that it came from. */
  private seen: Change | null = null;
  private overlap = false;

  /** The number of the newest change that the page holds; 0 before the first. */
  get seq(): number {
    return this.last ?? 0;
  }

  get witness(): Change | null {
    return this.seen;
  }

  /** Whether a connection is still to show that its venue is the one known. */
  get unproven(): boolean {
    return this.overlap;
  }

  /** What the next connection asks for. */
  begin(): string {
    this.overlap = this.last !== null;
    return this.last === null ? `last=${TAIL}` : `since=${this.last - 1}`;
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
    this.last = this.seen = null;
    this.overlap = false;
  }

  private lagged(seq: number): Verdict {
    const known = this.last;
    this.overlap = false;
    this.last = seq;
    if (known === null) return { do: "skip" };
    return seq >= known ? { do: "lost", from: known + 1, to: seq } : { do: "restart" };
  }

  private change(change: Change): Verdict {
    const { last, seen } = this;
    if (this.overlap && last !== null) {
      this.overlap = false;
      // The last number may be that of a loss: then nothing is known of its change.
      const same = last === change.seq && (seen?.seq !== last || isSame(seen, change));
      return same ? { do: "skip" } : { do: "restart" };
    }
    if (last !== null && change.seq !== last + 1) return { do: "restart" };
    this.last = change.seq;
    this.seen = change;
    return { do: "apply" };
  }
}

function isSame(a: Change, b: Change): boolean {
  return a.id === b.id && a.status === b.status && a.atUs === b.atUs;
}

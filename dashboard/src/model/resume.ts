// How the page goes on where it was cut off, and knows whether it lost anything. It asks again for the last change that
// it holds: the venue that tells exactly that one is the same, and what follows is what was missed. Anything else is
// another venue, or the same one wiped.

import type { Change, Frame } from "./change";

/** How many changes the page asks for when it holds none. */
export const TAIL = 20_000;
/** Where the venue holds fewer, this part of them may go before the page asks again. */
const MARGIN = 16;

export type Verdict =
  /** Take it over. */
  | { readonly do: "apply" }
  /** It is known: the page holds on to where it was. */
  | { readonly do: "skip" }
  /** Changes `from` to `to` are no longer held by the venue; take over what follows. */
  | { readonly do: "lost"; readonly from: number; readonly to: number }
  /** The page begins after change `to`: the venue no longer holds those before, and the open orders follow. */
  | { readonly do: "begin"; readonly to: number }
  /** The venue holds fewer changes than the page asked for to begin with: connect anew, and ask for those. */
  | { readonly do: "again" }
  /** It is not the venue that the page knew: forget all and connect anew. */
  | { readonly do: "restart" };

export class Resume {
  /** The number up to which the page has been told of everything. */
  private last: number | null = null;
  /** The newest change that was seen: whoever knows it is the venue that it came from. */
  private seen: Change | null = null;
  private overlap = false;
  /** Where the next connection begins that has nothing to go on from; `tried` once it was told. */
  private from: number | null = null;
  private tried = false;

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
    const { from, last } = this;
    this.overlap = last !== null;
    this.from = null;
    if (last !== null) return `since=${last - 1}`;
    return from === null ? `last=${TAIL}` : `since=${from}`;
  }

  judge(frame: Frame): Verdict {
    switch (frame.kind) {
      case "lagged":
        return this.lagged(frame.oldest, frame.seq);
      case "open":
      case "reject":
        return { do: "apply" };
      case "change":
        return this.change(frame);
    }
  }

  forget(): void {
    this.last = this.seen = this.from = null;
    this.overlap = this.tried = false;
  }

  private lagged(oldest: number, seq: number): Verdict {
    const known = this.last;
    if (known === null && !this.tried && oldest <= seq) {
      this.tried = true;
      // A little after the oldest: a venue that is busy lets more of them go until it is asked.
      this.from = oldest - 1 + Math.floor((seq - oldest) / MARGIN);
      return { do: "again" };
    }
    this.overlap = false;
    this.last = seq;
    if (known === null) return { do: "begin", to: seq };
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

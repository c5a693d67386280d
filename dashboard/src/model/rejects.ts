// The newest requests that the venue refused, the newest first: told one by one by the stream, and as a list by
// `GET /rejects`. Says when a list is needed, because some were missed or the numbers began anew; asks for nothing itself.

import type { Reject } from "./reject";

/** How many are held. */
export const REJECTS = 1_000;

export class Rejects {
  private held: readonly Reject[] = [];
  private stale = true;
  /** What the stream told while a list is awaited. */
  private meanwhile: readonly Reject[] = [];

  /** The newest first. A value: a later one does not change it. */
  get all(): readonly Reject[] {
    return this.held;
  }

  /** Whether some may be missing: a list is to be asked for. */
  get wanting(): boolean {
    return this.stale;
  }

  /** Takes one from the stream. */
  add(reject: Reject): void {
    const newest = this.held[0];
    if (newest !== undefined && same(newest, reject)) return;
    // A gap, or numbers that began anew.
    if (newest === undefined ? reject.number !== 1 : reject.number !== newest.number + 1) this.stale = true;
    if (newest !== undefined && reject.number <= newest.number) this.held = this.meanwhile = [];
    this.held = [reject, ...this.held].slice(0, REJECTS);
    this.meanwhile = [reject, ...this.meanwhile].slice(0, REJECTS);
  }

  /** To be called when a list is asked for. */
  asked(): void {
    this.meanwhile = [];
    this.stale = false;
  }

  /** The list that was asked for did not come. */
  missed(): void {
    this.stale = true;
  }

  /** Takes the list over, the newest first: it is the venue's word, but for what came since it was asked for. */
  take(list: readonly Reject[]): void {
    const [newest, oldest] = [list[0]?.number ?? 0, list.at(-1)?.number ?? 0];
    const newer = this.meanwhile.filter(({ number }) => number > newest);
    // The venue may hold fewer than the page has seen: those stay, unless they are of another start.
    const known = new Map(this.held.map((reject) => [reject.number, reject]));
    const goesOn = list.some((reject) => same(known.get(reject.number), reject));
    const older = goesOn ? this.held.filter(({ number }) => number < oldest) : [];
    this.held = [...newer, ...list, ...older].slice(0, REJECTS);
    if (newer.some(({ number }, at) => number !== newest + newer.length - at)) this.stale = true;
  }

  clear(): void {
    this.held = this.meanwhile = [];
    this.stale = true;
  }
}

function same(one: Reject | undefined, other: Reject): boolean {
  return one !== undefined && one.number === other.number && one.atUs === other.atUs;
}

// The newest requests that the venue refused, the newest first: told one by one by the stream, and as a list by
// `GET /rejects`. Says when a list is needed, because some were missed or the numbers began anew; asks for nothing itself.

import type { Reject } from "./reject";

/** How many are held. */
export const REJECTS = 1_000;

export class Rejects {
  private held: readonly Reject[] = [];
  private stale = true;
  /** What the stream told and nobody has read yet, the newest last. */
  private fresh: Reject[] = [];
  /** What the stream told since a list was asked for, the newest last. */
  private meanwhile: Reject[] = [];

  /** The newest first. A value: a later one does not change it. */
  get all(): readonly Reject[] {
    if (this.fresh.length > 0) {
      this.held = [...this.fresh.toReversed(), ...this.held].slice(0, REJECTS);
      this.fresh = [];
    }
    return this.held;
  }

  /** Whether some may be missing: a list is to be asked for. */
  get wanting(): boolean {
    return this.stale;
  }

  /** Takes one from the stream. */
  add(reject: Reject): void {
    const newest = this.fresh.at(-1) ?? this.held[0];
    if (newest !== undefined && same(newest, reject)) return;
    // A gap, or numbers that began anew.
    if (newest === undefined ? reject.number !== 1 : reject.number !== newest.number + 1) this.stale = true;
    if (newest !== undefined && reject.number <= newest.number) this.forget();
    this.fresh = pushed(this.fresh, reject);
    this.meanwhile = pushed(this.meanwhile, reject);
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
    const newer = this.meanwhile.filter(({ number }) => number > newest).toReversed();
    // The venue may hold fewer than the page has seen: those stay, unless they are of another start.
    const known = new Map(this.all.map((reject) => [reject.number, reject]));
    const goesOn = list.some((reject) => same(known.get(reject.number), reject));
    const older = goesOn ? this.all.filter(({ number }) => number < oldest) : [];
    this.held = [...newer, ...list, ...older].slice(0, REJECTS);
    this.fresh = [];
    if (newer.some(({ number }, at) => number !== newest + newer.length - at)) this.stale = true;
  }

  clear(): void {
    this.forget();
    this.stale = true;
  }

  private forget(): void {
    this.held = [];
    this.fresh = [];
    this.meanwhile = [];
  }
}

/** With one more at its end; of many the newest stay, and few are ever moved. */
function pushed(rejects: Reject[], reject: Reject): Reject[] {
  rejects.push(reject);
  return rejects.length < 2 * REJECTS ? rejects : rejects.slice(-REJECTS);
}

function same(one: Reject | undefined, other: Reject): boolean {
  return one !== undefined && one.number === other.number && one.atUs === other.atUs;
}

// How the page and the venue hear each other, judged from both ways between them: the stream, and answers to requests.

/** How the stream does. */
export type Link =
  /** `again` where a try before this one failed. */
  | { readonly state: "connecting" | "catching up"; readonly again: boolean }
  | { readonly state: "live" }
  /** Cut off, or `refused`: it never opened. The next try is at `retryMs` (Date.now()). */
  | { readonly state: "offline"; readonly retryMs: number; readonly refused: boolean };

export type Connection =
  | { readonly state: "connecting" }
  /** What was missed is being replayed. */
  | { readonly state: "catching up" }
  | { readonly state: "live" }
  /** Cut off; the next try is at `retryMs` (Date.now()). */
  | { readonly state: "offline"; readonly retryMs: number }
  /** Requests are answered, and the WebSocket is refused: orders are asked for; it is tried again at `retryMs`. */
  | { readonly state: "polling"; readonly retryMs: number }
  /** The venue does not answer since `sinceMs`, though nothing was cut. */
  | { readonly state: "silent"; readonly sinceMs: number }
  /** The server answers that it has no such venue. */
  | { readonly state: "gone" };

/** So many tries in a row that were refused while requests were answered, and the page asks instead of listening. */
const REFUSALS = 2;

export interface Signs {
  readonly link: Link;
  /** When the stream is tried again, or was tried last. */
  readonly retryMs: number;
  /** Tries in a row that were refused while requests were answered. */
  readonly refusals: number;
  /** When the venue was last heard, where that is too long ago; else null. */
  readonly silentSinceMs: number | null;
  /** The server answers that it has no such venue. */
  readonly isGone: boolean;
}

export function connectionOf({ link, retryMs, refusals, silentSinceMs, isGone }: Signs): Connection {
  if (isGone) return { state: "gone" };
  if (link.state !== "live" && (link.state === "offline" || link.again)) {
    const polls = refusals >= REFUSALS && silentSinceMs === null;
    return { state: polls ? "polling" : "offline", retryMs };
  }
  return silentSinceMs === null ? { state: link.state } : { state: "silent", sinceMs: silentSinceMs };
}

export function isSame(one: Connection, other: Connection): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

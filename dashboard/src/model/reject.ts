// A request that the venue refused, as `GET /rejects` and the stream tell it, and how it is read from the wire. Rejects have
// numbers of their own, which begin anew with each start of the venue.

import { readTime } from "./time";

/** What is wrong with one field, or with the whole. */
export interface Fault {
  readonly type: string;
  /** Where: `body`, `header` or `query`, then the field, or the position in malformed JSON. */
  readonly loc: readonly unknown[];
  readonly msg: string;
  readonly input: unknown;
}

export interface Reject {
  /** Rises by 1 from one to the next. */
  readonly number: number;
  readonly atUs: number;
  readonly method: string;
  readonly path: string;
  readonly query: string | null;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The body, or as much of it as the venue kept; null where there was none. */
  readonly sent: string | null;
  /** In words, or fault by fault. */
  readonly detail: string | readonly Fault[];
}

export interface WireReject {
  readonly number: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query?: string | null;
  readonly status: number;
  readonly sent?: unknown;
  readonly detail: string | readonly Fault[];
}

export function readReject(reject: WireReject): Reject {
  const { number, at, method, path, query = null, status, sent = null, detail } = reject;
  const text = sent === null || typeof sent === "string" ? sent : JSON.stringify(sent);
  return { number, atUs: readTime(at), method, path, query, status, sent: text, detail };
}

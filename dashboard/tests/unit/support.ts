// What the tests of the model share: changes made by hand, and chance that repeats.

import type { Change, Order, Status } from "../../src/model/change";
import type { Reject } from "../../src/model/reject";

export function change(seq: number, id: string, status: Status = "PENDING", more: Partial<Change> = {}): Change {
  const dueUs = status === "PENDING" ? seq * 1_000 + 500_000 : null;
  const common = { id, symbol: "EURUSD", quantity: 5, status, clientOrderId: null };
  return { kind: "change", seq, atUs: seq * 1_000, dueUs, ...common, ...more };
}

/** An order as the venue tells it: accepted with change `acceptedSeq`, and closed with `seq` where that is another. */
export function order(id: string, acceptedSeq: number, seq = acceptedSeq, status: Status = "PENDING"): Order {
  return {
    id,
    symbol: "EURUSD",
    quantity: 5,
    status,
    acceptedSeq,
    acceptedUs: acceptedSeq * 1_000,
    dueUs: acceptedSeq * 1_000 + 500_000,
    closedUs: status === "PENDING" ? null : seq * 1_000,
    seq,
    clientOrderId: null,
    terms: null,
  };
}

/** A request that the venue refused. */
export function reject(number: number, atUs = number * 1_000): Reject {
  const asked = { method: "POST", path: "/orders", query: null, sent: "{}" };
  return { number, atUs, ...asked, status: 422, detail: "no" };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

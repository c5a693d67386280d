// What happened to an order, in the order in which it happened, in words.

import type { Order } from "../../model/change";
import { exact, span, type Zone } from "../../model/format";

export interface StoryEvent {
  readonly kind: "accepted" | "due" | "executed" | "cancelled" | "awaited";
  readonly what: string;
  readonly seq: number | null;
  readonly time: string;
  readonly note: string | null;
}

export function events(order: Order, zone: Zone = "utc"): StoryEvent[] {
  const { status, acceptedSeq, acceptedUs, dueUs, closedUs, seq } = order;
  const told: StoryEvent[] = [];
  if (acceptedUs !== null) {
    told.push({ kind: "accepted", what: "Accepted", seq: acceptedSeq, time: exact(acceptedUs, zone), note: null });
  }
  if (acceptedUs !== null && dueUs !== null) {
    const note = `after a delay of ${span(dueUs - acceptedUs)}, drawn when it was accepted`;
    const what = status === "PENDING" ? "Will execute" : status === "EXECUTED" ? "Due" : "Would have executed";
    told.push({ kind: status === "PENDING" ? "awaited" : "due", what, seq: null, time: exact(dueUs, zone), note });
  }
  if (closedUs !== null) {
    const executed = status === "EXECUTED";
    const late = dueUs === null ? null : `${span(Math.max(closedUs - dueUs, 0))} late`;
    const took = acceptedUs === null ? null : `${span(closedUs - acceptedUs)} after it was accepted`;
    const note = (executed ? [late, took] : [took]).filter((part) => part !== null).join(", ");
    const what = executed ? "Executed" : "Cancelled";
    const event: StoryEvent = {
      kind: executed ? "executed" : "cancelled",
      what,
      seq,
      time: exact(closedUs, zone),
      note,
    };
    if (executed) told.push(event);
    // A cancelled order ended before it was due.
    else told.splice(1, 0, event);
  }
  return told;
}

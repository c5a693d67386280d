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

export interface Telling {
  readonly zone: Zone;
  /** What is said of a delay, in microseconds. */
  delay(us: number): string;
  /** The venue no longer knows the order: what was to come does not. */
  readonly isPast: boolean;
}

export function events(order: Order, { zone, delay, isPast }: Telling): StoryEvent[] {
  const { status, acceptedSeq, acceptedUs, dueUs, closedUs, seq } = order;
  const told: StoryEvent[] = [];
  if (acceptedUs !== null) {
    told.push({ kind: "accepted", what: "Accepted", seq: acceptedSeq, time: exact(acceptedUs, zone), note: null });
  }
  if (acceptedUs !== null && dueUs !== null) {
    const awaited = isPast ? "Was to execute" : "Will execute";
    const what = status === "PENDING" ? awaited : status === "EXECUTED" ? "Due" : "Would have executed";
    const kind = status === "PENDING" && !isPast ? "awaited" : "due";
    told.push({ kind, what, seq: null, time: exact(dueUs, zone), note: delay(dueUs - acceptedUs) });
  }
  if (closedUs !== null) {
    const executed = status === "EXECUTED";
    const late = dueUs === null ? null : `${span(Math.max(closedUs - dueUs, 0))} late`;
    const took = acceptedUs === null ? null : `${span(closedUs - acceptedUs)} after it was accepted`;
    const note = (executed ? [late, took] : [took]).filter((part) => part !== null).join(", ");
    const event: StoryEvent = {
      kind: executed ? "executed" : "cancelled",
      what: executed ? "Executed" : "Cancelled",
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

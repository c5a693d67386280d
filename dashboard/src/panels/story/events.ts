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
    const kind = status === "PENDING" && !isPast && !hasArrived(order) ? "awaited" : "due";
    told.push({
      kind,
      what: dueOf(order, isPast),
      seq: null,
      time: exact(dueUs, zone),
      note: delay(dueUs - acceptedUs),
    });
  }
  if (closedUs !== null) {
    const executed = status === "EXECUTED";
    const late = dueUs === null || waits(order) ? null : `${span(Math.max(closedUs - dueUs, 0))} late`;
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
    // One that ended before it was due.
    else if (dueUs === null || closedUs < dueUs) told.splice(1, 0, event);
    else told.push(event);
  }
  return told;
}

/** Whether an order may wait on the exchange: it is due when it arrives there. */
function waits({ terms }: Order): boolean {
  return (
    terms !== null && (terms.type !== "market" || terms.orderClass !== "simple" || terms.state === "partially_filled")
  );
}

function hasArrived(order: Order): boolean {
  return waits(order) && order.terms?.state !== "accepted" && order.terms?.state !== "held";
}

/** What its being due is, or was. */
function dueOf(order: Order, isPast: boolean): string {
  const { status, dueUs, closedUs } = order;
  if (!waits(order)) {
    if (status === "EXECUTED") return "Due";
    return status === "CANCELLED" ? "Would have executed" : isPast ? "Was to execute" : "Will execute";
  }
  if (status === "CANCELLED" && closedUs !== null && dueUs !== null && closedUs < dueUs) return "Would have arrived";
  if (status !== "PENDING" || hasArrived(order)) return "Arrived";
  return isPast ? "Was to arrive" : "Will arrive";
}

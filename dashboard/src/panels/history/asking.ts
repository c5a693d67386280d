// What of the past is asked for, as the query of `GET /orders`; and how times are typed, in the zone that was chosen.

import type { SchemaOrder } from "../../api/schema";
import { toSecond, type Zone } from "../../model/format";
import { readTime } from "../../model/time";
import type { Place } from "../../shell/address";

export type Asked = Pick<Place, "status" | "symbol" | "find" | "from" | "until">;

/** A name may be the client's own id, or the request's key: which, the venue is asked. */
export const NAMES = ["client_order_id", "idempotency_key"] as const;
type NameKind = (typeof NAMES)[number];

/** The query of a page, the newest first. */
export function queryOf(asked: Asked, name: NameKind, limit: number): string {
  const told: readonly (readonly [string, string])[] = [
    ["order", "desc"],
    ["limit", String(limit)],
    ["from", asked.from],
    ["until", asked.until],
    ["status", asked.status ?? ""],
    ["stoks", asked.symbol.trim()],
    [name, asked.find.trim()],
  ];
  return new URLSearchParams(told.filter(([, value]) => value !== "").map(([key, value]) => [key, value])).toString();
}

/** Whether the venue did as it was asked: earlier ones list the oldest first, whatever is said of times. */
export function isAnswered(asked: Asked, orders: readonly SchemaOrder[]): boolean {
  const [from, until] = [moment(asked.from), moment(asked.until)];
  return orders.every((order, at) => {
    const before = orders[at - 1];
    const us = readTime(order.accepted_at);
    return (before === undefined || order.accepted_seq < before.accepted_seq) && !(us < from) && !(us >= until);
  });
}

/** Whether an order that was asked for by its id is one of those that are asked for. */
export function fits({ from, until, status, symbol }: Asked, order: SchemaOrder): boolean {
  const us = readTime(order.accepted_at);
  const ofTime = !(us < moment(from)) && !(us >= moment(until));
  return (
    ofTime && (status === null || order.status === status) && (symbol.trim() === "" || order.stoks === symbol.trim())
  );
}

/** In microseconds; NaN, which compares with nothing, where there is none. */
function moment(text: string): number {
  return Date.parse(text) * 1000;
}

/** As a field for date and time has it, to the second. */
export function toField(time: string, zone: Zone): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? "" : toSecond(ms, zone);
}

/** RFC 3339 in UTC. */
export function fromField(value: string, zone: Zone): string {
  if (value === "") return "";
  // Without a zone it is read as of this machine's.
  const ms = Date.parse(zone === "utc" ? `${value}Z` : value);
  return Number.isNaN(ms) ? "" : written(ms);
}

export const SPANS = ["last hour", "today", "all"] as const;
export type Span = (typeof SPANS)[number];

/** When a span of time begins; none of them ends. */
export function begins(span: Span, nowMs: number, zone: Zone): string {
  switch (span) {
    case "last hour":
      return written(nowMs - 3_600_000);
    case "today": {
      if (zone === "utc") return written(Math.floor(nowMs / 86_400_000) * 86_400_000);
      return written(new Date(nowMs).setHours(0, 0, 0, 0));
    }
    case "all":
      return "";
  }
}

function written(ms: number): string {
  return `${toSecond(ms, "utc")}Z`;
}

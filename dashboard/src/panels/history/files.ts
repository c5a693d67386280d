// Orders as files: a table whose cells are apart by commas, or an object a line. Times and names are the venue's own.

import type { SchemaOrder } from "../../api/schema";
import { guarded } from "../../model/cells";

export const FORMATS = ["CSV", "JSON lines"] as const;
export type Format = (typeof FORMATS)[number];

const COLUMNS = [
  "id",
  "stoks",
  "quantity",
  "status",
  "accepted_at",
  "due_at",
  "closed_at",
  "accepted_seq",
  "seq",
  "client_order_id",
  "idempotency_key",
] as const;

export const KINDS: Readonly<
  Record<Format, { readonly ending: string; readonly type: string; readonly head: string }>
> = {
  CSV: { ending: "csv", type: "text/csv;charset=utf-8", head: `${COLUMNS.join(",")}\n` },
  "JSON lines": { ending: "jsonl", type: "application/jsonl", head: "" },
};

export function lines(orders: readonly SchemaOrder[], format: Format): string {
  const line = (order: SchemaOrder) =>
    format === "CSV" ? COLUMNS.map((column) => cell(String(order[column] ?? ""))).join(",") : JSON.stringify(order);
  return orders.map((order) => `${line(order)}\n`).join("");
}

/** A cell that is nothing but text to whatever reads tables; one that is not plain is quoted (RFC 4180). */
export function cell(text: string): string {
  const told = guarded(text);
  return /^[\w./:-]*$/.test(told) ? told : `"${told.replaceAll('"', '""')}"`;
}

// What a panel shows as a command for a shell: the same request with curl, the same frames with websocat.

import { addressOf, socketOf } from "../api/here";
import type { OrderRecord } from "../api/rest";
import type { Reject } from "../model/reject";
import type { Terms } from "../model/terms";

/** In single quotes, as a POSIX shell reads it: nothing in it means anything to the shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function getAsCurl(path: string): string {
  return `curl ${quoted(addressOf(path))}`;
}

/** Places the order again; with its names, the venue answers as it did the first time. */
export function placeAsCurl({ order, clientOrderId, idempotencyKey }: OrderRecord, isLong: boolean): string {
  const size = order.terms?.qty?.includes(".") ? { qty: order.terms.qty } : { quantity: order.quantity };
  const terms = order.terms === null ? {} : termsIn(order.terms);
  const body = { stoks: order.symbol, ...size, client_order_id: clientOrderId ?? undefined, ...terms };
  return [
    `curl -X POST ${quoted(addressOf("orders"))}`,
    "-H 'content-type: application/json'",
    ...(isLong ? ["-H 'long-pending: true'"] : []),
    ...(idempotencyKey === null ? [] : [`-H ${quoted(`idempotency-key: ${idempotencyKey}`)}`]),
    `--data-raw ${quoted(JSON.stringify(body))}`,
  ].join(" ");
}

/** What of its terms is not as the venue takes it where nothing is said; legs are orders of their own. */
function termsIn(terms: Terms): Readonly<Record<string, string | undefined>> {
  const unless = (value: string, usual: string) => (value === usual ? undefined : value);
  return {
    side: unless(terms.side, "buy"),
    type: unless(terms.type, "market"),
    time_in_force: unless(terms.timeInForce, "gtc"),
    limit_price: terms.limitPrice ?? undefined,
    stop_price: terms.stopPrice ?? undefined,
    trail_price: terms.trailPrice ?? undefined,
    trail_percent: terms.trailPercent ?? undefined,
    account: unless(terms.account, "default"),
  };
}

/** The request that was refused, as far as the venue kept it: its headers it did not. */
export function rejectAsCurl({ method, path, query, sent }: Reject): string {
  const url = addressOf(`${path.slice(1)}${query ? `?${query}` : ""}`);
  const body = sent === null ? "" : ` -H 'content-type: application/json' --data-raw ${quoted(sent)}`;
  return `curl${method === "GET" ? "" : ` -X ${quoted(method)}`} ${quoted(url)}${body}`;
}

/** The address of an order's changes: from the first on, where that is known. */
export function framesOf(id: string, acceptedSeq: number | null): string {
  const url = socketOf(`?format=json&order_id=${encodeURIComponent(id)}`);
  return acceptedSeq === null ? url : `${url}&since=${acceptedSeq - 1}`;
}

export function framesAsWebsocat(id: string, acceptedSeq: number | null): string {
  return `websocat ${quoted(framesOf(id, acceptedSeq))}`;
}

// Orders as text for elsewhere: a table whose cells are apart by tabs, times in UTC to the microsecond.

import { guarded } from "../../model/cells";
import type { Order } from "../../model/change";
import { exact } from "../../model/format";

const HEAD = ["status", "symbol", "quantity", "client_order_id", "accepted_at", "due_at", "closed_at", "seq", "id"];

/** In the order given, with a head. */
export function ordersAsText(orders: Iterable<Order>): string {
  const time = (us: number | null) => (us === null ? "" : exact(us));
  const lines = [HEAD.join("\t")];
  for (const { status, symbol, quantity, clientOrderId, acceptedUs, dueUs, closedUs, seq, id } of orders)
    lines.push(
      [
        status,
        symbol,
        quantity,
        guarded(clientOrderId ?? ""),
        time(acceptedUs),
        time(dueUs),
        time(closedUs),
        seq,
        id,
      ].join("\t"),
    );
  return `${lines.join("\n")}\n`;
}

// What clients offer in a symbol, price by price: what is left of their limit orders in the book.

import type { Order } from "../../model/change";

/** By price, as the venue writes it. */
export function offered(orders: readonly Order[], symbol: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { status, symbol: of, terms } of orders) {
    if (status !== "PENDING" || of !== symbol || terms === null || terms.limitPrice === null) continue;
    // A stop waits outside the book.
    if (terms.stopPrice !== null || (terms.state !== "new" && terms.state !== "partially_filled")) continue;
    const left = Number(terms.qty ?? 0) - Number(terms.filled);
    sizes.set(terms.limitPrice, (sizes.get(terms.limitPrice) ?? 0) + left);
  }
  return sizes;
}

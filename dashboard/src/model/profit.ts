// What each symbol brought an account: the cash that its fills and fees moved, and what the position is worth now. Amounts
// are summed as doubles: they are drawn, and never sent.

import type { SchemaActivity, SchemaPosition } from "../api/schema";

export interface SymbolProfit {
  readonly symbol: string;
  readonly currency: string;
  readonly profit: number;
}

export class Flows {
  private readonly bySymbol = new Map<string, { currency: string; cash: number; fills: number }>();
  /** The id of the newest activity that counts; null before the first. */
  newest: string | null = null;
  /** How many count. */
  count = 0;

  /** Takes over activities, the oldest first, each once. */
  add(activities: readonly SchemaActivity[]): void {
    for (const { id, symbol, amount, currency, kind } of activities) {
      this.newest = id;
      this.count += 1;
      if (symbol === null || kind === "transfer") continue;
      const flow = this.bySymbol.get(symbol) ?? { currency: currency ?? "", cash: 0, fills: 0 };
      flow.cash += Number(amount);
      if (kind === "fill") flow.fills += 1;
      this.bySymbol.set(symbol, flow);
    }
  }

  /** The greatest gain first. */
  profits(positions: readonly SchemaPosition[]): readonly SymbolProfit[] {
    const worth = new Map(positions.map(({ symbol, market_value }) => [symbol, Number(market_value ?? 0)]));
    return [...this.bySymbol]
      .map(([symbol, { currency, cash }]) => ({ symbol, currency, profit: cash + (worth.get(symbol) ?? 0) }))
      .sort((a, b) => b.profit - a.profit || a.symbol.localeCompare(b.symbol));
  }
}

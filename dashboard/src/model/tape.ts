// The trades of an instrument, the newest first: as they are told one by one, and as pages of them are asked for, each
// once.

import type { SchemaTrade } from "../api/schema";

/** More are not kept. */
const KEPT = 200;

export class Tape {
  trades: readonly SchemaTrade[] = [];

  /** Takes over trades in any order. */
  add(told: readonly SchemaTrade[]): void {
    const known = new Set(this.trades.map(({ trade_id }) => trade_id));
    const fresh = told.filter(({ trade_id }) => !known.has(trade_id));
    if (fresh.length === 0) return;
    // Times are alike in form: as text they stand in the order in which they were.
    this.trades = [...fresh, ...this.trades].sort((a, b) => later(a, b)).slice(0, KEPT);
  }

  clear(): void {
    this.trades = [];
  }
}

function later(one: SchemaTrade, other: SchemaTrade): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  return Number(other.trade_id) - Number(one.trade_id) || 0;
}

/** Whether a client was part of it: what the house prints by itself has an id of another form. */
export function isOfClients({ trade_id }: SchemaTrade): boolean {
  return /^\d+$/.test(trade_id);
}

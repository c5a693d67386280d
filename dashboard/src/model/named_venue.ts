// A venue that was made, as a reading: what it tells of itself, and of `/metrics` what is the process's. The rest of that is
// `main`'s, and nothing is known of it here.

import type { SchemaVenue } from "../api/schema";
import type { Reading } from "./prometheus";

export function readingOf(venue: SchemaVenue, process: Reading): Reading {
  const { counts, delay, durable, seed } = venue;
  return {
    ...process,
    info: {
      version: process.info?.version ?? "",
      delay,
      longDelay: venue.long_delay,
      routeDelay: process.info?.routeDelay ?? "",
      durable,
      seed: seed === null ? null : String(seed),
      history: process.info?.history ?? null,
      mailbox: process.info?.mailbox ?? null,
      maxOrders: process.info?.maxOrders ?? null,
      retain: null,
      retainOrders: null,
      rejects: process.info?.rejects ?? null,
    },
    venueId: venue.instance,
    startedMs: Date.parse(venue.made_at),
    subscribers: counts.subscribers,
    dropped: {},
    open: counts.open,
    held: counts.orders,
    listed: null,
    mailboxDepth: 0,
    refused: 0,
    rejected: null,
    unconfirmed: 0,
    commits: 0,
    storeBytes: null,
    storeFreeBytes: null,
    backlog: [],
    orders: { accepted: counts.orders, executed: counts.executed, cancelled: counts.cancelled },
  };
}

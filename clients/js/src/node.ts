// For node's own test runner: a server for the process, a venue for each test.

import { connect, type Server } from "./server.js";
import type { Venue } from "./venue.js";
import type { Settings } from "./wire.js";

/** What is used of the context that `node:test` hands to a test. */
export interface Test {
  /** Whether it passed, by the time that what follows it runs. Types of earlier versions of Node do not tell of it. */
  readonly passed?: boolean;
  after(hook: () => Promise<void>): void;
  diagnostic(message: string): void;
}

let server: Promise<Server> | undefined;

/** The server that makes the venues: the one that `TRADEPIT_URL` names, else one that is started, and ends with this
 * process. */
export function tradepitServer(): Promise<Server> {
  server ??= connect();
  return server;
}

/** A fresh venue, which is removed after the test: `const venue = await freshVenue(t, { clock: "frozen" })`. */
export async function freshVenue(t: Test, settings: Settings = {}): Promise<Venue> {
  const venue = await (await tradepitServer()).venue(settings);
  t.after(async () => {
    // Who repeats it needs the seed.
    if (!t.passed) t.diagnostic(`venue ${venue.name}: ${venue.url} seed=${venue.seed}`);
    await venue.remove();
  });
  return venue;
}

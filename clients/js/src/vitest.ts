// Fixtures of vitest: a server for the tests of a file, a venue for each of them.

import { test as base } from "vitest";
import { connect, type Server } from "./server.js";
import type { Venue } from "./venue.js";
import type { Settings } from "./wire.js";

export interface Fixtures {
  /** The server that makes the venues: the one that `TRADEPIT_URL` names, else one that is started for the file. */
  tradepitServer: Server;
  /** What the test's venue is made with. */
  tradepitSettings: Settings;
  /** A fresh venue, which is removed after the test. */
  venue: Venue;
}

/** vitest's `test` with a venue: `test("…", async ({ venue }) => { … })`. */
export const test = base.extend<Fixtures>({
  tradepitServer: [
    // biome-ignore lint/correctness/noEmptyPattern: from this pattern vitest reads which fixtures it wants
    async ({}, use) => {
      const server = await connect();
      await use(server);
      await server.stop();
    },
    { scope: "file" },
  ],
  tradepitSettings: {},
  venue: async ({ tradepitServer, tradepitSettings, onTestFailed }, use) => {
    const venue = await tradepitServer.venue(tradepitSettings);
    // Who repeats it needs the seed.
    onTestFailed(() => console.error(`venue ${venue.name}: ${venue.url} seed=${venue.seed}`));
    await use(venue);
    await venue.remove();
  },
});

/** The same, whose venues are made with these: `const test = testWith({ seed: 42, clock: "frozen" })`. */
export function testWith(settings: Settings): typeof test {
  return test.extend({ tradepitSettings: settings }) as typeof test;
}

// The types that the page is written against are those of the venue that it runs against.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";
import { startVenue } from "./support/venue";

const TYPES_FILE = resolve(import.meta.dirname, "../../src/api/schema.ts");

test("the types of the REST interface are what the venue's own description makes", async () => {
  const venue = await startVenue();
  // As `npm run types` makes them.
  const made = await openapiTS(new URL("/openapi.json", venue.origin), { rootTypes: true, immutable: true });
  const advice = "src/api/schema.ts is out of date: run `npm run types` with a venue at TRADEPIT_URL";
  expect(readFileSync(TYPES_FILE, "utf8"), advice).toBe(COMMENT_HEADER + astToString(made));
});

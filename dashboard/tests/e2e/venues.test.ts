// Venues beside `main`: changed to, shared by a link, shown by themselves; and what the page says of one that is reset, that
// is removed, and that never was.

import { expect, test } from "vitest";
import type { SchemaOrder } from "../../src/api/schema";
import { RELOADED, useBrowser, visit } from "./support/browser";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();

/** What a browser says of a venue that is not there. */
const MISSING = /status of 404|WebSocket/;

async function withVenue(...flags: string[]): Promise<Venue> {
  const server = await startVenue("--delay", "none", ...flags);
  await server.post("/venues", { name: "ci-42", seed: 42, delay: "1h", clock: "frozen" });
  return server;
}

const place = (server: Venue, quantity: number) =>
  server.post<SchemaOrder>("/venues/ci-42/orders", { stoks: "GBPUSD", quantity });

test("another venue is chosen by its name, and a step back leads to the one before", async () => {
  const server = await withVenue();
  await server.place();
  const { id } = await place(server, 7);
  const dashboard = await visit(browser(), server.origin, { expects: RELOADED });
  const { page, venueMenu } = dashboard;
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 1 });
  await venueMenu.click();
  const others = page.getByRole("list", { name: /^Venues/ });
  expect(await others.getByRole("link", { name: /^main/ }).getAttribute("aria-current")).toBe("page");
  const other = others.getByRole("link", { name: /^ci-42/ });
  await expect.poll(() => other.textContent()).toBe("ci-42frozen, 1 open of 1");
  await other.click();
  await dashboard.countsBecome({ PENDING: 1, EXECUTED: 0 });
  await dashboard.shows(id, "PENDING");
  expect(await venueMenu.textContent()).toContain("ci-42");
  expect(await page.title()).toBe("Orders – ci-42 – Tradepit");
  expect(new URL(page.url()).hash).toBe("#/orders?venue=ci-42");
  await page.goBack();
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 1 });
  expect(await venueMenu.textContent()).toContain("main");
});

test("a link leads to an order of its venue, and all that is done there is done there", async () => {
  const server = await withVenue();
  const { id } = await place(server, 7);
  const dashboard = await visit(browser(), server.origin, { at: `#/orders?venue=ci-42&order=${id}` });
  const { page, story } = dashboard;
  await dashboard.is("live");
  await story.getByText("GBPUSD").waitFor();
  expect(await story.getByRole("link", { name: "JSON" }).getAttribute("href")).toBe(`venues/ci-42/orders/${id}`);
  await dashboard.symbol.fill("EURUSD");
  await dashboard.quantity.fill("9");
  await dashboard.quantity.press("Enter");
  await dashboard.countsBecome({ PENDING: 2 });
  expect(await server.orders()).toEqual([]);
  await dashboard
    .row(id)
    .getByRole("button", { name: /^Cancel/ })
    .click();
  await dashboard.shows(id, "CANCELLED");
  for (const room of ["Market", "Accounts", "Pulse"] as const) {
    await dashboard.room(room);
    expect(new URL(page.url()).hash).toContain("venue=ci-42");
  }
  await page.getByText("1 hour").or(page.getByText("60 min")).first().waitFor();
});

test("a venue that is reset is told of, and shown as it begins", async () => {
  const server = await withVenue();
  await place(server, 7);
  const dashboard = await visit(browser(), server.origin, { at: "#/orders?venue=ci-42" });
  await dashboard.countsBecome({ PENDING: 1 });
  await server.post("/venues/ci-42/reset", {});
  await dashboard.countsBecome({ PENDING: 0 });
  expect(await dashboard.message.textContent()).toContain("The venue ci-42 was reset: what it knew before is gone");
  await place(server, 8);
  await dashboard.countsBecome({ PENDING: 1 });
  await dashboard.is("live");
});

test("a venue that is removed is told of; what was seen of it stays, and one of its name is another one", async () => {
  const server = await withVenue();
  await place(server, 7);
  const dashboard = await visit(browser(), server.origin, { at: "#/orders?venue=ci-42", expects: MISSING });
  await dashboard.countsBecome({ PENDING: 1 });
  await server.remove("/venues/ci-42");
  await dashboard.is("gone");
  expect(await dashboard.message.textContent()).toMatch(/^There is no venue ci-42: it was removed, or nobody used it/);
  expect(await dashboard.counts()).toMatchObject({ PENDING: 1 });
  expect(await dashboard.page.title()).toMatch(/^✕ /);
  await server.post("/venues", { name: "ci-42" });
  await dashboard.is("live");
  await dashboard.countsBecome({ PENDING: 0 });
});

test("a venue that never was is told of, and the others are a press away", async () => {
  const server = await withVenue();
  const dashboard = await visit(browser(), server.origin, {
    at: "#/orders?venue=nowhere",
    expects: new RegExp(`${MISSING.source}|${RELOADED.source}`),
  });
  await dashboard.is("gone");
  expect(await dashboard.message.textContent()).toMatch(/^There is no venue nowhere: it was removed, or never was\./);
  await dashboard.venueMenu.click();
  await dashboard.page.getByRole("link", { name: /^ci-42/ }).click();
  await dashboard.is("live");
});

// Orders of the past: found by time, status and name, a page at a time, and saved as files.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("the past comes in pages, the newest first, and a row chooses its order", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 450);
  const newestFirst = (await venue.orders()).map(({ id }) => id).toReversed();
  const dashboard = await visit(browser(), venue.origin, { at: "#/orders?panel=history" });
  await dashboard.page.getByText("200 orders so far").waitFor();
  for (const told of ["400 orders so far", "450 orders, which is all"]) {
    await dashboard.page.getByRole("button", { name: "More", exact: true }).click();
    await dashboard.page.getByText(told).waitFor();
  }
  expect(await found(dashboard)).toEqual(newestFirst);
  await dashboard.past.nth(3).click();
  await dashboard.story
    .getByText(newestFirst[3] ?? "")
    .first()
    .waitFor();
});

test("time, status, symbol and either name narrow the past, and what the venue refuses is said at its field", async () => {
  const venue = await startVenue("--delay", "none", "--long-delay", "1h");
  const old = await venue.place({ stoks: "OLD", clientOrderId: "bot-1", idempotencyKey: "key-1" });
  await new Promise((later) => setTimeout(later, 2_100));
  const fresh = await venue.place({ stoks: "NEW", longPending: true });
  const dashboard = await visit(browser(), venue.origin, { at: "#/orders?panel=history", expects: /status of 422/ });
  const { page } = dashboard;
  await expect.poll(() => found(dashboard)).toEqual([fresh.id, old.id]);
  const second = new Date(Math.floor(Date.parse(fresh.accepted_at) / 1000) * 1000).toISOString().slice(0, 19);
  await page.getByLabel("From (UTC)").fill(second);
  await expect.poll(() => found(dashboard)).toEqual([fresh.id]);
  await expect.poll(() => page.url()).toContain(`from=${second}Z`);
  await page.getByLabel("From (UTC)").fill("");
  await page.getByLabel("Until (UTC)").fill(second);
  await expect.poll(() => found(dashboard)).toEqual([old.id]);
  await page.getByRole("button", { name: "last hour" }).click();
  await expect.poll(() => found(dashboard)).toEqual([fresh.id, old.id]);
  await page.getByLabel("Status", { exact: true }).selectOption("PENDING");
  await expect.poll(() => found(dashboard)).toEqual([fresh.id]);
  await page.getByLabel("Status", { exact: true }).selectOption("");
  for (const name of ["bot-1", "key-1", old.id]) {
    await page.getByLabel("Client order id, key or id is").fill(name);
    await expect.poll(() => found(dashboard)).toEqual([old.id]);
    await page.getByLabel("Client order id, key or id is").fill("");
    await expect.poll(() => found(dashboard)).toEqual([fresh.id, old.id]);
  }
  const symbol = page.getByLabel("Symbol is");
  await symbol.fill("OL D");
  await expect.poll(() => symbol.getAttribute("aria-invalid")).toBe("true");
  await symbol.fill("OLD");
  await expect.poll(() => found(dashboard)).toEqual([old.id]);
  expect(await symbol.getAttribute("aria-invalid")).toBe("false");
});

test("an export has every order that the filters let through, and no cell that is a formula", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 2_300, { symbols: ["AAPL"] });
  await venue.place({ stoks: "AAPL", clientOrderId: "=1+1" });
  await venue.place({ stoks: "MSFT" });
  const ids = (await venue.orders()).filter(({ stoks }) => stoks === "AAPL").map(({ id }) => id);
  const { page } = await visit(browser(), venue.origin, { at: "#/orders?panel=history&symbol=AAPL" });
  const saved = async (format: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: format, exact: true }).click();
    const file = await download;
    await page.getByText("2,301 orders saved.").waitFor();
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
  };
  const lines = await saved("JSON lines");
  expect(lines.name).toMatch(/^tradepit-orders-.*\.jsonl$/);
  const told = lines.text.trimEnd().split("\n");
  expect(told.map((line) => JSON.parse(line).id)).toEqual(ids.toReversed());
  const table = (await saved("CSV")).text.trimEnd().split("\n");
  expect(table).toHaveLength(2_302);
  expect(table[0]).toMatch(/^id,stoks,quantity,status,accepted_at/);
  expect(table[1]).toContain(`"'=1+1"`);
});

test("an export can be stopped: then nothing is saved", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 3_000);
  const { page } = await visit(browser(), venue.origin, {
    at: "#/orders?panel=history",
    before: async (page) => {
      await page.route(/limit=1000/, async (route) => {
        await new Promise((later) => setTimeout(later, 700));
        await route.continue();
      });
    },
  });
  await page.getByRole("button", { name: "CSV", exact: true }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText(/Stopped after [\d,]+ orders: nothing was saved/).waitFor();
});

function found({ past }: Dashboard): Promise<string[]> {
  return past.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.id ?? ""));
}

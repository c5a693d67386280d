// What axe-core finds wrong with the page for those who do not see it, or not well, in every state that it can be in.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, test } from "vitest";
import { OUTAGE, RELOADED, type Theme, useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Sight {
  readonly of: string;
  at?(id: string): string;
  prepare?(dashboard: Dashboard, venue: Venue): Promise<void>;
}

const SIGHTS: readonly Sight[] = [
  { of: "the orders" },
  {
    of: "the orders with a chosen row",
    prepare: async ({ grid }) => {
      await grid.focus();
      await grid.press("ArrowDown");
      await grid.locator('[aria-selected="true"]').waitFor();
    },
  },
  { of: "the story of a pending order", at: (id) => `#/orders/${id}` },
  {
    of: "the story of an executed order",
    prepare: async ({ page, rows, story }) => {
      const executed = rows.and(page.locator('[data-status="EXECUTED"]')).first();
      await page.goto(`${new URL(page.url()).origin}/#/orders/${await executed.getAttribute("data-id")}`);
      await story.getByText("Executed", { exact: true }).first().waitFor();
    },
  },
  {
    of: "the story of an order that is not known",
    at: () => "#/orders/00000000-0000-4000-8000-000000000000",
    prepare: ({ story }) => story.getByRole("alert").waitFor(),
  },
  {
    of: "chosen filters",
    prepare: async (dashboard) => {
      await dashboard.filter("PENDING");
      await dashboard.symbolFilter.fill("eur");
      await dashboard.countsBecome({ PENDING: 1, EXECUTED: 1 });
    },
  },
  {
    of: "filters that nothing passes",
    prepare: async ({ page, symbolFilter }) => {
      await symbolFilter.fill("nothing");
      await page.getByText("No order is like that.").waitFor();
    },
  },
  {
    of: "a list that stands still",
    prepare: async ({ page }) => {
      await page.keyboard.press("p");
      await page.getByRole("button", { name: "Resume" }).waitFor();
    },
  },
  {
    of: "a ticket with faults",
    prepare: async ({ symbol, quantity, page }) => {
      // On a narrow screen it is a sheet that has to be asked for.
      await page.keyboard.press("n");
      await symbol.fill("");
      await quantity.fill("0");
      await quantity.press("Enter");
      await page.locator("[aria-invalid=true]").first().waitFor();
    },
  },
  {
    of: "a fault that is told",
    prepare: async ({ search, message }) => {
      await search.fill("no such order");
      await search.press("Enter");
      await message.waitFor();
    },
  },
  { of: "the wire of an order", at: (id) => `#/orders?panel=wire&order=${id}` },
  {
    of: "the requests that were refused",
    at: () => "#/orders?panel=rejects",
    prepare: async ({ page, rejects }) => {
      await page.evaluate(() => fetch("orders?limit=x"));
      await rejects.first().locator("summary").click();
    },
  },
  {
    of: "orders of the past",
    at: () => "#/orders?panel=history",
    prepare: ({ past }) => past.first().waitFor(),
  },
  { of: "a ticket with names", at: () => "#/orders?panel=ticket&ticket.client_order_id=bot" },
  { of: "a ticket with legs", at: () => "#/orders?panel=ticket&ticket.type=stop_limit&ticket.order_class=bracket" },
  {
    of: "the accounts",
    at: () => "#/accounts",
    prepare: async ({ page }) => {
      await page.locator("tr[data-symbol]").first().waitFor();
      await page.getByRole("button", { name: "Open an account" }).click();
    },
  },
  { of: "the market", at: () => "#/market/EURUSD", prepare: showsMarket },
  {
    of: "the market's ladder",
    at: () => "#/market/EURUSD?panel=ladder",
    prepare: async ({ page }) => page.locator(".rung").first().waitFor(),
  },
  {
    of: "the market's watchlist",
    at: () => "#/market/EURUSD?panel=watch",
    prepare: async ({ page }) => {
      const picker = page.locator(".symbol-picker");
      if (await picker.isVisible()) await picker.click();
      await page.locator(".watch").first().waitFor();
    },
  },
  {
    of: "rules, and a fault that is refused at its place",
    at: () => "#/rules",
    prepare: async ({ page }, venue) => {
      await venue.put("/rules", [{ name: "first", match: { nth: 1 }, do: { reject: "no" } }]);
      await page.reload();
      await page.getByRole("checkbox", { name: "first" }).waitFor();
      const faults = page.getByRole("region", { name: "Faults" });
      await faults.getByLabel("Add to Faults").selectOption("wait");
      await faults.getByRole("textbox").fill('{"do": {"delay": "soon"}}');
      await faults.getByRole("button", { name: "Put the list" }).click();
      await faults.getByText(/^do\.delay: /).waitFor();
    },
  },
  { of: "the pulse", at: () => "#/pulse" },
  {
    of: "a venue whose clock stands, and the list of venues",
    prepare: async ({ page, clockBar, venueMenu }, venue) => {
      for (let count = 0; count < 9; count += 1) await venue.post("/venues", { name: `v${count}`, clock: "frozen" });
      await page.goto(`${venue.origin}/#/orders?venue=v7`);
      await clockBar.waitFor();
      await venueMenu.click();
      await page.getByRole("link", { name: /^v8/ }).waitFor();
    },
  },
  {
    of: "the help",
    prepare: async ({ page, help }) => {
      await page.keyboard.press("?");
      await help.waitFor();
    },
  },
  { of: "the orders without a venue", prepare: goOffline },
  { of: "the pulse without a venue", at: () => "#/pulse", prepare: goOffline },
];
const THEMES = ["light", "dark"] as const;
const WIDTHS = [1440, 400];
/** A refused order, an order that is not known, and what a browser says of a venue that is gone. */
const PROVOKED = new RegExp(`status of 422|status of 404|${OUTAGE.source}|${RELOADED.source}`);

for (const sight of SIGHTS) {
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      test(`axe finds no serious fault in ${sight.of}, ${theme}, ${width} wide`, () => look(sight, theme, width));
    }
  }
}

async function look({ at, prepare }: Sight, theme: Theme, width: number): Promise<void> {
  const venue = await startVenue("--long-delay", "1h");
  const id = await someOrders(venue);
  const dashboard = await visit(browser(), venue.origin, {
    at: at?.(id) ?? "",
    theme,
    width,
    bypassCSP: true,
    expects: PROVOKED,
  });
  await dashboard.is("live");
  await prepare?.(dashboard, venue);
  expect(await faults(dashboard)).toEqual([]);
}

async function showsMarket({ page }: Dashboard): Promise<void> {
  await page.locator(".symbol-price").waitFor();
}

async function goOffline(dashboard: Dashboard, venue: Venue): Promise<void> {
  await venue.kill();
  await dashboard.is("offline");
}

/** An order in each status; tells the id of a pending one. */
async function someOrders(venue: Venue): Promise<string> {
  const executed = await venue.place();
  const cancelled = await venue.place({ stoks: "AAPL", longPending: true });
  await venue.cancel(cancelled.id);
  const pending = await venue.place({ longPending: true, clientOrderId: "bot-7/42" });
  await expect.poll(async () => (await venue.order(executed.id)).status).toBe("EXECUTED");
  return pending.id;
}

/** Serious and critical ones, each with the elements that it is about. */
async function faults({ page }: Dashboard): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`),
    );
}

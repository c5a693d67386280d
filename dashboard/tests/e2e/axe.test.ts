// What axe-core finds wrong with the page for those who do not see it, or not well.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Sight {
  readonly of: string;
  at?(id: string): string;
  prepare?(dashboard: Dashboard): Promise<void>;
}

const SIGHTS: readonly Sight[] = [
  { of: "the orders" },
  { of: "the story of a pending order", at: (id) => `#/orders/${id}` },
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
  { of: "the pulse", at: () => "#/pulse" },
  {
    of: "the help",
    prepare: async ({ page, help }) => {
      await page.keyboard.press("?");
      await help.waitFor();
    },
  },
];
const THEMES = ["light", "dark"] as const;
const WIDTHS = [1440, 400];
for (const sight of SIGHTS) {
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      test(`axe finds no serious fault in ${sight.of}, ${theme}, ${width} wide`, () => look(sight, theme, width));
    }
  }
}

async function look({ at, prepare }: Sight, theme: "light" | "dark", width: number): Promise<void> {
  const venue = await startVenue("--long-delay", "1h");
  const id = await someOrders(venue);
  const dashboard = await visit(browser(), venue.origin, {
    at: at?.(id) ?? "",
    theme,
    width,
    bypassCSP: true,
    expects: /status of 422/,
  });
  await dashboard.is("live");
  await prepare?.(dashboard);
  expect(await faults(dashboard)).toEqual([]);
}

/** An order in each status; tells the id of a pending one. */
async function someOrders(venue: Venue): Promise<string> {
  const executed = await venue.place();
  const cancelled = await venue.place({ longPending: true });
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

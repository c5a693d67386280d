// The page below a prefix: behind a proxy that serves the venue at `/pit/` and takes that off.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { burst } from "./support/feed";
import { startProxy } from "./support/proxy";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("below a prefix the page is live, places orders and reads all pages of the list", async () => {
  const venue = await startVenue("--delay", "1h");
  // More than one page of open orders, and more than the changes that a page begins with.
  await burst(venue.origin, 1_500);
  const dashboard = await visit(browser(), (await startProxy(venue.origin, {}, "/pit")).origin);
  await dashboard.is("live");
  await dashboard.countsBecome({ PENDING: 1_500 });
  await dashboard.symbol.fill("EURUSD");
  await dashboard.quantity.fill("7");
  await dashboard.quantity.press("Enter");
  await dashboard.countsBecome({ PENDING: 1_501 });
  expect((await venue.counts()).PENDING).toBe(1_501);
});

test("below a prefix every link of the help leads to the venue", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), (await startProxy(venue.origin, {}, "/pit")).origin);
  await dashboard.is("live");
  await dashboard.page.keyboard.press("?");
  const links = await dashboard.help
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) expect((await fetch(link)).status, link).toBe(200);
});

test("below a prefix Swagger UI shows the interface, with and without a slash", async () => {
  const venue = await startVenue();
  const { origin } = await startProxy(venue.origin, {}, "/pit");
  for (const path of ["docs", "docs/"]) {
    const { page } = await visit(browser(), origin, { at: path, expects: /favicon\.ico/ });
    await page.getByText("/orders/{id}").first().waitFor();
  }
});

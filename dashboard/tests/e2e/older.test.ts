// How what the page holds stands to what the venue can list: older orders that are loaded, and such as are forgotten.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { burst, startFeed } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("a page that holds the newest orders says of how many, and loads the older ones when it is asked to", async () => {
  const venue = await startVenue("--delay", "none");
  const feed = startFeed(venue.origin, { count: 10_900 });
  await feed.done;
  const dashboard = await visit(browser(), venue.origin);
  const tab = dashboard.page.getByRole("tab", { name: /^Orders/ });
  await expect.poll(() => tab.textContent()).toMatch(/^Ordersnewest 10,000 of 10,900$/);
  await dashboard.grid.focus();
  await dashboard.grid.press("End");
  await dashboard.page.getByText("The newest 10,000 of 10,900.").waitFor();
  await dashboard.page.getByRole("button", { name: "Older ones" }).click();
  await dashboard.countsBecome({ EXECUTED: 10_900 });
  await expect.poll(() => tab.textContent()).toBe("Orders10,900");
});

test("where the venue has forgotten orders the page says how many it saw, and that it knows no more", async () => {
  const venue = await startVenue("--delay", "none", "--max-orders", "100");
  const dashboard = await visit(browser(), venue.origin, { expects: /status of 404/ });
  await dashboard.is("live");
  await burst(venue.origin, 300);
  await dashboard.countsBecome({ EXECUTED: 300 });
  await expect.poll(() => dashboard.page.getByRole("tab", { name: /^Orders/ }).textContent()).toBe("Orders300 seen");
  await dashboard.grid.focus();
  await dashboard.grid.press("End");
  await dashboard.page.getByText("The page saw 300; the venue has forgotten all but 100.").waitFor();
});

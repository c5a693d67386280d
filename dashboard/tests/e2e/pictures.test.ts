// Pictures of every room, in both themes and two widths, to be looked at. They are written to pictures/.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startFeed } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();
const FOLDER = join(import.meta.dirname, "pictures");
const SIZES = [
  { width: 1440, height: 900 },
  { width: 400, height: 820 },
];
const THEMES = ["light", "dark"] as const;

test("every room is photographed with life in it", async () => {
  mkdirSync(FOLDER, { recursive: true });
  const venue = await startVenue("--seed", "7");
  const feed = startFeed(venue.origin, { count: 1_000_000, rate: 12 });
  // Two more clients: one that waits long, and one that changes its mind.
  const patient = startFeed(venue.origin, { count: 1_000_000, rate: 1, longPending: true });
  const cancelled = await venue.place({ stoks: "BRK.B", quantity: 1_250_000, longPending: true });
  await venue.cancel(cancelled.id);
  const { id } = await venue.place({
    stoks: "ETH-USD",
    quantity: 2_500,
    clientOrderId: "bot-7/42",
    idempotencyKey: "k-1",
  });
  await expect.poll(async () => (await venue.counts()).EXECUTED, { timeout: 30_000 }).toBeGreaterThan(150);

  for (const size of SIZES) {
    for (const theme of THEMES) {
      const picture = (of: string) => ({ path: join(FOLDER, `${of}-${theme}-${size.width}.png`) });
      const { page, help, story } = await visit(browser(), venue.origin, { ...size, theme });
      await page.locator('[data-id][data-status="EXECUTED"]').nth(8).waitFor();
      await page.screenshot(picture("orders"));
      await page.keyboard.press("?");
      await help.waitFor();
      await page.screenshot(picture("help"));
      await page.keyboard.press("Escape");
      await page.goto(`${venue.origin}/#/orders/${id}`);
      await story.getByText("bot-7/42").waitFor();
      await page.screenshot(picture("story"));
      await page.goto(`${venue.origin}/#/pulse`);
      await page.locator('main[data-room="pulse"]').waitFor();
      await page.screenshot(picture("pulse"));
    }
  }
  await Promise.all([feed.stop(), patient.stop()]);
});

// Many orders at once, and traffic that the page places by itself.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();
const BURST = 5_000;
/** Generous: the page shares two processors with everything else. */
const LONGEST_GAP_MS = 1_000;

test("a burst of 5 000 orders is shown to the last, all executed, while the page keeps drawing", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.is("live");
  await dashboard.page.evaluate(() => {
    let before = performance.now();
    const count = (now: number) => {
      document.body.dataset.gap = String(Math.max(Number(document.body.dataset.gap ?? 0), now - before));
      before = now;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  const fed = await burst(venue.origin, BURST);
  expect(fed.failed).toBe(0);
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: BURST });
  const gap = Number(await dashboard.page.evaluate(() => document.body.dataset.gap));
  process.stdout.write(`longest time without a frame in a burst of ${BURST} orders: ${gap.toFixed(0)} ms\n`);
  expect(gap).toBeLessThan(LONGEST_GAP_MS);
  expect(await venue.counts()).toEqual(await dashboard.counts());
  const rows = await dashboard.all();
  expect(new Set(rows.map(([id]) => id))).toEqual(new Set(fed.ids));
  expect(rows.filter(([, status]) => status !== "EXECUTED")).toEqual([]);
});

test("traffic comes at about the chosen rate, and none once it is switched off", async () => {
  const venue = await startVenue("--long-delay", "1s");
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.is("live");
  await dashboard.traffic(25);
  const began = performance.now();
  await expect.poll(async () => (await venue.orders()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(75);
  const seconds = (performance.now() - began) / 1000;
  // A machine that is busy makes it slower; nothing may make it faster.
  expect(seconds).toBeGreaterThan(2);
  expect(seconds).toBeLessThan(8);
  await dashboard.traffic(0);
  // While one order waits for its second, traffic that still ran would place 25.
  await expect.poll(async () => (await venue.counts()).PENDING).toBe(0);
  const placed = (await venue.orders()).length;
  const { id } = await venue.place({ longPending: true });
  await expect.poll(async () => (await venue.order(id)).status).toBe("EXECUTED");
  expect((await venue.orders()).length).toBe(placed + 1);
  await dashboard.countsBecome(await venue.counts());
});

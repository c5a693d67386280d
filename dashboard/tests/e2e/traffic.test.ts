// The traffic that the page places by itself: at its rate whatever the page does, and wherever requests are answered.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startProxy } from "./support/proxy";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();

const placed = async (venue: Venue) => (await venue.orders()).length;

test("traffic keeps its rate while another tab is in front and the page's thread is busy, below a prefix", async () => {
  const venue = await startVenue("--long-delay", "1s");
  const dashboard = await visit(browser(), (await startProxy(venue.origin, {}, "/pit")).origin);
  await dashboard.is("live");
  await dashboard.traffic(25);
  await expect.poll(() => placed(venue)).toBeGreaterThan(10);
  const other = await dashboard.page.context().newPage();
  await other.bringToFront();
  const fromMs = Date.now();
  await dashboard.page.evaluate(() => {
    for (const end = performance.now() + 4_000; performance.now() < end; );
  });
  const toMs = Date.now();
  const times = (await venue.orders()).map((order) => Date.parse(order.accepted_at));
  const perSecond = times.filter((ms) => ms >= fromMs && ms < toMs).length / ((toMs - fromMs) / 1000);
  process.stdout.write(`orders a second while the page was busy for 4 s: ${perSecond.toFixed(1)} of 25\n`);
  // On a busy machine up to two seconds' worth is made up for.
  expect(perSecond).toBeGreaterThan(20);
  expect(perSecond).toBeLessThan(38);
  expect((await venue.orders()).at(-1)?.client_order_id).toMatch(/^demo\/\w+-\d+$/);
});

test("traffic runs where WebSockets are refused, and goes on by itself after the venue was away", async () => {
  const venue = await startVenue("--delay", "100ms..300ms", "--long-delay", "1s");
  const proxy = await startProxy(venue.origin, { upgrades: "refused" }, "/pit");
  // What the page asks the wiped venue to go on from, that does not know.
  const expects = /WebSocket|50[24]|ERR_|422 \(|404 \(/;
  const dashboard = await visit(browser(), proxy.origin, { expects });
  await dashboard.is("polling");
  await dashboard.traffic(25);
  await expect.poll(async () => (await dashboard.counts()).EXECUTED).toBeGreaterThan(30);
  await venue.kill();
  await venue.start();
  await expect.poll(() => placed(venue)).toBeGreaterThan(30);
  await dashboard.page.locator('.traffic-mark[data-running="true"]').waitFor();
});

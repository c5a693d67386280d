// What the page makes of a venue that it hears in part or not at all: one that hangs, and one before which a proxy stands
// that refuses WebSockets.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { burst, startFeed } from "./support/feed";
import { startProxy } from "./support/proxy";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("a venue that hangs is told within three seconds; when it goes on, so does the page, on the same socket", async () => {
  const venue = await startVenue("--delay", "100ms..300ms");
  let sockets = 0;
  const dashboard = await visit(browser(), venue.origin, {
    before: async (page) => {
      page.on("websocket", () => {
        sockets += 1;
      });
    },
  });
  await dashboard.is("live");
  await burst(venue.origin, 50);
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 50 });
  const opened = sockets;
  await venue.freeze();
  const hung = performance.now();
  await dashboard.is("silent");
  const tookMs = performance.now() - hung;
  process.stdout.write(`a hung venue was told after ${tookMs.toFixed(0)} ms\n`);
  expect(tookMs).toBeLessThan(3_000);
  // Its question is given up, and asked again: no fault of the page.
  await dashboard.page.waitForEvent("requestfailed", (request) => request.url() === `${venue.origin}/health`);
  venue.thaw();
  await dashboard.is("live");
  await burst(venue.origin, 50);
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 100 });
  expect(sockets).toBe(opened);
});

test("behind a proxy that refuses WebSockets the page asks, and listens once it is let", async () => {
  const venue = await startVenue("--delay", "100ms..300ms", "--long-delay", "1s");
  const proxy = await startProxy(venue.origin, { upgrades: "refused" }, "/pit");
  const dashboard = await visit(browser(), proxy.origin, { expects: /WebSocket/ });
  await burst(venue.origin, 30);
  await dashboard.is("polling");
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 30 });
  await dashboard.symbol.fill("EURUSD");
  await dashboard.quantity.fill("7");
  await dashboard.long.check();
  await dashboard.quantity.press("Enter");
  await dashboard.countsBecome({ PENDING: 1 });
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 31 });
  const feed = startFeed(venue.origin, { count: 500, rate: 100 });
  await expect.poll(async () => (await dashboard.counts()).EXECUTED).toBeGreaterThan(100);
  proxy.behave({ upgrades: "passed" });
  await dashboard.is("live");
  await feed.done;
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 531 });
  expect(await venue.counts()).toEqual(await dashboard.counts());
});

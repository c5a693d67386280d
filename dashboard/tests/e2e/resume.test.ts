// The page and a venue that goes away: killed and started again, with and without what it had kept, and behind a wire that
// is cut.

import { expect, test } from "vitest";
import { OUTAGE, useBrowser, visit } from "./support/browser";
import { burst, startFeed } from "./support/feed";
import { startKeepingVenue, startVenue, type Venue } from "./support/venue";
import { startWire } from "./support/wire";

const browser = useBrowser();

/** A page that asks a wiped venue for the order that it knows, or for those after it, is told that there is none. */
const UNKNOWN = [
  "404 \\(Not Found\\) \\(http://[^/]+/orders/",
  "422 \\(Unprocessable Entity\\) \\(http://[^/]+/orders\\?after=",
];
const WIPED = new RegExp([OUTAGE.source, "ERR_INTERNET_DISCONNECTED", ...UNKNOWN].join("|"));

test("a venue that is killed and started again on its folder costs the page no row and no change", async () => {
  const venue = await startKeepingVenue("--delay", "2s..4s");
  const dashboard = await visit(browser(), venue.origin, { expects: OUTAGE });
  await dashboard.is("live");
  await burst(venue.origin, 150);
  // The venue is taken away while it executes, and while orders come in.
  await expect.poll(async () => (await dashboard.counts()).EXECUTED).toBeGreaterThan(20);
  const during = startFeed(venue.origin, { count: 10_000, rate: 100, longPending: true });
  await expect.poll(async () => (await dashboard.counts()).PENDING).toBeGreaterThan(150);
  await venue.kill();
  await dashboard.is("offline");
  await during.stop();
  await venue.start();
  await burst(venue.origin, 50);

  await dashboard.is("live");
  await dashboard.message.getByText("Connected again: nothing was lost.").waitFor();
  await expect.poll(async () => (await venue.counts()).PENDING, { timeout: 20_000 }).toBe(0);
  await dashboard.countsBecome(await venue.counts());
  expect(await dashboard.all()).toEqual(await newestFirst(venue));
});

test("a venue that is started anew without its orders is shown as what it is", async () => {
  const venue = await startVenue("--delay", "none");
  const dashboard = await visit(browser(), venue.origin, { expects: WIPED });
  await burst(venue.origin, 200);
  await dashboard.countsBecome({ EXECUTED: 200 });
  await venue.kill();
  await dashboard.is("offline");
  await venue.start();
  const { id } = await venue.place();
  await dashboard.message.getByText("The venue was started anew").waitFor();
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 1 });
  await expect.poll(() => dashboard.all()).toEqual([[id, "EXECUTED"]]);
});

test("an empty venue that is started anew and holds more changes than before is not taken for the old one", async () => {
  const venue = await startVenue("--delay", "none");
  const dashboard = await visit(browser(), venue.origin, { expects: WIPED });
  await burst(venue.origin, 20);
  await dashboard.countsBecome({ EXECUTED: 20 });
  await venue.kill();
  await dashboard.is("offline");
  await venue.start();
  await burst(venue.origin, 100);
  await dashboard.message.getByText("The venue was started anew").waitFor();
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 100 });
  await expect.poll(() => dashboard.all()).toEqual(await newestFirst(venue));
});

test("a venue that was wiped and no longer holds what the page missed is still told from the old one", async () => {
  const venue = await startVenue("--history", "100", "--delay", "none");
  const dashboard = await visit(browser(), venue.origin, { expects: WIPED });
  await burst(venue.origin, 10);
  await dashboard.countsBecome({ EXECUTED: 10 });
  await venue.kill();
  await dashboard.is("offline");
  // The page's way to the venue stays cut until that has come far beyond what the page knows.
  await dashboard.page.context().setOffline(true);
  await venue.start();
  await burst(venue.origin, 500);
  await dashboard.page.context().setOffline(false);
  await dashboard.message.getByText("started anew").waitFor();
  await dashboard.is("live");
  const held = new Set((await venue.orders()).map(({ id }) => id));
  expect((await dashboard.drawn()).filter((id) => !held.has(id))).toEqual([]);
});

test("a page that was cut off for longer than changes are held says how many it lost, and settles what was pending", async () => {
  const venue = await startVenue("--history", "100", "--delay", "100ms..300ms", "--long-delay", "1h");
  const wire = await startWire(venue.origin);
  const dashboard = await visit(browser(), wire.origin, { expects: OUTAGE });
  await dashboard.is("live");
  const stays = await venue.place({ longPending: true });
  const goes = [await venue.place({ longPending: true }), await venue.place({ longPending: true })];
  await dashboard.shows(stays.id, "PENDING");
  await dashboard.countsBecome({ PENDING: 3 });
  wire.cut();
  await dashboard.is("offline");
  for (const { id } of goes) await venue.cancel(id);
  await burst(venue.origin, 500);
  await expect.poll(async () => (await venue.counts()).PENDING).toBe(1);
  wire.mend();

  await dashboard.message.getByText("no longer holds").waitFor();
  // Three orders had been announced; after that two were cancelled, and 500 accepted and executed.
  expect(await dashboard.message.textContent()).toContain("1,002 changes");
  await dashboard.is("live");
  for (const { id } of goes) await dashboard.shows(id, "CANCELLED");
  await dashboard.shows(stays.id, "PENDING");
  await dashboard.countsBecome({ PENDING: 1, CANCELLED: 2 });
  const { id } = await venue.place();
  await dashboard.shows(id, "EXECUTED");
});

test("an order that is cancelled while the page asks a venue of a short memory for what it holds is shown so", async () => {
  const venue = await startVenue("--history", "1", "--long-delay", "1h");
  const [goes, stays] = [await venue.place({ longPending: true }), await venue.place({ longPending: true })];
  let connections = 0;
  const dashboard = await visit(browser(), venue.origin, {
    at: `#/orders/${goes.id}`,
    before: async (page) => {
      // Not the one that tells what orders are on the exchange.
      await page.routeWebSocket(/\/ws\?.*rejects/, async (socket) => {
        connections += 1;
        // The second asks for the changes that the venue held when it refused the first.
        if (connections === 2) {
          await page.getByRole("region", { name: "Order story" }).getByText("Will execute").waitFor();
          for (const { id } of [goes, await venue.place({ longPending: true })]) await venue.cancel(id);
        }
        socket.connectToServer();
      });
    },
  });
  await dashboard.story.getByText("Would have executed").waitFor();
  await dashboard.shows(goes.id, "CANCELLED");
  await dashboard.shows(stays.id, "PENDING");
  expect(connections).toBe(2);
});

test("a page that was cut off for a moment has missed nothing", async () => {
  const venue = await startVenue();
  const wire = await startWire(venue.origin);
  const dashboard = await visit(browser(), wire.origin, { expects: OUTAGE });
  await dashboard.is("live");
  const feed = startFeed(venue.origin, { count: 400, rate: 200 });
  await expect.poll(async () => (await dashboard.counts()).PENDING).toBeGreaterThan(50);
  wire.cut();
  await dashboard.is("offline");
  wire.mend();
  await dashboard.message.getByText("Connected again: nothing was lost.").waitFor();
  expect((await feed.done).failed).toBe(0);
  await dashboard.countsBecome({ PENDING: 0, EXECUTED: 400 });
  expect(await dashboard.all()).toEqual(await newestFirst(venue));
});

async function newestFirst(venue: Venue): Promise<[string, string][]> {
  return (await venue.orders()).map(({ id, status }): [string, string] => [id, status]).reverse();
}

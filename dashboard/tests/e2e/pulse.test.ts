// The pulse room in use: what it tells of delays, ages, gaps, the venue and the way to it, over which span, and how it looks
// where colours or room are scarce.

import { setTimeout as passes } from "node:timers/promises";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { OUTAGE, RELOADED, useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();
/** Requests that a hung venue left open are given up. */
const HUNG = new RegExp(`${OUTAGE.source}|${RELOADED.source}`);

const PLOTS = ["Orders per second", "Lateness"];

function card({ page }: Dashboard, name: string): Locator {
  return page.getByRole("region", { name, exact: true });
}

async function says(locator: Locator, words: RegExp): Promise<void> {
  const text = async () => (await locator.innerText()).replaceAll("\u00a0", " ").replaceAll(/\s+/g, " ");
  await expect.poll(text, { timeout: 20_000 }).toMatch(words);
}

async function place(venue: Venue, usual: number, long: number): Promise<void> {
  for (let order = 0; order < usual; order++) await venue.place();
  for (let order = 0; order < long; order++) await venue.place({ longPending: true });
}

const openPulse = (venue: Venue, more: Parameters<typeof visit>[2] = {}) =>
  visit(browser(), venue.origin, { at: "#/pulse", ...more });

test("long-pending orders stand apart from the usual delay, also those from before the page", async () => {
  const venue = await startVenue("--delay", "100ms..300ms", "--long-delay", "1500ms");
  await place(venue, 5, 2);
  await expect.poll(async () => (await venue.counts()).EXECUTED).toBe(7);
  const delay = card(await openPulse(venue), "Execution delay");
  await says(delay, /Configured: 100 ms to 300 ms, evenly · and 2 long pending: 1\.[5-9]\d s/);
  await place(venue, 0, 1);
  await says(delay, /and 3 long pending/);
  const average = /([\d.]+) ms ± /.exec((await delay.innerText()).replaceAll(/\s+/g, " "))?.[1];
  expect(Number(average)).toBeLessThan(900);
});

test("an order that waited for its price is not late; one that the venue executed late is", async () => {
  const venue = await startVenue("--market", "frozen", "--delay", "300ms");
  const waiting = await venue.post("/orders", { symbol: "EURUSD", type: "limit", qty: "100", limit_price: "1.05" });
  await venue.becomes(waiting.id, "new");
  const dashboard = await openPulse(venue, { expects: HUNG });
  await dashboard.is("live");
  // The page was not told what it is on the exchange, and it is due for more than a second.
  const late = async () => Date.now() - Date.parse((await venue.order(waiting.id)).due_at ?? "");
  await expect.poll(late).toBeGreaterThan(1_500);
  const quote = JSON.stringify({ bid: "1.0400", ask: "1.0401" });
  await fetch(`${venue.origin}/market/EURUSD`, { method: "PUT", body: quote });
  await venue.becomes(waiting.id, "filled");
  await place(venue, 1, 0);
  await says(card(dashboard, "Lateness"), /Points of 5 s [\d.]+ (µs|ms) p50/);
  await place(venue, 1, 0);
  await venue.freeze();
  await passes(800);
  venue.thaw();
  await says(card(dashboard, "Lateness"), /▲ [3-9]\d\d ms late p50/);
});

test("two delays that an order does not tell apart are a mixture, and called so", async () => {
  const venue = await startVenue("--delay", "100ms..600ms", "--long-delay", "300ms..1s");
  const delay = card(await openPulse(venue), "Execution delay");
  await place(venue, 4, 4);
  await says(delay, /long pending: 300 ms to 1 s, evenly .*expected of both .*The two delays overlap/);
});

test.each([
  ["1h", /Configured: every order waits 60 min/],
  ["none", /Configured: no delay/],
])("a delay of %s reads right, and the page knows itself among the subscribers", async (delay, words) => {
  const venue = await startVenue("--delay", delay);
  const dashboard = await openPulse(venue);
  await says(card(dashboard, "Execution delay"), words);
  await says(card(dashboard, "Subscribers"), /1, this page/);
  expect(await dashboard.page.locator(".pulse-room").innerText()).not.toMatch(/drawn from|always/);
});

test("a route delay is told first of all, and is in what this page's requests took", async () => {
  const venue = await startVenue("--route-delay", "300ms");
  const dashboard = await openPulse(venue);
  await says(card(dashboard, "Venue"), /▲ Every request waits 300 ms first: --route-delay/);
  await dashboard.page.goto(`${venue.origin}/#/orders`);
  await dashboard.symbol.fill("EURUSD");
  await dashboard.quantity.fill("7");
  await dashboard.quantity.press("Enter");
  await dashboard.countsBecome({ EXECUTED: 1 });
  await dashboard.page.goto(`${venue.origin}/#/pulse`);
  const latency = card(dashboard, "Latency, as this page sees it");
  // Of the page, and beside it what the venue counted.
  await says(latency, /GET \/metrics ×\d+ (\d{3} ms|[\d.]+ s) (\d{3} ms|[\d.]+ s) (\d{3} ms|[\d.]+ s) \d{3} ms/);
  await says(latency, /POST \/orders ×1 (\d{3} ms|[\d.]+ s)/);
  await says(latency, /order → its WebSocket frame ×1 (\d{3} ms|[\d.]+ s)/);
  await says(latency, /▲ [\d.,]+ (ms|s) slowed/);
});

test("what the venue tells of itself stands on its card, and what is amiss is marked by shape and word", async () => {
  const venue = await startVenue("--seed", "42");
  const dashboard = await openPulse(venue, {
    before: async (page) => {
      await page.route(/\/metrics$/, async (route) => {
        const reply = await route.fetch();
        const labels = 'durable="true",seed="42",history="100000",max_orders="1000000",retain="30d",rejects="500"';
        const told = (await reply.text())
          .replace(/durable="[a-z]+"(,(seed|history|mailbox|max_orders|retain|retain_orders|rejects)="[^"]*")*/, labels)
          .replaceAll(/^tradepit_(start_time|store_bytes|store_free|subscriber_backlog).*$/gm, "");
        const more = [
          `tradepit_start_time_seconds ${Date.now() / 1000 - 7_500}`,
          "tradepit_store_bytes 5242880",
          "tradepit_store_free_bytes 943718400",
          'tradepit_subscriber_backlog_bytes{subscriber="7"} 409600',
        ];
        await route.fulfill({ response: reply, body: `${more.join("\n")}\n${told}` });
      });
    },
  });
  const itself = card(dashboard, "Venue");
  await says(itself, /2 h 0[45] min up .*in a data folder .*Seed 42 History 100,000 changes Orders at most 1,000,000/);
  await says(
    itself,
    /Closed orders kept for 30d Rejects kept 500 Data folder 5\.00 MiB Free on its disk ▲ 900 MiB low/,
  );
  await says(card(dashboard, "Subscribers"), /Furthest behind ▲ 400 KiB of 768 KiB half full/);
});

test("the span of the plots is a choice that the address keeps", async () => {
  const venue = await startVenue("--delay", "none");
  const dashboard = await openPulse(venue, { expects: RELOADED });
  const { page } = dashboard;
  await place(venue, 3, 0);
  const spoken = (span: string) => Promise.all(PLOTS.map((name) => label(dashboard, name, span)));
  await spoken("the last five minutes");
  await page.getByText("1 h", { exact: true }).click();
  await spoken("the last hour");
  expect(page.url()).toContain("#/pulse?range=1h");
  await page.reload();
  await spoken("the last hour");
  await page.goBack();
  await spoken("the last five minutes");
  await page.goto(`${venue.origin}/#/pulse?range=start`);
  await spoken("the last (two minutes|minute)");
});

async function label({ page }: Dashboard, name: string, words: string): Promise<void> {
  await page.getByRole("img", { name: new RegExp(`^${name} over ${words}[.,]`) }).waitFor();
}

test("while the venue hangs, figures say of when they are; after it there is a gap", async () => {
  const venue = await startVenue("--delay", "none");
  const dashboard = await openPulse(venue, { expects: HUNG });
  const { page } = dashboard;
  await dashboard.is("live");
  await place(venue, 3, 0);
  await says(card(dashboard, "Order book"), /Orders in memory 3/);
  await venue.freeze();
  for (const name of ["Venue", "Subscribers", "Order book", "Requests"])
    await says(card(dashboard, name), /as of \d\d:\d\d:\d\d UTC/);
  // All of them are of then.
  await expect.poll(() => page.locator(".pulse-card:not([data-stale])").count()).toBe(0);
  await page.locator(".venue-clock").click();
  await says(card(dashboard, "Venue"), /as of \d\d:\d\d:\d\d [+−]\d\d:\d\d/);
  venue.thaw();
  await dashboard.is("live");
  await expect.poll(() => page.locator(".pulse-card[data-stale]").count()).toBe(0);
  await place(venue, 3, 0);
  await page.getByRole("img", { name: /A gap is where the venue was not heard/ }).waitFor();
});

test("a venue that was never heard is said to be so", async () => {
  const venue = await startVenue();
  const { page } = await openPulse(venue, {
    expects: /./,
    before: async (page) => {
      await page.route(/\/(metrics|health|orders|rejects)/, (route) => route.abort());
      await page.routeWebSocket(/\/ws/, (socket) => socket.close());
    },
  });
  await page.getByText("was not heard since this page was opened").waitFor();
  expect(await page.locator(".pulse-grid").count()).toBe(0);
});

test("plots follow another set of colours, and the machine's own; lines are dashed there", async () => {
  const venue = await startVenue("--delay", "none");
  const dashboard = await openPulse(venue);
  const { page } = dashboard;
  await place(venue, 3, 0);
  const canvas = card(dashboard, "Orders per second").locator("canvas");
  await canvas.waitFor();
  const anew = async (change: () => Promise<unknown>) => {
    await canvas.evaluate((canvas) => canvas.setAttribute("data-old", ""));
    await change();
    await expect.poll(() => canvas.getAttribute("data-old")).toBeNull();
  };
  const dash = () =>
    page
      .locator(".pulse-mark-executed")
      .evaluate((mark) => getComputedStyle(mark).getPropertyValue("border-top-style"));
  expect(await dash()).toBe("solid");
  await anew(() => page.getByRole("button", { name: /^Colours/ }).click());
  expect(await dash()).toBe("dashed");
  await page.getByRole("button", { name: /^Colours/ }).click();
  expect(await dash()).toBe("solid");
  await anew(() => page.emulateMedia({ forcedColors: "active" }));
  expect(await dash()).toBe("dashed");
});

test("a wide screen has four cards beside each other, a narrow one has one, a low one lower plots", async () => {
  const venue = await startVenue("--delay", "none");
  const dashboard = await openPulse(venue, { width: 2560, height: 1300 });
  const { page } = dashboard;
  await place(venue, 3, 0);
  const plot = card(dashboard, "Orders per second").locator(".plot");
  await plot.waitFor();
  const lefts = () =>
    page
      .locator(".pulse-card")
      .evaluateAll((cards) => cards.map((card) => Math.round(card.getBoundingClientRect().left)));
  expect(new Set((await lefts()).slice(0, 4)).size).toBe(4);
  await page.setViewportSize({ width: 400, height: 820 });
  await expect.poll(async () => new Set(await lefts()).size).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  const high = await plot.evaluate((plot) => plot.clientHeight);
  await page.setViewportSize({ width: 1440, height: 560 });
  await expect.poll(() => plot.evaluate((plot) => plot.clientHeight)).toBeLessThan(high * 0.75);
});

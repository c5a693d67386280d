// A venue's clock on the page: told where it is not real, turned by the reader, and followed where others turn it.

import { expect, test } from "vitest";
import type { SchemaClock, SchemaOrder } from "../../src/api/schema";
import { useBrowser, visit } from "./support/browser";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();

/** Monday, when New York opens. */
const START = "2026-01-05T14:30:00Z";
const AT = "#/orders?venue=ci-42";

async function withVenue(clock: object, delay = "250ms"): Promise<Venue> {
  const server = await startVenue();
  await server.post("/venues", { name: "ci-42", seed: 42, delay, market: "frozen", hours: "nyse", clock });
  return server;
}

const place = (server: Venue) => server.post<SchemaOrder>("/venues/ci-42/orders", { stoks: "EURUSD", quantity: 7 });

test("a real clock takes no room: a word says that it is real", async () => {
  const server = await startVenue();
  const { page, clockBar } = await visit(browser(), server.origin);
  await expect.poll(() => page.locator(".venue-clock-zone").textContent()).toBe("UTC real");
  expect(await clockBar.count()).toBe(0);
  await page.keyboard.press("t");
  await page.keyboard.press("d");
  expect((await server.get<SchemaClock>("/clock")).mode).toBe("real");
});

test("a frozen clock shows its own time, and goes on as far as the reader lets it", async () => {
  const server = await withVenue({ start: START });
  const { id } = await place(server);
  const dashboard = await visit(browser(), server.origin, { at: AT });
  const { clockBar, page } = dashboard;
  const told = () => clockBar.textContent();
  await expect.poll(told).toContain("Frozen 2026-01-05 14:30:00 UTC");
  expect(await told()).toContain("Next: in 250 ms.");
  expect(await told()).toContain("Equities close at 21:00:00.");
  expect(await page.locator(".venue-clock-time").textContent()).toBe("14:30:00");
  await dashboard.shows(id, "PENDING");

  await clockBar.getByRole("button", { name: "Advance to what happens next" }).click();
  await dashboard.shows(id, "EXECUTED");
  await clockBar.getByRole("status").getByText("2 changes").waitFor();
  await expect.poll(told).toContain("Nothing is to come by itself.");

  for (const [name, time] of [
    ["a minute", "2026-01-05 14:31:00"],
    ["an hour", "2026-01-05 15:31:00"],
    ["a day", "2026-01-06 15:31:00"],
  ]) {
    await clockBar.getByRole("button", { name: `Advance by ${name}` }).click();
    await expect.poll(told).toContain(`${time} UTC`);
  }
  expect((await server.get<SchemaClock>("/venues/ci-42/clock")).now).toBe("2026-01-06T15:31:00.250000Z");
  // What the page takes for today is the venue's day.
  expect(await dashboard.row(id).locator(".time").textContent()).toMatch(/^01-05 14:30:00/);
});

test("keys and commands turn it, and it runs and stands still again", async () => {
  const server = await withVenue({ start: START });
  const dashboard = await visit(browser(), server.origin, { at: AT });
  const { clockBar, page } = dashboard;
  const told = () => clockBar.textContent();
  await expect.poll(told).toContain("14:30:00");
  await page.keyboard.press("t");
  await page.keyboard.press("h");
  await expect.poll(told).toContain("2026-01-05 15:30:00");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("advance day");
  await page.keyboard.press("Enter");
  await expect.poll(told).toContain("2026-01-06 15:30:00");

  await clockBar.getByLabel("How fast it runs").selectOption("60");
  await expect.poll(told).toContain("Runs × 60");
  await expect.poll(told).toMatch(/2026-01-06 15:3[1-9]/);
  await page.keyboard.press("t");
  await page.keyboard.press("f");
  await expect.poll(told).toContain("Frozen");
  const { now, mode } = await server.get<SchemaClock>("/venues/ci-42/clock");
  expect(mode).toBe("frozen");
  await expect.poll(told).toContain(now.slice(0, 19).replace("T", " "));
});

test("a clock that others turn is followed, and rates are of its own time", async () => {
  const server = await withVenue({ start: START }, "10s");
  const dashboard = await visit(browser(), server.origin, { at: AT });
  await expect.poll(() => dashboard.clockBar.textContent()).toContain("14:30:00");
  for (let times = 0; times < 30; times += 1) {
    await place(server);
    await server.post("/venues/ci-42/clock/advance", { by: "1s" });
  }
  await expect.poll(() => dashboard.clockBar.textContent()).toContain("14:30:30");
  await dashboard.countsBecome({ PENDING: 9, EXECUTED: 21 });
  // One a second, by the venue's clock, in however little time that was done.
  await expect.poll(() => dashboard.page.locator(".status-figures").textContent()).toMatch(/orders\/s\s*1\b/);
});

test("the bar of a pending order stands as far as its time has come", async () => {
  const server = await withVenue({ start: START }, "10s");
  const { id } = await place(server);
  await server.post("/venues/ci-42/clock/advance", { by: "4s" });
  const dashboard = await visit(browser(), server.origin, { at: AT });
  const scale = () =>
    dashboard
      .row(id)
      .locator(".wait")
      .evaluate((bar) => new DOMMatrix(getComputedStyle(bar).transform).a.toFixed(2));
  await expect.poll(scale).toBe("0.40");
  await server.post("/venues/ci-42/clock/advance", { by: "2s" });
  await expect.poll(scale).toBe("0.60");
});

test("what the venue refuses to do to its clock is told", async () => {
  const server = await withVenue({ start: "9999-12-31T23:00:00Z" });
  const { clockBar } = await visit(browser(), server.origin, { at: AT, expects: /status of 422/ });
  await clockBar.getByRole("button", { name: "Advance by a day" }).click();
  await clockBar.getByRole("status").getByText("A clock goes no further than the year 9999").waitFor();
});

for (const width of [400, 1_440])
  test(`the clock is in reach in a window of ${width} px`, async () => {
    const server = await withVenue({ start: START });
    const { clockBar, page } = await visit(browser(), server.origin, { at: AT, width });
    await clockBar.waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide).toBe(false);
    for (const button of await clockBar.getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(box !== null && box.x >= 0 && box.x + box.width <= width).toBe(true);
    }
  });

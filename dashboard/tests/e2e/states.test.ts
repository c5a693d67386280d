// What says how things are survives where the page's colours do not; and what is seen is copied and called as it is.

import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

for (const theme of ["light", "dark"] as const)
  test(`chosen row, filter, room, switch and connection are told apart in forced colours, ${theme}`, async () => {
    const venue = await startVenue("--delay", "none", "--long-delay", "1h");
    const { id } = await venue.place({ longPending: true });
    await burst(venue.origin, 5);
    const dashboard = await visit(browser(), venue.origin, { theme, forcedColors: true });
    const { page } = dashboard;
    await dashboard.countsBecome({ PENDING: 1, EXECUTED: 5 });
    await dashboard.row(id).click();
    const other = dashboard.rows.and(page.locator(`:not([data-id="${id}"])`)).first();
    await differ(dashboard.row(id), other, "backgroundColor");
    const mark = (row: Locator) => row.locator(".status-mark");
    await differ(mark(dashboard.row(id)), mark(other), "backgroundColor");
    const segment = (status: string) => page.locator(`.segment[data-status="${status}"]`);
    await differ(segment("ALL"), segment("PENDING"), "backgroundColor");
    const rooms = page.getByRole("navigation", { name: "Rooms" });
    await differ(rooms.getByText("Orders"), rooms.getByText("Pulse"), "borderBottomColor");
    const pause = page.getByRole("button", { name: "Pause" });
    const running = await look(pause, "backgroundColor");
    await page.keyboard.press("p");
    expect(await look(page.getByRole("button", { name: "Resume" }), "backgroundColor")).not.toBe(running);
    const live = await look(page.locator(".connection-mark"), "backgroundColor");
    expect(live).not.toMatch(/rgba\(.*, 0\)/);
  });

test("rows that are selected are copied from top to bottom, and a button copies all that are shown", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 30);
  const { context, dashboard } = await withClipboard(venue.origin);
  await dashboard.countsBecome({ EXECUTED: 30 });
  const newestFirst = (await venue.orders()).map(({ id }) => id).reverse();
  const selected = await dashboard.grid.evaluate((grid) => {
    getSelection()?.selectAllChildren(grid);
    const data = new DataTransfer();
    grid.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData("text/plain");
  });
  const drawn = await dashboard.drawn();
  const ids = selected.split("\n").flatMap((line) => line.match(/[0-9a-f]{8}$/)?.[0] ?? []);
  expect(ids).toEqual(drawn.map((id) => id.slice(0, 8)));
  await dashboard.page.getByRole("button", { name: "Copy rows" }).click();
  const copied = () => dashboard.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(async () => (await copied()).split("\n").length).toBe(32);
  expect((await copied()).split("\n").slice(1, 31)).toEqual(newestFirst.map((id) => expect.stringContaining(id)));
  await context.clearPermissions();
});

test("the window's title tells the order in sight, and first that the venue is away", async () => {
  const venue = await startVenue("--delay", "none");
  const { id } = await venue.place({ stoks: "AAPL", quantity: 1_200 });
  const dashboard = await visit(browser(), venue.origin, { expects: /ERR_|WebSocket|status of 503/ });
  const title = expect.poll(() => dashboard.page.title());
  await title.toBe("Orders – Tradepit");
  await dashboard.row(id).click();
  await title.toBe("AAPL 1,200 executed – Tradepit");
  await venue.kill();
  await title.toBe("✕ AAPL 1,200 executed – Tradepit");
});

async function withClipboard(origin: string) {
  const dashboard = await visit(browser(), origin);
  const context = dashboard.page.context();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  return { context, dashboard };
}

type Look = "backgroundColor" | "borderBottomColor";

function look(of: Locator, what: Look): Promise<string> {
  return of.evaluate((element, what) => getComputedStyle(element)[what], what);
}

async function differ(one: Locator, other: Locator, what: Look): Promise<void> {
  await expect.poll(async () => (await look(one, what)) !== (await look(other, what))).toBe(true);
}

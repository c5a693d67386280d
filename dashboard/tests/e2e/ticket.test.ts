// The ticket, the keys, and the cancelling of orders.

import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { startVenue } from "./support/venue";

const browser = useBrowser();
/** Chromium tells of each refusal on the console. */
const REFUSALS = /status of 422/;

test("an order placed by keyboard alone is pending, then executed, and its outcome links to its story", async () => {
  const venue = await startVenue("--delay", "700ms");
  const dashboard = await visit(browser(), venue.origin);
  const { keyboard } = dashboard.page;
  await dashboard.is("live");
  await keyboard.press("n");
  await keyboard.type("BTC-USD");
  await keyboard.press("Tab");
  await keyboard.type("42");
  await keyboard.press("Enter");
  await dashboard.grid.locator('[data-id][data-status="PENDING"]').waitFor();
  const [id = ""] = await dashboard.drawn();
  await dashboard.shows(id, "EXECUTED");
  expect(await venue.order(id)).toMatchObject({ stoks: "BTC-USD", quantity: 42, status: "EXECUTED" });
  await dashboard.outcome.getByRole("link").click();
  await dashboard.story.getByText(id).waitFor();
});

const FAULTS = [
  { of: "a bad symbol", symbol: "EUR USD", quantity: "1", at: "symbol" },
  { of: "no symbol", symbol: "", quantity: "1", at: "symbol" },
  { of: "quantity 0", symbol: "EURUSD", quantity: "0", at: "quantity" },
  { of: "quantity 1.5", symbol: "EURUSD", quantity: "1.5", at: "quantity" },
  { of: "no quantity", symbol: "EURUSD", quantity: "", at: "quantity" },
] as const;

for (const fault of FAULTS)
  test(`${fault.of} is refused at its field, which says why and has the focus`, () => isRefused(fault));

async function isRefused({ symbol, quantity, at }: (typeof FAULTS)[number]): Promise<void> {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, { expects: REFUSALS });
  await fill(dashboard, symbol, quantity);
  const [wrong, right] =
    at === "symbol" ? [dashboard.symbol, dashboard.quantity] : [dashboard.quantity, dashboard.symbol];
  await expect.poll(() => wrong.getAttribute("aria-invalid")).toBe("true");
  expect(await description(wrong)).toMatch(/\w+ \w+/);
  expect(await wrong.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await right.getAttribute("aria-invalid")).toBe("false");
  expect(await venue.orders()).toEqual([]);
}

test("two faults stand at their two fields, and go when the order is put right", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, { expects: REFUSALS });
  await fill(dashboard, "EUR USD", "0");
  for (const field of [dashboard.symbol, dashboard.quantity])
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  await fill(dashboard, "EURUSD", "5");
  await dashboard.outcome.getByText("Placed EURUSD 5").waitFor();
  for (const field of [dashboard.symbol, dashboard.quantity]) {
    expect(await field.getAttribute("aria-invalid")).toBe("false");
    expect(await field.getAttribute("aria-describedby")).toBeNull();
  }
});

test("a long pending order placed with the ticket is cancelled in time with its row's button", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.long.check();
  await fill(dashboard, "AAPL", "7");
  await dashboard.page.getByRole("button", { name: "Cancel AAPL 7" }).click();
  await dashboard.grid.locator('[data-id][data-status="CANCELLED"]').waitFor();
  const [order] = await venue.orders();
  expect(order).toMatchObject({ stoks: "AAPL", status: "CANCELLED" });
});

test("the chosen row's order is cancelled with the key x, and no other", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const [older, newer] = [await venue.place({ longPending: true }), await venue.place({ longPending: true })];
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.shows(older.id, "PENDING");
  await dashboard.grid.focus();
  await dashboard.grid.press("ArrowDown");
  await dashboard.grid.press("ArrowDown");
  await dashboard.page.keyboard.press("x");
  await dashboard.shows(older.id, "CANCELLED");
  await dashboard.shows(newer.id, "PENDING");
  expect(await venue.counts()).toEqual({ PENDING: 1, EXECUTED: 0, CANCELLED: 1 });
});

test("cancelling all that are shown cancels those that the filter shows, and only those", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const symbols = ["AAPL", "MSFT", "AAPL", "MSFT", "AAPL"];
  await Promise.all(symbols.map((stoks) => venue.place({ stoks, longPending: true })));
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ PENDING: 5 });
  await dashboard.symbolFilter.fill("aap");
  await dashboard.cancelShown.click();
  await dashboard.question.getByRole("button", { name: "Keep them" }).click();
  expect(await venue.counts()).toEqual({ PENDING: 5, EXECUTED: 0, CANCELLED: 0 });
  await dashboard.cancelAllShown();
  await dashboard.countsBecome({ PENDING: 0, CANCELLED: 3 });
  const left = (await venue.orders()).filter(({ status }) => status === "PENDING");
  expect(left.map(({ stoks }) => stoks)).toEqual(["MSFT", "MSFT"]);
});

test("a question mark opens the help, Escape closes it, and a slash leads to the search", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin);
  const { keyboard } = dashboard.page;
  await dashboard.is("live");
  await keyboard.press("?");
  await dashboard.help.waitFor();
  await keyboard.press("Escape");
  await dashboard.help.waitFor({ state: "hidden" });
  await keyboard.press("/");
  expect(await dashboard.search.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await dashboard.search.inputValue()).toBe("");
});

async function fill(dashboard: Dashboard, symbol: string, quantity: string): Promise<void> {
  await dashboard.symbol.fill(symbol);
  await dashboard.quantity.fill(quantity);
  await dashboard.quantity.press("Enter");
}

/** What is said of a field to those who cannot see it. */
function description(field: Locator): Promise<string> {
  return field.evaluate(
    (field) => document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent ?? "",
  );
}

// Orders of every kind on the page: placed with the ticket, shown in the list and in the story as REST tells them, amended
// and replaced.

import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import type { SchemaOrder, SchemaShownOrder } from "../../src/api/schema";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();
const REFUSALS = /status of 422|status of 403/;
/** Prices stand still at their references: 1.08499 and 1.08501. */
const STILL = ["--market", "frozen", "--delay", "none"] as const;

interface Typed {
  readonly type?: string;
  readonly side?: "Buy" | "Sell";
  readonly quantity?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly choices?: Readonly<Record<string, string>>;
  readonly money?: boolean;
}

const KINDS: readonly (readonly [what: string, typed: Typed, order: Partial<SchemaOrder>])[] = [
  ["a market order to sell", { side: "Sell" }, { side: "sell", type: "market", qty: "100" }],
  ["a sum of money", { quantity: "250", money: true }, { type: "market", notional: "250" }],
  [
    "a limit order for the day",
    { type: "limit", fields: { "Limit price": "1.08" }, choices: { "In force": "day" } },
    { type: "limit", limit_price: "1.08000", time_in_force: "day" },
  ],
  ["a stop order", { type: "stop", fields: { "Stop price": "1.09" } }, { type: "stop", stop_price: "1.09000" }],
  [
    "a stop limit order",
    { type: "stop_limit", fields: { "Stop price": "1.09", "Limit price": "1.091" } },
    { type: "stop_limit", stop_price: "1.09000", limit_price: "1.09100" },
  ],
  [
    "a trailing stop",
    { type: "trailing_stop", side: "Sell", fields: { "Trails by": "0.5" } },
    { type: "trailing_stop", trail_percent: "0.5" },
  ],
];

for (const [what, typed, order] of KINDS)
  test(`the ticket places ${what}`, async () => {
    const venue = await startVenue(...STILL);
    const dashboard = await visit(browser(), venue.origin);
    await dashboard.is("live");
    await fill(dashboard, typed);
    await dashboard.place.click();
    await dashboard.outcome.getByText("Placed").waitFor();
    const [placed] = await venue.orders();
    expect(placed).toMatchObject(order);
  });

test("the ticket places a bracket, whose legs are in the list, each with its own price", async () => {
  const venue = await startVenue(...STILL);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.is("live");
  await dashboard.page.getByText("Account, and what follows it").click();
  const legs = { "Take profit at": "1.10", "Stop loss at": "1.05" };
  await fill(dashboard, { choices: { "Followed by": "bracket" }, fields: legs });
  await dashboard.place.click();
  await dashboard.countsBecome({ PENDING: 2, EXECUTED: 1 });
  const [parent, profit, loss] = await venue.orders();
  expect([parent?.legs, profit?.limit_price, loss?.stop_price]).toEqual([[profit?.id, loss?.id], "1.10000", "1.05000"]);
  for (const leg of [profit, loss])
    await dashboard
      .row(leg?.id ?? "")
      .getByText(leg?.limit_price ?? leg?.stop_price ?? "")
      .waitFor();
});

test("what is wrong with prices stands at their fields, and what is wrong with the account is said", async () => {
  const venue = await startVenue(...STILL);
  await venue.post("/accounts", { id: "poor", cash: { USD: "1" } });
  const dashboard = await visit(browser(), venue.origin, { expects: REFUSALS });
  await dashboard.is("live");
  await fill(dashboard, { type: "limit", fields: { "Limit price": "1.0800001" } });
  await dashboard.place.click();
  const price = dashboard.page.getByLabel("Limit price");
  await expect.poll(() => price.getAttribute("aria-invalid")).toBe("true");
  expect(await description(price)).toContain("tick");
  await price.fill("1.08");
  await dashboard.page.getByText("Account, and what follows it").click();
  await dashboard.page.getByLabel("Account").fill("poor");
  await dashboard.place.click();
  await dashboard.outcome.getByText("buying power").waitFor();
  expect(await venue.orders()).toEqual([]);
});

test("the list tells side, type, price and how far an order is filled, as REST does", async () => {
  const venue = await startVenue(...STILL);
  const rest = await venue.post("/orders", limit("sell", "300", "1.08600"));
  await venue.becomes(rest.id, "new");
  const dashboard = await visit(browser(), venue.origin);
  const row = dashboard.row(rest.id);
  for (const text of ["Working", "Sell", "Limit", "1.08600"]) await row.getByText(text, { exact: true }).waitFor();
  // Of the same venue: a client comes and takes a part of it.
  await venue.post("/accounts", { id: "taker" });
  await quote(venue, "1.08700", "1.08701");
  const filled = await venue.becomes(rest.id, "filled");
  await row.getByText("Executed").waitFor();
  await row.getByText(filled.average_price ?? "", { exact: true }).waitFor();
  expect(await row.locator(".filled").textContent()).toBe("300");
});

test("an order that was there before the page, beyond the newest, has its terms once it is in sight", async () => {
  const venue = await startVenue(...STILL);
  const first = await venue.post("/orders", { symbol: "AAPL", qty: "1.5", side: "sell" });
  for (let at = 0; at < 260; at++) await venue.post("/orders", { symbol: "EURUSD", quantity: 1 });
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 261 });
  await dashboard.grid.evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
  await dashboard.row(first.id).getByText("Sell", { exact: true }).waitFor();
  await dashboard.row(first.id).locator(".quantity").getByText("1.5", { exact: true }).waitFor();
});

test("an order is amended from its row; its story tells the fills that come of it, as REST does", async () => {
  const venue = await startVenue(...STILL);
  const { id } = await venue.post("/orders", limit("sell", "300", "1.08600"));
  await venue.becomes(id, "new");
  const dashboard = await visit(browser(), venue.origin);
  await dashboard
    .row(id)
    .getByRole("button", { name: /^Amend/ })
    .click();
  const form = dashboard.page.getByRole("form", { name: "Amend the order" });
  await form.getByLabel("Limit price").fill("1.08000");
  await form.getByRole("button", { name: "Amend" }).click();
  await dashboard.story.getByRole("table", { name: "Fills" }).waitFor();
  const { fills = [] } = (await venue.becomes(id, "filled")) as SchemaShownOrder;
  expect(fills.length).toBeGreaterThan(0);
  const cells = dashboard.story.getByRole("table", { name: "Fills" }).locator("tbody tr");
  await expect
    .poll(async () => (await cells.allInnerTexts()).map((row) => row.split("\t").slice(1, 3)))
    .toEqual(fills.map(({ price, qty }) => [price, qty]));
});

test("an order is replaced, and its story leads to the one in its place", async () => {
  const venue = await startVenue(...STILL);
  const { id } = await venue.post("/orders", limit("buy", "300", "1.08000"));
  await venue.becomes(id, "new");
  const dashboard = await visit(browser(), venue.origin, { at: `#/orders?order=${id}`, expects: REFUSALS });
  await dashboard.story.getByText("Amend or replace").click();
  const form = dashboard.page.getByRole("form", { name: "Amend the order" });
  await form.getByLabel("Quantity").fill("x");
  await form.getByRole("button", { name: "Replace" }).click();
  await expect.poll(() => form.getByLabel("Quantity").getAttribute("aria-invalid")).toBe("true");
  await form.getByLabel("Quantity").fill("200");
  await form.getByRole("button", { name: "Replace" }).click();
  await dashboard.story.getByText("Replaced by").waitFor();
  const [old, other] = await venue.orders();
  expect([old?.state, old?.replaced_by, other?.qty]).toEqual(["replaced", other?.id, "200"]);
  await dashboard.row(id).getByText("Replaced").waitFor();
  await dashboard.story.getByRole("link", { name: other?.id.slice(0, 8) ?? "" }).click();
  await dashboard.story.getByText(other?.id ?? "").waitFor();
});

function limit(side: "buy" | "sell", qty: string, limit_price: string) {
  return { symbol: "EURUSD", side, type: "limit", qty, limit_price };
}

async function quote(venue: Venue, bid: string, ask: string): Promise<void> {
  await fetch(`${venue.origin}/market/EURUSD`, { method: "PUT", body: JSON.stringify({ bid, ask }) });
}

async function fill({ page, quantity }: Dashboard, typed: Typed): Promise<void> {
  if (typed.side !== undefined) await page.locator(".side", { hasText: typed.side }).click();
  if (typed.type !== undefined) await page.getByLabel("Type").selectOption(typed.type);
  if (typed.money) await page.getByRole("button", { name: "units" }).click();
  for (const [label, value] of Object.entries(typed.choices ?? {})) await page.getByLabel(label).selectOption(value);
  for (const [label, value] of Object.entries(typed.fields ?? {})) await page.getByLabel(label).fill(value);
  if (typed.quantity !== undefined) await (typed.money ? page.getByLabel("Amount") : quantity).fill(typed.quantity);
}

/** What is said of a field to those who cannot see it. */
function description(field: Locator): Promise<string> {
  return field.evaluate(
    (field) => document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent ?? "",
  );
}

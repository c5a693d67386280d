// The room of accounts: what it shows is what REST tells, and what is done in it is done.

import { expect, test } from "vitest";
import type { SchemaAccount, SchemaPosition } from "../../src/api/schema";
import { gain, grouped, money } from "../../src/model/decimal";
import { useBrowser, visit } from "./support/browser";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();
const REFUSALS = /status of 422|status of 403|status of 409/;

/** An account that made money with one symbol, lost some with another, and holds some: prices are set by hand. */
async function startTraded(): Promise<Venue> {
  const venue = await startVenue("--market", "frozen", "--delay", "none");
  await venue.post("/accounts", { id: "alice", leverage: "4" });
  await quote(venue, "AAPL", "100.00", "100.01");
  await quote(venue, "MSFT", "200.00", "200.01");
  await trade(venue, { symbol: "AAPL", qty: "10.5", side: "buy" });
  await trade(venue, { symbol: "MSFT", qty: "5", side: "sell" });
  await quote(venue, "AAPL", "110.00", "110.01");
  await quote(venue, "MSFT", "210.00", "210.01");
  await trade(venue, { symbol: "AAPL", qty: "4", side: "sell" });
  return venue;
}

test("balances, equity, positions and profit by symbol are those of REST", async () => {
  const venue = await startTraded();
  const { page } = await visit(browser(), venue.origin, { at: "#/accounts/alice" });
  const account = await venue.get<SchemaAccount>("/accounts/alice");
  const summary = page.getByRole("region", { name: "Summary" });
  const told = {
    Equity: money(account.equity),
    Unrealized: gain(account.unrealized),
    Realized: gain(account.realized),
    Exposure: money(account.exposure),
    "Buying power": money(account.buying_power),
  };
  for (const [name, text] of Object.entries(told))
    await expect.poll(() => summary.locator("div", { hasText: name }).last().locator("dd").textContent()).toBe(text);
  await summary.getByText(grouped(account.balances.USD?.total ?? "")).waitFor();
  const positions = await venue.get<SchemaPosition[]>("/accounts/alice/positions");
  expect(positions.length).toBe(2);
  for (const { symbol, qty, mark, unrealized, realized } of positions) {
    const cells = await page.locator(`tr[data-symbol="${symbol}"] :is(td, th)`).allInnerTexts();
    expect(cells.slice(0, 2)).toEqual([symbol, grouped(qty).replace("-", "−")]);
    expect(cells.slice(3, 4)).toEqual([mark]);
    expect(cells.slice(5, 7)).toEqual([gain(unrealized), gain(realized)]);
  }
  // All that the symbols brought is what the account has more than was put in.
  const amounts = page.getByRole("region", { name: "Profit by symbol" }).locator(".profit-amount");
  await expect
    .poll(async () => (await amounts.allInnerTexts()).reduce((sum, text) => sum + amount(text), 0))
    .toBeCloseTo(Number(account.equity) - 100_000, 2);
});

test("an account's open orders are listed, cancelled from their row, and lead to their story", async () => {
  const venue = await startTraded();
  const rests = { symbol: "AAPL", side: "buy", type: "limit", qty: "3", limit_price: "90", account: "alice" };
  const { id } = await venue.post("/orders", rests);
  await venue.post("/orders", { ...rests, account: "default" });
  await venue.becomes(id, "new");
  const dashboard = await visit(browser(), venue.origin, { at: "#/accounts/alice" });
  const rows = dashboard.page.getByRole("region", { name: "Open orders" }).locator("tbody tr");
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.first().innerText()).toMatch(/Working\s+Buy AAPL limit\s+3\s+90\.00/);
  await rows
    .first()
    .getByRole("button", { name: /^Cancel/ })
    .click();
  await venue.becomes(id, "canceled");
  await expect.poll(() => rows.count()).toBe(0);
});

test("a position is closed after a question, and money is moved in", async () => {
  const venue = await startTraded();
  const { page } = await visit(browser(), venue.origin, { at: "#/accounts/alice", expects: REFUSALS });
  await page.getByRole("button", { name: "Close AAPL" }).click();
  await page.getByRole("button", { name: "Close it" }).click();
  await expect.poll(() => page.locator("tr[data-symbol]").count()).toBe(1);
  expect((await venue.get<SchemaPosition[]>("/accounts/alice/positions")).map(({ symbol }) => symbol)).toEqual([
    "MSFT",
  ]);
  const form = page.getByRole("form", { name: "Transfer money" });
  await form.getByLabel("Amount").fill("-1e9");
  await form.getByRole("button", { name: "Transfer" }).click();
  await form.locator(".fault").first().waitFor();
  await form.getByLabel("Amount").fill("250.5");
  await form.getByRole("button", { name: "Transfer" }).click();
  await page.getByRole("table", { name: "Activities" }).getByText("+250.50").waitFor();
});

test("an account is opened, what is wrong with it stands at its field, and its address is its own", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, { expects: REFUSALS });
  await dashboard.page.keyboard.press("g");
  await dashboard.page.keyboard.press("a");
  const { page } = dashboard;
  await page.getByRole("button", { name: "Open an account" }).click();
  const form = page.getByRole("form", { name: "Open an account" });
  await form.getByLabel("Name").fill("bob");
  await form.getByLabel("Leverage").fill("1000");
  await form.getByRole("button", { name: "Open account" }).click();
  await expect.poll(() => form.getByLabel("Leverage").getAttribute("aria-invalid")).toBe("true");
  await form.getByLabel("Leverage").fill("3");
  await form.getByRole("button", { name: "Open account" }).click();
  await page.getByRole("region", { name: "Summary" }).getByText("margin, 3 ×").waitFor();
  expect(await venue.get("/accounts/bob")).toMatchObject({ leverage: "3", cash: { USD: "100000" } });
  expect(new URL(page.url()).hash).toBe("#/accounts/bob");
});

test("what an account was worth is drawn, and told in a sentence", async () => {
  const venue = await startTraded();
  const { page } = await visit(browser(), venue.origin, { at: "#/accounts/alice" });
  const { equity } = await venue.get<SchemaAccount>("/accounts/alice");
  const plot = page.getByRole("region", { name: "Equity over time" }).getByRole("img");
  await expect.poll(() => plot.getAttribute("aria-label")).toContain(`now ${money(equity)}`);
});

async function quote(venue: Venue, symbol: string, bid: string, ask: string): Promise<void> {
  const reply = await fetch(`${venue.origin}/market/${symbol}`, { method: "PUT", body: JSON.stringify({ bid, ask }) });
  expect(reply.status).toBe(200);
}

async function trade(venue: Venue, order: Readonly<Record<string, string>>): Promise<void> {
  const { id } = await venue.post("/orders", { ...order, account: "alice" });
  await venue.becomes(id, "filled");
}

/** An amount as the page writes it. */
function amount(text: string): number {
  return Number(text.replace("−", "-").replace(/[^\d.-]/g, ""));
}

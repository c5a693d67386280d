// The room of the market: what it shows is what REST tells, it moves as the market does, and fills the ticket.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { SchemaAccount, SchemaBook, SchemaListedFill, SchemaQuote, SchemaTrade } from "../../src/api/schema";
import { brief } from "../../src/model/decimal";
import { timeOfDay } from "../../src/model/format";
import { readTime } from "../../src/model/time";
import { RELOADED, useBrowser, visit } from "./support/browser";
import { startVenue, type Venue } from "./support/venue";

const browser = useBrowser();
/** Prices stand still, and orders arrive at once. */
const STILL = ["--market", "frozen", "--delay", "none"] as const;
const WALL = { width: 2200, height: 1200 };

test("the ladder is the book, clients' orders in it are marked, and a price that is clicked fills the ticket", async () => {
  const venue = await startVenue(...STILL);
  for (const [side, qty, limit_price] of [
    ["buy", "700", "1.08495"],
    ["buy", "50", "1.08495"],
    ["sell", "900", "1.08500"],
  ] as const)
    await resting(venue, { side, qty, limit_price });
  const { page } = await visit(browser(), venue.origin, { at: "#/market/EURUSD" });
  const book = await venue.get<SchemaBook>("/book/EURUSD?depth=12");
  const told = [...book.asks.toReversed(), ...book.bids].map(([price = "", size = ""]) => [price, brief(size)]);
  await expect.poll(() => rungs(page)).toEqual(told);
  expect(await page.locator('.rung[data-price="1.08495"] .rung-mine').textContent()).toBe("● 750");
  expect(await page.locator('.rung[data-price="1.08500"] .rung-mine').textContent()).toBe("● 900");
  await page.locator('.rung[data-price="1.08495"]').click();
  expect(await ticket(page)).toEqual({ side: "buy", symbol: "EURUSD", type: "limit", price: "1.08495" });
  await page.locator('.rung[data-price="1.08500"]').click();
  expect(await ticket(page)).toMatchObject({ side: "sell", price: "1.08500" });
});

test("the ladder follows the book as orders come, go and trade", async () => {
  const venue = await startVenue(...STILL);
  const { page } = await visit(browser(), venue.origin, { at: "#/market/EURUSD" });
  const whole = async () => {
    const { asks, bids } = await venue.get<SchemaBook>("/book/EURUSD?depth=12");
    return [...asks.toReversed(), ...bids].map(([price = "", size = ""]) => [price, brief(size)]);
  };
  await expect.poll(() => rungs(page)).toEqual(await whole());
  const { id } = await resting(venue, { side: "buy", qty: "700", limit_price: "1.08500" });
  await expect.poll(() => rungs(page)).toEqual(await whole());
  await venue.cancel(id);
  await expect.poll(() => rungs(page)).toEqual(await whole());
  expect(await page.locator(".rung-mine", { hasText: "●" }).count()).toBe(0);
});

test("the watchlist is the quotes, and the arrows go through it", async () => {
  const venue = await startVenue(...STILL);
  const { page } = await visit(browser(), venue.origin, { at: "#/market/EURUSD", ...WALL });
  const rows = page.getByRole("list", { name: "Watchlist" }).locator(".watch");
  await rows.nth(5).waitFor();
  const symbols = await rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.symbol ?? ""));
  const quotes = await venue.get<SchemaQuote[]>(`/quotes?symbols=${symbols.join(",")}`);
  for (const { symbol, bid, ask } of quotes) {
    const decimals = bid?.split(".")[1]?.length ?? 0;
    const mid = ((Number(bid) + Number(ask)) / 2).toFixed(decimals);
    await expect.poll(() => page.locator(`.watch[data-symbol="${symbol}"] .watch-price`).textContent()).toBe(mid);
  }
  const chosen = () => page.locator(".watch[aria-current]").getAttribute("data-symbol");
  await page.keyboard.press("ArrowDown");
  await expect.poll(chosen).toBe(symbols[1]);
  expect(new URL(page.url()).hash).toContain(`#/market/${symbols[1]}`);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect.poll(chosen).toBe(symbols.at(-1));
});

test("keys lead to the room and to the ticket's sides, which trade what is looked at", async () => {
  const venue = await startVenue(...STILL);
  const dashboard = await visit(browser(), venue.origin);
  const { page } = dashboard;
  await dashboard.is("live");
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.locator(".ladder").waitFor();
  await page.keyboard.press("s");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("quantity");
  expect(await ticket(page)).toMatchObject({ side: "sell", symbol: "EURUSD" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("b");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await dashboard.outcome.getByText("Placed").waitFor();
  const [order] = await venue.orders();
  const instrument = new URL(page.url()).hash.match(/market\/([^?]+)/)?.[1];
  expect(order).toMatchObject({ side: "buy", stoks: instrument, qty: "3" });
});

test("the tape is the trades, the orders and the fills of the symbol are below", async () => {
  const venue = await startVenue(...STILL);
  for (const side of ["buy", "sell", "buy"]) {
    const { id } = await venue.post("/orders", { symbol: "BTC/USD", side, qty: "0.125" });
    await venue.becomes(id, "filled");
  }
  const open = await venue.post("/orders", { symbol: "BTC/USD", type: "limit", qty: "1", limit_price: "60000" });
  const { page } = await visit(browser(), venue.origin, { at: "#/market/BTC/USD", ...WALL });
  const trades = await venue.get<SchemaTrade[]>("/trades/BTC%2FUSD");
  expect(trades.length).toBeGreaterThan(2);
  const tape = page.getByRole("region", { name: "Tape" }).last().locator("tbody tr");
  const cells = async () => (await tape.allInnerTexts()).map((row) => row.split(/\s+/).slice(0, 4));
  const told = trades.map(({ at, price, qty, side }) => [
    timeOfDay(readTime(at), "utc"),
    price,
    brief(qty),
    side === "buy" ? "Buy" : "Sell",
  ]);
  await expect.poll(cells).toEqual(told);
  await page.locator(`[data-id="${open.id}"]`).getByText("60000.00").waitFor();
  await page.getByRole("tab", { name: "Fills" }).click();
  const fills = await venue.get<SchemaListedFill[]>("/fills?symbol=BTC%2FUSD");
  const rows = page.getByRole("table", { name: "Fills" }).locator("tbody tr");
  await expect
    .poll(() => rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.trade)))
    .toEqual(fills.map(({ trade_id }) => trade_id).toReversed());
});

test("below the chart stand the symbol's orders with their filters, what an account holds, refusals and the wire", async () => {
  const venue = await startVenue(...STILL);
  const { id: account } = await venue.post<SchemaAccount>("/accounts", { id: "alice" });
  const bought = await venue.post("/orders", { symbol: "EURUSD", qty: "300", account });
  await venue.becomes(bought.id, "filled");
  const open = await resting(venue, { side: "buy", qty: "700", limit_price: "1.08000", client_order_id: "grid-1" });
  const other = await venue.post("/orders", { symbol: "USDJPY", type: "limit", qty: "1", limit_price: "100.000" });
  await venue.becomes(other.id, "new");
  await fetch(`${venue.origin}/orders`, { method: "POST", body: JSON.stringify({ symbol: "EURUSD", qty: "none" }) });
  const dashboard = await visit(browser(), venue.origin, { at: "#/market/EURUSD" });
  const { page, rows } = dashboard;
  const listed = () => rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.id).toSorted());
  // No other symbol's, in whatever state.
  await expect.poll(listed).toEqual([open.id, bought.id].toSorted());
  expect(await dashboard.counts()).toEqual({ PENDING: 1, EXECUTED: 1, CANCELLED: 0 });
  await page.getByRole("tab", { name: "Orders 1" }).waitFor();
  await page.getByRole("tab", { name: "Rejects 1" }).waitFor();
  await page.locator(`[data-id="${open.id}"]`).click();
  await page.getByRole("tab", { name: "Wire" }).click();
  await page.locator(".wire-frames").getByText("grid-1").first().waitFor();

  await page.getByRole("tab", { name: "Positions" }).click();
  await page.getByText("The account holds nothing but money.").waitFor();
  await page.getByLabel("Positions of").selectOption("alice");
  await page.locator('tr[data-symbol="EURUSD"]').getByText("300").waitFor();
  expect(new URL(page.url()).hash).toMatch(/panel=positions.*account=alice/);

  await page.getByRole("tab", { name: "Rejects" }).click();
  await page.getByRole("list", { name: "Refused requests" }).getByText("422").waitFor();

  // Its keys are those of the room of orders: searched, and all of the symbol cancelled after a question.
  await page.keyboard.press("/");
  await page.keyboard.type("GRID");
  await expect.poll(listed).toEqual([open.id]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("X");
  await page.getByRole("button", { name: "Cancel 1", exact: true }).click();
  await venue.becomes(open.id, "canceled");
  expect((await venue.order(other.id)).state).toBe("new");
});

test("a market that moves is seen to move, and one that is halted to be halted", async () => {
  const venue = await startVenue("--seed", "7");
  const { page } = await visit(browser(), venue.origin, { at: "#/market/EURUSD" });
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      seen.add(JSON.stringify(await rungs(page)));
      return seen.size;
    })
    .toBeGreaterThan(5);
  await fetch(`${venue.origin}/instruments/EURUSD`, { method: "PATCH", body: JSON.stringify({ status: "halted" }) });
  await page.locator(".symbol-head .halted").waitFor({ timeout: 15_000 });
});

test("halts, openings, quotes by hand and the venue's start are flags in the chart, after a reload too", async () => {
  const venue = await startVenue("--seed", "7");
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(venue.origin + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}`).toBe(true);
  };
  await send("PATCH", "/instruments/EURUSD", { status: "halted" });
  await send("PATCH", "/instruments/GBPUSD", { status: "closed" });
  const { page } = await visit(browser(), venue.origin, { at: "#/market/EURUSD", expects: RELOADED });
  const flags = page.getByRole("list", { name: "What happened" });
  const told = async () =>
    (await flags.locator(".unseen").allTextContents()).join("\n").replace(/^\S+ /gm, "").split("\n");
  await expect.poll(told).toEqual(["the venue was started", "halted"]);
  await send("PATCH", "/instruments/EURUSD", { status: "open" });
  await send("PUT", "/market/EURUSD", { bid: "1.08450", ask: "1.08550" });
  const all = ["the venue was started", "halted", "opened", "quote by hand: 1.08450 / 1.08550"];
  await expect.poll(told).toEqual(all);
  // Word by word they would hide each other.
  expect(await flags.locator(".flag-word").last().textContent()).toMatch(/\+\d$/);
  await page.reload();
  await expect.poll(told).toEqual(all);
});

test("what trades in sessions has a flag where one began and ended, once that has happened; the rest has none", async () => {
  const venue = await startVenue("--seed", "7", "--hours", "nyse", "--clock", "2026-11-23T20:58:00Z");
  const { page } = await visit(browser(), venue.origin, { at: "#/market/AAPL?tf=5m", ...WALL });
  const told = async () =>
    (await page.getByRole("list", { name: "What happened" }).locator(".unseen").allTextContents())
      .flatMap((flag) => flag.split("\n"))
      .filter((line) => line.endsWith("session began") || line.endsWith("session ended"))
      .slice(-2)
      .map((line) => `${line.slice(0, 8)} ${line.split(" ").at(-1)}`);
  await expect.poll(told).toEqual(["21:00:00 ended", "14:30:00 began"]);
  await venue.post("/clock/advance", { to: "2026-11-23T21:00:00Z" });
  await expect.poll(told).toEqual(["14:30:00 began", "21:00:00 ended"]);
  await venue.post("/clock/advance", { to: "2026-11-24T14:31:00Z" });
  await expect.poll(told).toEqual(["21:00:00 ended", "14:30:00 began"]);
  await page.goto(`${venue.origin}/#/market/EURUSD?tf=5m`);
  await page.locator(".chart").waitFor();
  await page.getByRole("heading", { name: "EURUSD" }).waitFor();
  await expect.poll(told).toEqual([]);
});

/** The ladder from top to bottom: prices and sizes. */
function rungs(page: Page): Promise<string[][]> {
  return page.locator(".rung").evaluateAll((rungs) =>
    rungs.map((rung) => {
      const text = (of: string) => rung.querySelector(of)?.textContent ?? "";
      return [text(".rung-price"), text(".rung-bid") || text(".rung-ask")];
    }),
  );
}

async function ticket(page: Page) {
  const form = page.getByRole("form", { name: "Place an order" });
  return {
    side: await form.locator("input[name=side]:checked").inputValue(),
    symbol: await form.getByLabel("Symbol").inputValue(),
    type: await form.getByLabel("Type").inputValue(),
    price: await form
      .getByLabel("Limit price")
      .inputValue({ timeout: 500 })
      .catch(() => null),
  };
}

async function resting(venue: Venue, order: Readonly<Record<string, string>>) {
  const { id } = await venue.post("/orders", { symbol: "EURUSD", type: "limit", ...order });
  return venue.becomes(id, "new");
}

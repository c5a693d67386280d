// The page as its reader finds it: rows, filters, ticket, story and connection, by what they say and are called. The tests
// know the page's insides through this file only.

import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Counts } from "./venue";

export type Status = keyof Counts;
export type Connection = "connecting" | "catching up" | "live" | "offline" | "polling" | "silent" | "gone";

export class Dashboard {
  readonly grid: Locator;
  readonly rows: Locator;
  readonly symbol: Locator;
  readonly quantity: Locator;
  readonly long: Locator;
  /** Unfolds the fields for names. */
  readonly names: Locator;
  readonly clientOrderId: Locator;
  readonly idempotencyKey: Locator;
  readonly place: Locator;
  readonly outcome: Locator;
  readonly search: Locator;
  readonly symbolFilter: Locator;
  readonly story: Locator;
  readonly help: Locator;
  readonly message: Locator;
  readonly newer: Locator;
  readonly cancelShown: Locator;
  readonly question: Locator;
  /** Which venue it is, and which others there are. */
  readonly venueMenu: Locator;
  /** The venue's clock, where it is not real. */
  readonly clockBar: Locator;
  /** Requests that were refused. */
  readonly rejects: Locator;
  /** Orders of the past. */
  readonly past: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole("grid", { name: "Orders" });
    this.rows = this.grid.locator("[data-id]");
    const ticket = page.getByRole("form", { name: "Place an order" });
    this.symbol = ticket.getByLabel("Symbol");
    this.quantity = ticket.getByLabel("Quantity");
    this.long = ticket.getByLabel("Long pending");
    this.names = ticket.getByText("Names, and how often");
    this.clientOrderId = ticket.getByLabel("Client order id");
    this.idempotencyKey = ticket.getByLabel("Idempotency-Key");
    this.place = ticket.getByRole("button", { name: /^Place/ });
    this.outcome = ticket.locator(".ticket-outcome");
    this.search = page.getByLabel("Id or client order id contains");
    this.symbolFilter = page.getByLabel("Symbol begins with");
    this.story = page.getByRole("region", { name: "Order story" });
    this.help = page.getByRole("dialog", { name: "Keys" });
    this.message = page.locator(".message");
    this.newer = page.getByRole("button", { name: /newer$/ });
    this.cancelShown = page.getByRole("button", { name: /^Cancel [\d,]+…$/ });
    this.venueMenu = page.locator(".button.venue");
    this.clockBar = page.getByRole("region", { name: "The venue's clock" });
    this.rejects = page.getByRole("list", { name: "Refused requests" }).locator("> li");
    this.past = page.getByRole("list", { name: "Orders found" }).locator("[data-id]");
    this.question = page.getByRole("dialog", { name: /^Cancel [\d,]+ pending/ });
  }

  /** Goes to a room. */
  async room(name: "Market" | "Orders" | "Accounts" | "Rules" | "Pulse"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name }).click();
    await this.page.locator(`main[data-room="${name.toLowerCase()}"]`).waitFor();
  }

  /** Has Traffic place orders at this rate, or none. */
  async traffic(perS: number): Promise<void> {
    const button = this.page.getByRole("button", { name: "Traffic" });
    await button.click();
    if (perS > 0) await this.page.getByLabel("Orders per second").selectOption(String(perS));
    await this.page.getByLabel("Place orders").setChecked(perS > 0);
    await button.click();
  }

  /** Cancels all that is shown, and answers the question. */
  async cancelAllShown(): Promise<void> {
    await this.cancelShown.click();
    await this.question.getByRole("button", { name: /^Cancel/ }).click();
  }

  row(id: string): Locator {
    return this.grid.locator(`[data-id="${id}"]`);
  }

  /** Waits until the order's row says so. */
  async shows(id: string, status: Status): Promise<void> {
    await this.grid.locator(`[data-id="${id}"][data-status="${status}"]`).waitFor();
  }

  async is(connection: Connection): Promise<void> {
    await this.page.locator(`[data-connection="${connection}"]`).waitFor();
  }

  /** Waits until the page tells that orders come, in its foot: it has caught up with its venue. */
  async hasLife(): Promise<void> {
    const told = () => this.page.locator(".status-figures").textContent();
    await expect.poll(told, { timeout: 30_000 }).toMatch(/orders\/s\s*[\d.]*[1-9]/);
  }

  async filter(status: Status | "ALL"): Promise<void> {
    await this.page.locator(`.segment[data-status="${status}"]`).click();
  }

  /** The counts that stand at the filters. */
  counts(): Promise<Counts> {
    return this.page.evaluate(() => {
      const count = (status: string) =>
        Number(document.querySelector(`[data-status="${status}"] .segment-count`)?.textContent?.replaceAll(",", ""));
      return { PENDING: count("PENDING"), EXECUTED: count("EXECUTED"), CANCELLED: count("CANCELLED") };
    });
  }

  /** Waits until the counts at the filters are these. */
  async countsBecome(counts: Partial<Counts>, timeout = 30_000): Promise<void> {
    await expect.poll(() => this.counts(), { timeout }).toMatchObject(counts);
  }

  /** The ids of the rows that are drawn, the topmost first. */
  drawn(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => {
      const place = (row: Element) => Number(row.getAttribute("aria-rowindex"));
      return rows.toSorted((a, b) => place(a) - place(b)).map((row) => (row as HTMLElement).dataset.id ?? "");
    });
  }

  /** All rows from top to bottom, with their status, as a reader who scrolls through finds them; ends at the top. */
  all(): Promise<[id: string, status: string][]> {
    return this.grid.evaluate(async (grid) => {
      const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
      const told = new Map<number, [string, string]>();
      for (let top = 0; ; top += grid.clientHeight - 100) {
        grid.scrollTop = top;
        // The first frame tells the page that it was scrolled; by the second it has drawn the rows.
        await frame();
        await frame();
        for (const row of grid.querySelectorAll<HTMLElement>("[data-id]"))
          told.set(Number(row.ariaRowIndex), [row.dataset.id ?? "", row.dataset.status ?? ""]);
        if (grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1) break;
      }
      grid.scrollTop = 0;
      return [...told].toSorted(([a], [b]) => a - b).map(([, row]) => row);
    });
  }
}

// What there is to see of the page, and the windows and looks in which it is seen: for the tests that go through all.

import type { Browser } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { type Visit, visit } from "./browser";
import type { Dashboard } from "./dashboard";
import { burst, startFeed } from "./feed";
import { startVenue } from "./venue";

/** A room, or a state of one. */
export interface Sight {
  readonly of: string;
  readonly isRoom: boolean;
  /** Where it is, for a page that tells the story of this order. */
  at?(id: string): string;
  /** What has to be in reach, where it is not all of the page. */
  readonly within?: string;
  /** Brings the page there, and waits until it is. */
  show?(dashboard: Dashboard, client: string): Promise<void>;
}

export const SIGHTS: readonly Sight[] = [
  {
    of: "orders",
    isRoom: true,
    // By its counts: whether the window has room for rows is another question.
    show: (dashboard) => expect.poll(async () => (await dashboard.counts()).EXECUTED).toBeGreaterThan(100),
  },
  {
    of: "orders-story",
    isRoom: false,
    at: (id) => `#/orders/${id}`,
    show: ({ story }, client) => story.getByText(client).waitFor(),
  },
  {
    of: "orders-ticket",
    isRoom: false,
    // On a narrow screen it is a sheet that has to be asked for, and that lies over the list.
    within: 'form[aria-label="Place an order"]',
    show: async ({ page, symbol }) => {
      await page.keyboard.press("n");
      await symbol.waitFor();
    },
  },
  {
    of: "orders-help",
    isRoom: false,
    show: async ({ page, help }) => {
      await page.keyboard.press("?");
      await help.waitFor();
    },
  },
  {
    of: "market",
    isRoom: true,
    at: () => "#/market/EURUSD",
    show: async ({ page }) => {
      await page.locator(".symbol-price").waitFor();
      // The chart is drawn, or the panel in front has its rows.
      await page.locator(".chart canvas, .rung").first().waitFor();
    },
  },
  {
    of: "market-ladder",
    isRoom: false,
    at: () => "#/market/EURUSD?panel=ladder",
    show: ({ page }) => page.locator(".rung").first().waitFor(),
  },
  {
    of: "accounts",
    isRoom: true,
    at: () => "#/accounts",
    show: ({ page }) => page.locator("tr[data-symbol]").first().waitFor(),
  },
  {
    of: "rules",
    isRoom: true,
    at: () => "#/rules",
    show: ({ page }) => page.getByRole("checkbox", { name: "refuse-what-is-too-large" }).waitFor(),
  },
  {
    of: "pulse",
    isRoom: true,
    at: () => "#/pulse",
    show: ({ page }) => page.locator('main[data-room="pulse"]').waitFor(),
  },
];

export type Window = Required<Pick<Visit, "width" | "height" | "scale">>;

/** A phone, a desk, a wall; a desk and a small laptop at 200 %; a phone held sideways. */
export const WINDOWS: readonly Window[] = [
  { width: 400, height: 820, scale: 1 },
  { width: 1440, height: 900, scale: 1 },
  { width: 2560, height: 1300, scale: 1 },
  { width: 720, height: 450, scale: 2 },
  { width: 640, height: 400, scale: 2 },
  { width: 740, height: 360, scale: 1 },
];

export function named({ width, height, scale }: Window): string {
  return `${width}x${height}${scale === 1 ? "" : `@${scale}`}`;
}

export const THEMES = ["light", "dark"] as const;

export interface Life {
  /** Opens the page in a profile of its own and brings it to this sight. */
  see(browser: Browser, sight: Sight, how: Visit): Promise<Dashboard>;
}

/** A venue with life in it until the test ends: orders that come and go, some of which wait long, and one with a story. */
export async function startLife(): Promise<Life> {
  const client = "bot-7/42";
  const venue = await startVenue("--seed", "7");
  await burst(venue.origin, 150);
  for (const kind of [{ rate: 12 }, { rate: 1, longPending: true }]) {
    const feed = startFeed(venue.origin, { count: 1_000_000, ...kind });
    onTestFinished(async () => void (await feed.stop()));
  }
  // Nothing that happens here meets them.
  await venue.put("/rules", [
    { name: "refuse-what-is-too-large", match: { quantity: ">10000000000000000" }, do: { reject: "too large" } },
    { name: "slow", match: { client_order_id: "slow-*" }, do: { delay: "lognormal(2s,0.5)", cancel_delay: "1500ms" } },
  ]);
  await venue.put("/faults", [
    { name: "lost", match: { account: "acc-7", route: "POST /orders", nth: 2 }, do: { drop: "after" }, times: 1 },
  ]);
  const cancelled = await venue.place({ stoks: "BRK.B", quantity: 1_250_000, longPending: true });
  await venue.cancel(cancelled.id);
  const told = { stoks: "ETH-USD", quantity: 9_007_199_254_740_991, clientOrderId: client, idempotencyKey: "k-1" };
  const { id } = await venue.place(told);
  await expect.poll(async () => (await venue.counts()).EXECUTED).toBeGreaterThan(150);
  return {
    see: async (browser, sight, how) => {
      const dashboard = await visit(browser, venue.origin, { ...how, at: sight.at?.(id) ?? "" });
      await dashboard.is("live");
      await dashboard.hasLife();
      await sight.show?.(dashboard, client);
      return dashboard;
    },
  };
}

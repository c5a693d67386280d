// The keyboard: every place can be reached and left by it, and it is never nowhere.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("from the ticket Escape leads to the list, where arrows choose at once", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 20);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 20 });
  const { keyboard } = dashboard.page;
  await keyboard.press("n");
  await expect.poll(() => focused(dashboard)).toBe("Symbol");
  await keyboard.press("Enter");
  await dashboard.outcome.getByText("Placed").waitFor();
  // Enter again would place another one; arrows are free to lead into the list.
  expect(await focused(dashboard)).toBe("Place order");
  await keyboard.press("n");
  await expect.poll(() => focused(dashboard)).toBe("Symbol");
  await keyboard.press("Escape");
  await expect.poll(() => focused(dashboard)).toBe("Orders");
  await keyboard.press("ArrowDown");
  await dashboard.story.waitFor();
});

test("an arrow leads into the list from anywhere but a field, Enter on to the story, Escape back and out", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 20);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 20 });
  const { keyboard } = dashboard.page;
  await keyboard.press("ArrowDown");
  await expect.poll(() => focused(dashboard)).toBe("Orders");
  await dashboard.story.waitFor();
  await keyboard.press("Enter");
  await expect.poll(() => focused(dashboard)).toBe("Order story");
  await keyboard.press("Escape");
  await expect.poll(() => focused(dashboard)).toBe("Orders");
  await keyboard.press("Escape");
  await dashboard.story.waitFor({ state: "detached" });
  await expect.poll(() => focused(dashboard)).toBe("Orders");
});

test("after a cancellation the keyboard is in the list, whether by button or key", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const orders = [await venue.place({ longPending: true }), await venue.place({ longPending: true })];
  const dashboard = await visit(browser(), venue.origin);
  for (const [at, { id }] of orders.entries()) {
    await dashboard.row(id).click();
    const cancel = dashboard.story.getByRole("button", { name: "Cancel order" });
    if (at === 0) await cancel.click();
    else await cancel.press("x");
    await dashboard.shows(id, "CANCELLED");
    await expect.poll(() => focused(dashboard)).toBe("Orders");
  }
});

test("rooms have keys of their own, and a command can be found by its name", async () => {
  const venue = await startVenue();
  const { id } = await venue.place({ clientOrderId: "bot-7/42" });
  const dashboard = await visit(browser(), venue.origin);
  const { page } = dashboard;
  const room = (name: string) => page.locator(`main[data-room="${name}"]`).waitFor();
  await dashboard.is("live");
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await room("pulse");
  // The ticket is the orders' room's: its key leads there.
  await page.keyboard.press("n");
  await room("orders");
  await expect.poll(() => focused(dashboard)).toBe("Symbol");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("go pul");
  await page.keyboard.press("Enter");
  await room("pulse");
  // Whatever is no command may be an order's name.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("bot-7/42");
  await page.keyboard.press("Enter");
  await room("orders");
  await dashboard.story.getByText(id).waitFor();
});

test("in Pulse the list's keys neither leave the room nor touch an order that is not seen", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const { id } = await venue.place({ longPending: true });
  const dashboard = await visit(browser(), venue.origin, { at: `#/pulse?order=${id}` });
  await dashboard.is("live");
  for (const key of ["Escape", "ArrowDown", "x", "Shift+X", "p"]) await dashboard.page.keyboard.press(key);
  await dashboard.page.locator('main[data-room="pulse"]').waitFor();
  expect(dashboard.page.url()).toContain(`#/pulse?order=${id}`);
  expect(dashboard.page.url()).not.toContain("paused");
  expect(await venue.counts()).toMatchObject({ PENDING: 1, CANCELLED: 0 });
});

test("all orders of the chosen one's symbol are cancelled with X, once that was confirmed", async () => {
  const venue = await startVenue("--long-delay", "1h");
  for (const stoks of ["AAPL", "MSFT", "AAPL"]) await venue.place({ stoks, longPending: true });
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ PENDING: 3 });
  await dashboard.page.keyboard.press("ArrowDown");
  await dashboard.story.getByText("AAPL").first().waitFor();
  await dashboard.page.keyboard.press("Shift+X");
  await dashboard.question.getByText("All of AAPL").waitFor();
  // The keyboard stands on what changes nothing.
  expect(await focused(dashboard)).toBe("Keep them");
  await dashboard.page.keyboard.press("Escape");
  await dashboard.question.waitFor({ state: "detached" });
  expect(await venue.counts()).toMatchObject({ PENDING: 3 });
  await dashboard.page.keyboard.press("Shift+X");
  await dashboard.question.getByRole("button", { name: "Cancel 2" }).click();
  await dashboard.countsBecome({ PENDING: 1, CANCELLED: 2 });
  await dashboard.page.getByText("Done: 2 cancelled").waitFor();
});

test("what went wrong is told between list and foot, and ends with Escape", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.is("live");
  await dashboard.search.fill("nobody");
  await dashboard.search.press("Enter");
  await dashboard.message.getByText("The venue knows no order “nobody”").waitFor();
  const [list, message] = [await dashboard.grid.boundingBox(), await dashboard.message.boundingBox()];
  expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(message?.y ?? 0);
  await dashboard.grid.focus();
  await dashboard.page.keyboard.press("Escape");
  await dashboard.message.waitFor({ state: "detached" });
});

test("a field's fault goes with the next letter that is typed", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, { expects: /status of 422/ });
  await dashboard.quantity.fill("0");
  await dashboard.quantity.press("Enter");
  await expect.poll(() => dashboard.quantity.getAttribute("aria-invalid")).toBe("true");
  await dashboard.quantity.press("5");
  expect(await dashboard.quantity.getAttribute("aria-invalid")).toBe("false");
});

/** What has the keyboard, as it is called; `null` where nothing has. */
function focused({ page }: Dashboard): Promise<string | null> {
  return page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) return null;
    const label = (activeElement as HTMLInputElement).labels?.[0]?.textContent;
    const story = activeElement.closest("[aria-label='Order story']")?.getAttribute("aria-label");
    const text = activeElement instanceof HTMLButtonElement ? activeElement.textContent : null;
    return (label ?? activeElement.getAttribute("aria-label") ?? text ?? story ?? activeElement.tagName).trim();
  });
}

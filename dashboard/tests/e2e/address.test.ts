// The address is the page's state: a reload, another room and back, a step back and a colleague see the same.

import { expect, test } from "vitest";
import { RELOADED, useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("filters, choice and what was typed into the ticket outlive a reload and a visit to another room", async () => {
  const venue = await startVenue("--delay", "none", "--long-delay", "1h");
  const chosen = await venue.place({ stoks: "AAPL", longPending: true });
  await venue.place({ stoks: "MSFT", longPending: true });
  await burst(venue.origin, 20);
  const dashboard = await visit(browser(), venue.origin, { expects: RELOADED });
  await dashboard.countsBecome({ PENDING: 2, EXECUTED: 20 });
  await dashboard.filter("PENDING");
  await dashboard.symbolFilter.fill("aap");
  await dashboard.search.fill(chosen.id.slice(0, 8));
  await dashboard.row(chosen.id).click();
  await dashboard.symbol.fill("BTC-USD");
  await dashboard.quantity.fill("");
  await dashboard.long.check();

  const isAsItWas = async () => {
    await expect.poll(() => dashboard.drawn()).toEqual([chosen.id]);
    await dashboard.countsBecome({ PENDING: 1, EXECUTED: 0 });
    await dashboard.story.getByText(chosen.id).waitFor();
    expect(await dashboard.page.getByRole("radio", { name: "Pending" }).isChecked()).toBe(true);
    expect(await dashboard.symbolFilter.inputValue()).toBe("aap");
    expect(await dashboard.search.inputValue()).toBe(chosen.id.slice(0, 8));
    expect(await dashboard.symbol.inputValue()).toBe("BTC-USD");
    expect(await dashboard.quantity.inputValue()).toBe("");
    expect(await dashboard.long.isChecked()).toBe(true);
  };
  await isAsItWas();
  await dashboard.page.reload();
  await isAsItWas();
  await dashboard.room("Pulse");
  await dashboard.room("Orders");
  await isAsItWas();
  // A colleague opens the same address.
  const colleague = await visit(browser(), venue.origin, { at: new URL(dashboard.page.url()).hash });
  await expect.poll(() => colleague.drawn()).toEqual([chosen.id]);
  await colleague.story.getByText(chosen.id).waitFor();
});

test("a reader who had scrolled away finds the same row at the top after a reload, with the newer ones above", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 300);
  const dashboard = await visit(browser(), venue.origin, { expects: RELOADED });
  await dashboard.countsBecome({ EXECUTED: 300 });
  await dashboard.grid.evaluate((grid) => {
    grid.scrollTop = 3_400;
  });
  await dashboard.page.locator('[data-following="false"]').waitFor();
  await expect.poll(() => dashboard.page.url()).toMatch(/row=\d+-\d+/);
  await expect.poll(() => topmost(dashboard)).toBeDefined();
  const before = await topmost(dashboard);
  await burst(venue.origin, 40);
  await dashboard.page.reload();
  await dashboard.countsBecome({ EXECUTED: 340 });
  await expect.poll(() => topmost(dashboard)).toBe(before);
  await dashboard.newer.getByText("↑ 40 newer").waitFor();
});

test("a row's id and the logo keep what the list shows", async () => {
  const venue = await startVenue("--delay", "none");
  const { id } = await venue.place();
  const dashboard = await visit(browser(), venue.origin, { at: "#/orders?status=EXECUTED" });
  await dashboard.row(id).getByRole("link").click();
  await dashboard.story.getByText(id).waitFor();
  expect(dashboard.page.url()).toContain(`#/orders?status=EXECUTED&order=${id}`);
  await dashboard.page.getByRole("link", { name: "Tradepit, orders" }).click();
  expect(dashboard.page.url()).toContain("#/orders?status=EXECUTED");
});

test("a list that is paused stays paused over a reload, and says how much waits", async () => {
  const venue = await startVenue("--delay", "none");
  await burst(venue.origin, 20);
  const dashboard = await visit(browser(), venue.origin, { expects: RELOADED });
  await dashboard.countsBecome({ EXECUTED: 20 });
  await dashboard.page.keyboard.press("p");
  await burst(venue.origin, 30);
  const resume = dashboard.page.getByRole("button", { name: "Resume · 60 changes" });
  await resume.waitFor();
  await dashboard.page.reload();
  await resume.waitFor();
  await dashboard.countsBecome({ EXECUTED: 20 });
  await resume.click();
  await dashboard.countsBecome({ EXECUTED: 50 });
});

test("a step back leads from a story to the list, and from a room to the one before", async () => {
  const venue = await startVenue("--delay", "none");
  const { id } = await venue.place();
  const dashboard = await visit(browser(), venue.origin, { expects: RELOADED });
  await dashboard.row(id).click();
  await dashboard.story.waitFor();
  await dashboard.room("Pulse");
  await dashboard.page.goBack();
  await dashboard.story.getByText(id).waitFor();
  await dashboard.page.goBack();
  await dashboard.story.waitFor({ state: "detached" });
  await dashboard.row(id).waitFor();
});

test("one choice of time zone holds for rows and story, is labelled, and outlives a reload", async () => {
  const venue = await startVenue("--delay", "none");
  const { id, accepted_at } = await venue.place();
  const dashboard = await visit(browser(), venue.origin, {
    at: `#/orders?order=${id}`,
    timezone: "Asia/Kolkata",
    expects: RELOADED,
  });
  const utc = accepted_at.slice(11, 23);
  await dashboard.row(id).getByText(utc).waitFor();
  await dashboard.grid.getByRole("columnheader", { name: "Accepted, UTC" }).waitFor();
  await dashboard.story
    .getByText(`${accepted_at.replace("T", " ").replace("Z", "")} UTC`)
    .first()
    .waitFor();
  await dashboard.page.getByRole("button", { name: /times are in UTC/ }).click();
  const there = new Date(Date.parse(accepted_at) + 5.5 * 3600e3).toISOString().replace("T", " ");
  for (const _ of ["at once", "after a reload"]) {
    await dashboard.row(id).getByText(there.slice(11, 23)).waitFor();
    await dashboard.grid.getByRole("columnheader", { name: "Accepted, +05:30" }).waitFor();
    await dashboard.story
      .getByText(`${there.slice(0, 19)}${accepted_at.slice(19, 26)} +05:30`)
      .first()
      .waitFor();
    await dashboard.page.reload();
  }
});

/** The id of the row right below the list's head. */
function topmost({ grid }: Dashboard): Promise<string | undefined> {
  return grid.evaluate((grid) => {
    const { left, top } = grid.getBoundingClientRect();
    return document.elementFromPoint(left + 30, top + 34)?.closest<HTMLElement>("[data-id]")?.dataset.id;
  });
}

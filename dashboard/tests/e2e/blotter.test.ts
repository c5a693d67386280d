// The list of orders: what the filters show, and that it keeps still while the reader looks at older rows.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { burst, startFeed } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("the filters show orders by status, symbol and id, and count them", async () => {
  const venue = await startVenue("--delay", "none", "--long-delay", "1h");
  const done = [await venue.place({ stoks: "AAPL" }), await venue.place({ stoks: "AAA.B" })];
  const pending = await venue.place({ stoks: "AAPL", longPending: true });
  const cancelled = await venue.place({ stoks: "MSFT", longPending: true });
  await venue.cancel(cancelled.id);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ PENDING: 1, EXECUTED: 2, CANCELLED: 1 });
  const shown = expect.poll(() => dashboard.drawn());

  await dashboard.filter("EXECUTED");
  await shown.toEqual(done.map(({ id }) => id).reverse());
  await dashboard.filter("CANCELLED");
  await shown.toEqual([cancelled.id]);
  await dashboard.filter("ALL");
  await dashboard.symbolFilter.fill("aap");
  await shown.toEqual([pending.id, done[0]?.id]);
  await dashboard.countsBecome({ PENDING: 1, EXECUTED: 1, CANCELLED: 0 });
  await dashboard.filter("PENDING");
  await shown.toEqual([pending.id]);
  await dashboard.symbolFilter.fill("");
  await dashboard.filter("ALL");
  await dashboard.search.fill(cancelled.id.slice(9, 23).toUpperCase());
  await shown.toEqual([cancelled.id]);
  await dashboard.search.fill("no such id");
  await dashboard.page.getByText("No order here has “no such id” in one of its names.").waitFor();
});

test("the newest order stands at the top", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin);
  const placed = [];
  for (let at = 0; at < 5; at++) placed.unshift((await venue.place()).id);
  await expect.poll(() => dashboard.drawn()).toEqual(placed);
  expect(placed).toEqual((await venue.orders()).map(({ id }) => id).reverse());
});

test("rows stand by age, also where the open orders are told before the changes that came before them", async () => {
  const venue = await startVenue("--delay", "none", "--long-delay", "1h");
  const placed = [];
  for (const longPending of [false, true, false]) placed.unshift((await venue.place({ longPending })).id);
  const dashboard = await visit(browser(), venue.origin, {
    // The changes are kept back until the page has been told of the open orders.
    before: async (page) => {
      const open = page.waitForResponse(/status=PENDING/).then((reply) => reply.finished());
      await page.routeWebSocket(/\/ws\?/, (socket) => {
        socket.connectToServer().onMessage((frame) => void open.then(() => socket.send(frame)));
      });
    },
  });
  await dashboard.countsBecome({ PENDING: 1, EXECUTED: 2 });
  await expect.poll(() => dashboard.drawn()).toEqual(placed);
});

test("rows that the reader scrolled to stay in place while new ones come, and a button leads back to the newest", async () => {
  const venue = await startVenue();
  await burst(venue.origin, 300);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 300 });
  await dashboard.grid.evaluate((grid) => {
    grid.scrollTop = 3_000;
  });
  await dashboard.page.locator('[data-following="false"]').waitFor();
  const middle = () =>
    dashboard.grid.evaluate((grid) => {
      const { left, top, height } = grid.getBoundingClientRect();
      const row = document.elementFromPoint(left + 20, top + height / 2)?.closest<HTMLElement>("[data-id]");
      return { id: row?.dataset.id, top: row?.getBoundingClientRect().top };
    });
  await expect.poll(async () => (await middle()).id).toBeDefined();
  const before = await middle();
  await burst(venue.origin, 120);
  await dashboard.newer.and(dashboard.page.getByText("↑ 120 newer")).waitFor();
  expect(await middle()).toEqual(before);
  await dashboard.newer.click();
  const newest = (await venue.orders()).at(-1)?.id;
  await expect.poll(async () => (await dashboard.drawn())[0]).toBe(newest);
  await dashboard.newer.waitFor({ state: "hidden" });
});

test("a paused list shows nothing new, and all of it when it is resumed", async () => {
  const venue = await startVenue();
  await burst(venue.origin, 20);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 20 });
  const before = await dashboard.drawn();
  await dashboard.page.keyboard.press("p");
  await dashboard.page.getByRole("button", { name: "Resume" }).waitFor();
  await burst(venue.origin, 40);
  // The head tells the number of the newest change that has come: all of them have.
  await dashboard.page.getByText("#120", { exact: true }).waitFor();
  expect(await dashboard.drawn()).toEqual(before);
  expect(await dashboard.counts()).toEqual({ PENDING: 0, EXECUTED: 20, CANCELLED: 0 });
  await dashboard.page.keyboard.press("p");
  await dashboard.countsBecome(await venue.counts());
  expect((await dashboard.all()).length).toBe(60);
});

test("a paused list stands still over a look at another room", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const { id } = await venue.place({ longPending: true });
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ PENDING: 1 });
  await dashboard.page.keyboard.press("p");
  await venue.cancel(id);
  await dashboard.page.getByRole("button", { name: "Resume · 1 change" }).waitFor();
  await dashboard.room("Pulse");
  await dashboard.room("Orders");
  await dashboard.countsBecome({ PENDING: 1, CANCELLED: 0 });
  await dashboard.page.keyboard.press("p");
  await dashboard.countsBecome({ PENDING: 0, CANCELLED: 1 });
});

test("arrow keys choose a row and Enter opens its story", async () => {
  const venue = await startVenue();
  await burst(venue.origin, 100);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 100 });
  const newestFirst = (await venue.orders()).map(({ id }) => id).reverse();
  const chosen = () => dashboard.grid.locator('[aria-selected="true"]').getAttribute("data-id");
  await dashboard.grid.focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) await dashboard.grid.press(key);
  await expect.poll(async () => newestFirst.indexOf((await chosen()) ?? "")).toBe(1);
  await dashboard.grid.press("End");
  await expect.poll(chosen).toBe(newestFirst.at(-1));
  await dashboard.grid.press("Home");
  await expect.poll(chosen).toBe(newestFirst[0]);
  await dashboard.grid.press("PageDown");
  await expect.poll(chosen).not.toBe(newestFirst[0]);
  const chosenIsWholeInSight = () =>
    dashboard.grid.evaluate((grid) => {
      const [list, head, row] = [grid, ...grid.querySelectorAll('.blotter-head, [aria-selected="true"]')].map(
        (element) => element.getBoundingClientRect(),
      );
      return list && head && row && row.top >= head.bottom - 1 && row.bottom <= list.bottom + 1;
    });
  await expect.poll(chosenIsWholeInSight).toBe(true);
  await dashboard.grid.press("Home");
  await dashboard.grid.press("ArrowDown");
  await dashboard.grid.press("Enter");
  await dashboard.story.getByText(newestFirst[1] as string).waitFor();
  // The story follows the row that is chosen next.
  await dashboard.grid.press("ArrowDown");
  await dashboard.story.getByText(newestFirst[2] as string).waitFor();
});

test("a row that was clicked in a running list keeps the keyboard when it has moved out of sight", async () => {
  const venue = await startVenue();
  await burst(venue.origin, 60);
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 60 });
  const clicked = (await venue.orders()).at(-1)?.id as string;
  await dashboard.row(clicked).click();
  await dashboard.story.getByText(clicked).waitFor();
  await burst(venue.origin, 200);
  await dashboard.row(clicked).waitFor({ state: "detached" });
  await dashboard.page.keyboard.press("ArrowDown");
  await dashboard.story.getByText(clicked).waitFor({ state: "detached" });
  expect(await dashboard.grid.locator('[aria-selected="true"]').count()).toBe(1);
});

test("of ten thousand orders only those in sight have elements", async () => {
  const venue = await startVenue();
  const feed = startFeed(venue.origin, { count: 10_500 });
  const dashboard = await visit(browser(), venue.origin);
  await feed.done;
  await dashboard.countsBecome({ EXECUTED: 10_500 });
  expect(await dashboard.rows.count()).toBeLessThan(60);
  await dashboard.grid.focus();
  await dashboard.grid.press("End");
  const oldest = (await venue.orders())[0]?.id as string;
  await dashboard.row(oldest).waitFor();
  expect(await dashboard.rows.count()).toBeLessThan(60);
});

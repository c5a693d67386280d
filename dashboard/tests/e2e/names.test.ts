// The ticket's names: what was sent once is sent again without placing anything twice; and many orders from one ticket.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startVenue } from "./support/venue";

const browser = useBrowser();
const REFUSALS = /status of 422/;

test("a named order is sent again and placed once: the ticket says that this is the first reply", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.names.click();
  await dashboard.clientOrderId.fill("bot-7/42");
  await dashboard.idempotencyKey.fill("key-1");
  await dashboard.place.click();
  await dashboard.outcome.getByText("Placed EURUSD 100").waitFor();
  expect(await dashboard.place.evaluate((button) => button === document.activeElement)).toBe(true);
  await dashboard.page.getByRole("button", { name: "Send again" }).click();
  await dashboard.outcome.getByText("Placed before: this is the first reply").waitFor();
  const [order, ...others] = await venue.orders();
  expect(others).toEqual([]);
  expect(order).toMatchObject({ client_order_id: "bot-7/42", idempotency_key: "key-1" });
  await dashboard.outcome.getByRole("link").click();
  await dashboard.story.getByText("bot-7/42").waitFor();
});

test("many orders are placed at once, each with a name of its own", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, {
    at: "#/orders?ticket.times=30&ticket.client_order_id=many",
  });
  await dashboard.page.getByRole("button", { name: "Place 30 orders" }).click();
  await dashboard.outcome.getByText("Done: 30 placed").waitFor();
  const names = (await venue.orders()).map(({ client_order_id }) => client_order_id);
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 30 }, (_, at) => `many-${at + 1}`)));
  await dashboard.page.getByRole("button", { name: "Send again" }).click();
  await dashboard.outcome.getByText("Done: 0 placed, 30 placed before").waitFor();
  expect(await venue.orders()).toHaveLength(30);
});

test("placing many can be stopped", async () => {
  const venue = await startVenue("--route-delay", "300ms");
  const dashboard = await visit(browser(), venue.origin, { at: "#/orders?ticket.times=1000" });
  await dashboard.page.getByRole("button", { name: "Place 1000 orders" }).click();
  await dashboard.page.getByRole("form", { name: "Place an order" }).getByRole("button", { name: "Stop" }).click();
  await dashboard.outcome.getByText(/^Stopped: \d+ placed, \d+ not tried/).waitFor();
  expect((await venue.orders()).length).toBeLessThan(1_000);
});

test("faults name their range, and go with Escape, which leads to the list", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, {
    at: "#/orders?ticket.quantity=0&ticket.client_order_id=%20not%20one",
    expects: REFUSALS,
  });
  await dashboard.place.click();
  await dashboard.page.getByText("9007199254740991").waitFor();
  for (const field of [dashboard.quantity, dashboard.clientOrderId])
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  await dashboard.quantity.press("Escape");
  await expect.poll(() => dashboard.grid.evaluate((grid) => grid === document.activeElement)).toBe(true);
  expect(await dashboard.quantity.getAttribute("aria-invalid")).toBe("false");
});

test("a number of times that is none is said at its field, and nothing is sent", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, { at: "#/orders?ticket.times=1001" });
  await dashboard.place.click();
  await dashboard.page.getByText("Input should be between 1 and 1,000").waitFor();
  expect(await venue.orders()).toEqual([]);
});

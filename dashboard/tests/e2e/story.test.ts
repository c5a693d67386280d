// An order's story, by its link.

import { expect, test } from "vitest";
import type { SchemaOrder } from "../../src/api/schema";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();
/** Chromium tells of it on the console when the venue knows no such order. */
const UNKNOWN = /status of 404/;

test("a story's link opened in a fresh page tells all times, numbers and names as REST does", async () => {
  const venue = await startVenue();
  const names = { clientOrderId: "bot-7/42", idempotencyKey: "key-1" };
  const { id } = await venue.place({ stoks: "ETH-USD", quantity: 9_007_199_254_740_991, ...names });
  await expect.poll(async () => (await venue.order(id)).status).toBe("EXECUTED");
  const order = await venue.order(id);
  const dashboard = await visit(browser(), venue.origin, { at: `#/orders/${id}` });
  await dashboard.story.getByText("Executed", { exact: true }).last().waitFor();
  const text = await told(dashboard);
  for (const part of [id, "ETH-USD", "9,007,199,254,740,991", "bot-7/42", "key-1"]) expect(text).toContain(part);
  expect(text).toContain(`#${order.accepted_seq}`);
  expect(text).toContain(`#${order.seq}`);
  for (const time of [order.accepted_at, order.due_at, order.closed_at]) expect(text).toContain(written(time));
});

test("a story tells of an execution and of a cancellation while it is open", async () => {
  const venue = await startVenue("--delay", "5s", "--long-delay", "1h");
  const [short, long] = [await venue.place(), await venue.place({ longPending: true })];
  const dashboard = await visit(browser(), venue.origin, { at: `#/orders/${short.id}` });
  await dashboard.story.getByText("Will execute").waitFor();
  await dashboard.story.getByText("Due", { exact: true }).waitFor();
  const executed = await venue.order(short.id);
  expect(await told(dashboard)).toContain(written(executed.closed_at));

  await dashboard.row(long.id).click();
  await dashboard.story.getByText("Will execute").waitFor();
  await dashboard.story.getByRole("button", { name: "Cancel order" }).click();
  await dashboard.story.getByText("Would have executed").waitFor();
  const cancelled = await venue.order(long.id);
  expect(cancelled.status).toBe("CANCELLED");
  expect(await told(dashboard)).toContain(written(cancelled.closed_at));
});

test("the link of an order that the venue does not know says so", async () => {
  const venue = await startVenue();
  for (const id of ["00000000-0000-4000-8000-000000000000", "no-id"]) {
    const dashboard = await visit(browser(), venue.origin, { at: `#/orders/${id}`, expects: UNKNOWN });
    await dashboard.story.getByRole("alert").getByText("The venue knows no order with this id.").waitFor();
  }
});

test("an order from long before the changes that the venue holds has its story too", async () => {
  const venue = await startVenue("--history", "100");
  const { id } = await venue.place({ stoks: "OLD", clientOrderId: "first" });
  // Its last change has to leave the history, too.
  await expect.poll(async () => (await venue.order(id)).status).toBe("EXECUTED");
  await burst(venue.origin, 500);
  const dashboard = await visit(browser(), venue.origin, { at: `#/orders/${id}` });
  await dashboard.story.getByText("first").waitFor();
  const order = await venue.order(id);
  const text = await told(dashboard);
  for (const time of [order.accepted_at, order.due_at, order.closed_at]) expect(text).toContain(written(time));
  expect(text).toContain("#1");
});

test("the search finds an order by the name that a client gave it", async () => {
  const venue = await startVenue();
  const { id } = await venue.place({ clientOrderId: "bot-7/42" });
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.row(id).waitFor();
  await dashboard.search.fill("bot-7/42");
  await dashboard.search.press("Enter");
  await dashboard.story.getByText(id).waitFor();
});

async function told(dashboard: Dashboard): Promise<string> {
  return dashboard.story.innerText();
}

/** A time of the wire as the page writes it: all its digits. */
function written(time: SchemaOrder["closed_at"]): string {
  if (time === null || time === undefined) throw new Error("the order is still pending");
  return time.replace("T", " ").replace("Z", " UTC");
}

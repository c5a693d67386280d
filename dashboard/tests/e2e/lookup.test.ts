// An order is found by whatever its reader has of it: typed or pasted into the search.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("the list shows the order of a client order id, a pasted link or an id without dashes as it is typed", async () => {
  const venue = await startVenue("--delay", "none");
  const { id } = await venue.place({ clientOrderId: "Bot-7/42" });
  await venue.place({ clientOrderId: "other" });
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 2 });
  const texts = ["bot-7/4", `${venue.origin}/#/orders?order=${id}`, `${venue.origin}/#/orders/${id}`, id.toUpperCase()];
  for (const text of [...texts, id.replaceAll("-", "")]) {
    await dashboard.search.fill(text);
    await expect.poll(() => dashboard.drawn(), { message: text }).toEqual([id]);
  }
});

test("an Idempotency-Key is asked of the venue with Enter, and the list says that it can be", async () => {
  const venue = await startVenue("--delay", "none");
  const { id } = await venue.place({ idempotencyKey: "order-of-monday" });
  await venue.place();
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ EXECUTED: 2 });
  await dashboard.search.fill("order-of-monday");
  await dashboard.page.getByRole("button", { name: "Enter asks the venue" }).waitFor();
  await dashboard.search.press("Enter");
  await dashboard.story.getByText(id).waitFor();
});

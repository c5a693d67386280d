// The wire: what was sent of an order, to the letter.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import type { Dashboard } from "./support/dashboard";
import { burst } from "./support/feed";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("an order's frames stand as they were sent, and what comes is added", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const { id } = await venue.place({ longPending: true, clientOrderId: "bot-1" });
  const dashboard = await visit(browser(), venue.origin, { at: `#/orders?panel=wire&order=${id}` });
  await expect.poll(() => frames(dashboard)).toHaveLength(1);
  await venue.cancel(id);
  await expect.poll(() => frames(dashboard)).toHaveLength(2);
  expect(await frames(dashboard)).toEqual(await sent(dashboard, id));

  const reply = async () => (await dashboard.page.getByRole("region", { name: "REST" }).innerText()) ?? "";
  const told = await (await fetch(`${venue.origin}/orders/${id}`)).text();
  await expect.poll(async () => (await reply()).includes(told)).toBe(true);

  await dashboard.page.getByLabel("As text").check();
  await expect.poll(() => frames(dashboard)).toEqual([`${id} is PENDING`, `${id} is CANCELLED`]);
});

test("what the venue no longer holds of an order is said", async () => {
  const venue = await startVenue("--history", "100", "--delay", "none");
  const { id } = await venue.place();
  await burst(venue.origin, 300);
  const { page } = await visit(browser(), venue.origin, { at: `#/orders?panel=wire&order=${id}` });
  await page.getByText("no longer holds this order's changes").waitFor();
});

test("the wire is open as long as it is shown, and says where there is nothing to show, or no answer", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const { id } = await venue.place({ longPending: true });
  const { page } = await visit(browser(), venue.origin, {
    at: "#/orders?panel=wire",
    expects: /WebSocket|ERR_|failed:/,
  });
  const ofOrder = (socket: { url(): string }) => socket.url().includes("order_id=");
  await page.getByText("Choose an order in the list, and what was sent of it").waitFor();
  const opened = page.waitForEvent("websocket", ofOrder);
  await page.goto(`${venue.origin}/#/orders?panel=wire&order=${id}`);
  const socket = await opened;
  await page.getByText("open: what comes is added").waitFor();
  await page.getByRole("tab", { name: "Orders" }).click();
  await expect.poll(() => socket.isClosed()).toBe(true);

  await page.getByRole("tab", { name: "Wire" }).click();
  await page.getByText("open: what comes is added").waitFor();
  await venue.kill();
  await page.getByText("closed by the venue: tried again").or(page.getByText("refused, or no answer")).waitFor();
});

function frames({ page }: Dashboard): Promise<string[]> {
  return page.getByRole("region", { name: "Frames" }).locator("pre").allInnerTexts();
}

/** Both frames of an order, as another subscriber gets them. */
function sent({ page }: Dashboard, id: string): Promise<string[]> {
  return page.evaluate((id) => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws?format=json&order_id=${id}&since=0`);
    const all: string[] = [];
    return new Promise((done) => {
      socket.onmessage = ({ data }) => {
        if (all.push(data) < 2) return;
        socket.close();
        done(all);
      };
    });
  }, id);
}

// Cancelling many orders: asked first, told how far it is in every room, stopped, and its result.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("cancelling goes on in another room with its progress, cannot be begun twice, and tells its result", async () => {
  const venue = await startVenue("--long-delay", "1h", "--route-delay", "150ms");
  await Promise.all(Array.from({ length: 60 }, () => venue.place({ longPending: true })));
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ PENDING: 60 });
  await dashboard.cancelAllShown();
  await dashboard.page.getByText(/^Cancelling: \d+ of 60$/).waitFor();
  expect(await dashboard.cancelShown.isDisabled()).toBe(true);
  await dashboard.room("Pulse");
  await dashboard.page.getByText(/^Cancelling: \d+ of 60$/).waitFor();
  await dashboard.page.getByText("Done: 60 cancelled").waitFor();
  await dashboard.room("Orders");
  await dashboard.countsBecome({ PENDING: 0, CANCELLED: 60 });
});

test("cancelling is stopped half way, and what was not tried stays pending", async () => {
  const venue = await startVenue("--long-delay", "1h", "--route-delay", "200ms");
  await Promise.all(Array.from({ length: 60 }, () => venue.place({ longPending: true })));
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.countsBecome({ PENDING: 60 });
  await dashboard.cancelAllShown();
  await dashboard.page.getByText(/^Cancelling: [1-9]\d* of 60$/).waitFor();
  await dashboard.page.getByRole("button", { name: "Stop" }).click();
  await dashboard.page.getByText(/^Stopped: \d+ cancelled, \d+ not tried$/).waitFor();
  const { PENDING, CANCELLED } = await venue.counts();
  expect(CANCELLED).toBeGreaterThan(0);
  expect(PENDING).toBeGreaterThan(0);
  await dashboard.countsBecome({ PENDING, CANCELLED });
  await dashboard.page.getByRole("button", { name: "Dismiss the result" }).click();
  await dashboard.page.getByText(/^Stopped/).waitFor({ state: "detached" });
});

test("a cancellation that takes long shows that it is on its way, and cannot be sent again", async () => {
  const venue = await startVenue("--long-delay", "1h", "--route-delay", "1s");
  const { id } = await venue.place({ longPending: true });
  const dashboard = await visit(browser(), venue.origin);
  await dashboard.shows(id, "PENDING");
  const cross = dashboard.row(id).getByRole("button", { name: /^Cancel/ });
  await cross.click();
  expect(await cross.isDisabled()).toBe(true);
  expect(await cross.getAttribute("title")).toBe("Cancelling…");
  await dashboard.shows(id, "CANCELLED");
});

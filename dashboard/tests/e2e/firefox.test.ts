// The paths of a first visit, in Firefox.

import { expect, test } from "vitest";
import { useFirefox, visitIn } from "./support/firefox";
import { startVenue } from "./support/venue";

const firefox = useFirefox();

test("Firefox: an order placed with the ticket is executed in the list, and its story opens", async () => {
  const venue = await startVenue("--delay", "500ms");
  const visit = await visitIn(firefox(), `${venue.origin}/`);
  await visit.isLive();
  const id = await visit.place("BTC-USD", 42);
  await visit.lists(id, "EXECUTED");
  expect(await venue.order(id)).toMatchObject({ stoks: "BTC-USD", quantity: 42, status: "EXECUTED" });
  await visit.openStory(id);
  await visit.tellsStoryOf(id);
  await visit.closeStory();
});

test("Firefox: the rooms are a click away, and a question mark opens the help", async () => {
  const venue = await startVenue();
  const visit = await visitIn(firefox(), `${venue.origin}/`);
  await visit.isLive();
  await visit.goTo("Pulse");
  await visit.openHelp();
  await visit.closeHelp();
  await visit.goTo("Orders");
  await visit.isLive();
});

test("Firefox: the page's own traffic places orders while it is on, and none after", async () => {
  const venue = await startVenue("--delay", "none", "--long-delay", "1s");
  const visit = await visitIn(firefox(), `${venue.origin}/`);
  await visit.isLive();
  await visit.traffic(true);
  await expect.poll(async () => (await venue.orders()).length).toBeGreaterThan(5);
  await visit.traffic(false);
  await expect.poll(async () => (await venue.counts()).PENDING).toBe(0);
  const placed = (await venue.orders()).length;
  // While this one waits for its second, traffic that still ran would place five.
  const { id } = await venue.place({ longPending: true });
  await visit.lists(id, "EXECUTED");
  expect((await venue.orders()).length).toBe(placed + 1);
});

test("Firefox: a reload keeps the address's place: a room, a story", async () => {
  const venue = await startVenue();
  const { id } = await venue.place();
  const visit = await visitIn(firefox(), `${venue.origin}/#/pulse`);
  await visit.isIn("Pulse");
  await visit.isLive();
  await visit.page.reload();
  await visit.isIn("Pulse");
  await visit.isLive();
  await visit.goTo("Orders");
  await visit.openStory(id);
  await visit.tellsStoryOf(id);
  await visit.page.reload();
  await visit.tellsStoryOf(id);
  await visit.lists(id, "EXECUTED");
  await visit.isLive();
});

// What a story says that is not an order's plain course: what was forgotten, what is awaited, how it was delayed; and what
// can be taken along from it.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { copied, forbidCopy, letCopy } from "./support/clipboard";
import { startVenue } from "./support/venue";

const browser = useBrowser();
/** What a page meets whose venue is away for a moment, and whose order is gone after it. */
const RESTART = /status of 40\d|ERR_|WebSocket|failed:/;

test("a venue that was started anew does not know the order: what was seen stays, and nothing is to come of it", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const { id } = await venue.place({ stoks: "GONE", longPending: true, clientOrderId: "bot-1" });
  const { story } = await visit(browser(), venue.origin, { at: `#/orders/${id}`, expects: RESTART });
  await story.getByText("Will execute").waitFor();
  await venue.kill();
  await venue.start();
  await story.getByText("This venue does not know the order any more").waitFor();
  const text = await story.innerText();
  for (const part of ["GONE", "Was to execute", "bot-1"]) expect(text).toContain(part);
  expect(text).not.toContain("Will execute");
  expect(await story.getByRole("button", { name: "Cancel order" }).count()).toBe(0);
});

test("what the venue has forgotten is told as the page saw it", async () => {
  const venue = await startVenue("--max-orders", "1", "--delay", "none");
  const { id } = await venue.place({ stoks: "BRIEF" });
  const dashboard = await visit(browser(), venue.origin, { expects: /status of 404/ });
  await dashboard.shows(id, "EXECUTED");
  // One takes the place of the other.
  await venue.place({ stoks: "NEWER" });
  await dashboard.row(id).click();
  await dashboard.story.getByText("The venue has forgotten it; this is what the page saw.").waitFor();
  expect(await dashboard.story.innerText()).toContain("BRIEF");
});

test("a slow venue's story has its shape at once, and cancelling says that it is on its way", async () => {
  const venue = await startVenue("--long-delay", "1h", "--route-delay", "1s", "--history", "1");
  const [{ id }] = await Promise.all([venue.place({ longPending: true }), venue.place()]);
  const dashboard = await visit(browser(), venue.origin, { at: `#/orders/${id}` });
  await dashboard.story.locator(".blank").first().waitFor();
  expect(await dashboard.story.getAttribute("aria-busy")).toBe("true");
  await dashboard.story.getByRole("button", { name: "Cancel order" }).click();
  await dashboard.story.getByRole("button", { name: "Cancelling…" }).waitFor();
  await dashboard.story.getByText("Would have executed").waitFor();
});

test("the longest symbol and quantity are all there on a narrow screen, and the story can be closed", async () => {
  const venue = await startVenue();
  const symbol = "ABCDEFGHIJKLMNOPQRSTUVWXYZ.12345";
  const { id } = await venue.place({ stoks: symbol, quantity: 9_007_199_254_740_991 });
  const { story, page, grid } = await visit(browser(), venue.origin, { at: `#/orders/${id}`, width: 400 });
  await story.getByText(symbol).waitFor();
  const cut = await story.evaluate((story) =>
    [...story.querySelectorAll("*")].flatMap((element) =>
      element.getBoundingClientRect().right > innerWidth || element.getBoundingClientRect().left < 0
        ? [element.outerHTML.slice(0, 80)]
        : [],
    ),
  );
  expect(cut).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  await story.getByRole("button", { name: "Close the story" }).click();
  await grid.waitFor();
});

for (const [delay, words] of [
  ["none", "without a delay"],
  ["500ms", "after the fixed delay of 500 ms"],
  ["100ms..200ms", "drawn when it was accepted"],
] as const)
  test(`with --delay ${delay} a story says “${words}”`, async () => {
    const venue = await startVenue("--delay", delay);
    const { id } = await venue.place();
    const { story } = await visit(browser(), venue.origin, { at: `#/orders/${id}` });
    await story.getByText(words).waitFor();
    if (!words.startsWith("drawn")) expect(await story.innerText()).not.toContain("drawn");
  });

test("a long pending order's delay is called long", async () => {
  const venue = await startVenue();
  const { id } = await venue.place({ longPending: true });
  const { story } = await visit(browser(), venue.origin, { at: `#/orders/${id}` });
  await story.getByText("after the long delay of 5 s").waitFor();
});

test("what is copied leads back to the order: id, link of this venue, and commands that a shell runs", async () => {
  const venue = await startVenue("--delay", "none");
  const names = { clientOrderId: "it's/1", idempotencyKey: "k'1" };
  const { id } = await venue.place(names);
  const { story, page } = await visit(browser(), venue.origin, { at: `#/orders/${id}`, before: letCopy });
  await story.getByText("it's/1").waitFor();
  const copy = async (name: string) => {
    await story.getByRole("button", { name: `Copy ${name}`, exact: true }).click();
    await story.getByText("Copied").waitFor();
    return copied(page);
  };
  expect(await copy("id")).toBe(id);
  await expect.poll(() => copy("link")).toMatch(new RegExp(`#/orders\\?order=${id}&instance=[0-9a-f]{8}$`));
  const link = await copy("link");
  expect(run(await copy("curl"))).toMatchObject({ id, idempotency_key: "k'1" });
  // The same names: the venue answers as it did the first time.
  expect(run(await copy("curl that places it"))).toMatchObject({ id });
  expect(await venue.orders()).toHaveLength(1);
  expect(await copy("websocat")).toBe(
    `websocat '${venue.origin.replace("http", "ws")}/ws?format=json&order_id=${id}&since=0'`,
  );

  const other = await startVenue();
  const { hash } = new URL(link);
  const elsewhere = await visit(browser(), other.origin, { at: hash, expects: /status of 404/ });
  await elsewhere.story.getByText("This link is of another venue").waitFor();
});

test("a copy that the browser refuses says so, and shows what was to be copied", async () => {
  const venue = await startVenue();
  const { id } = await venue.place();
  const { story } = await visit(browser(), venue.origin, { at: `#/orders/${id}`, before: forbidCopy });
  await story.getByRole("button", { name: "Copy id" }).click();
  await story.getByText("does not let this page copy").waitFor();
  expect(await story.getByLabel("To be copied by hand").inputValue()).toBe(id);
});

test("on paper a story is by itself, whole, and says of which venue it is", async () => {
  const venue = await startVenue();
  const { id } = await venue.place({ stoks: "PAPER" });
  const { story, page } = await visit(browser(), venue.origin, { at: `#/orders/${id}`, theme: "dark" });
  await story.getByText("Executed", { exact: true }).last().waitFor();
  await page.emulateMedia({ media: "print" });
  const text = await page.locator("body").innerText();
  for (const part of ["PAPER", id, "Accepted", " UTC", `${venue.origin}/ (`]) expect(text).toContain(part);
  for (const part of ["Cancel", "Copy", "New order", "Pause", "Filter"]) expect(text).not.toContain(part);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
});

/** What the venue answers to a command line. */
function run(command: string): unknown {
  return JSON.parse(execFileSync("sh", ["-c", `${command} -s`], { encoding: "utf8" }));
}

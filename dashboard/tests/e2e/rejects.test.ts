// The requests that a venue refused, as the page shows them.

import { expect, test } from "vitest";
import { RELOADED, useBrowser, visit } from "./support/browser";
import { copied, letCopy } from "./support/clipboard";
import { startVenue } from "./support/venue";

const browser = useBrowser();
const AT = { at: "#/orders?panel=rejects" };

test("what is refused comes into the list, with what was sent and what was wrong, and counts until it is looked at", async () => {
  const venue = await startVenue();
  const dashboard = await visit(browser(), venue.origin, { before: letCopy });
  await dashboard.is("live");
  await refuse(venue.origin, { stoks: "EUR USD", quantity: 0 });
  await fetch(`${venue.origin}/orders?limit=x`);
  const tab = dashboard.page.getByRole("tab", { name: "Rejects" });
  await tab.getByText("2").waitFor();
  await tab.click();
  await expect.poll(() => tab.innerText()).toBe("Rejects");
  await expect.poll(() => dashboard.rejects.count()).toBe(2);

  const posted = dashboard.rejects.filter({ hasText: "POST /orders" });
  expect(await posted.innerText()).toMatch(/422[\s\S]*"EUR USD"/);
  await posted.locator("summary").focus();
  await dashboard.page.keyboard.press("Enter");
  await posted.getByText("body quantity").last().waitFor();
  await posted.getByText("9007199254740991").last().waitFor();
  await posted.getByRole("button", { name: "Copy curl" }).click();
  await posted.getByText("Copied").waitFor();
  expect(await copied(dashboard.page)).toMatch(/^curl -X 'POST' 'http:\S+\/orders' .* --data-raw '\{.*EUR USD.*\}'$/);

  await dashboard.page.getByLabel("Path, body or fault contains").fill("limit=x");
  await expect.poll(() => dashboard.rejects.count()).toBe(1);
  await dashboard.page.getByLabel("Path, body or fault contains").fill("");
  await dashboard.rejects.first().locator("summary").focus();
  await dashboard.page.keyboard.press("ArrowDown");
  expect(
    await dashboard.rejects
      .nth(1)
      .locator("summary")
      .evaluate((row) => row === document.activeElement),
  ).toBe(true);
});

test("they are told apart by status, and the filter is the address's", async () => {
  const venue = await startVenue();
  await refuse(venue.origin, { stoks: "EURUSD", quantity: 0 });
  await fetch(`${venue.origin}/orders`, { method: "POST", body: "x".repeat(3_000_000) }).catch(() => undefined);
  const dashboard = await visit(browser(), venue.origin, { ...AT, expects: RELOADED });
  await dashboard.rejects.first().waitFor();
  await dashboard.page.getByLabel("Status", { exact: true }).selectOption("422");
  await expect.poll(() => dashboard.page.url()).toContain("rejects.status=422");
  await expect.poll(() => dashboard.rejects.count()).toBe(1);
  await dashboard.page.reload();
  await expect.poll(() => dashboard.rejects.count()).toBe(1);
});

test("a venue that keeps none says so", async () => {
  const venue = await startVenue("--rejects", "0");
  await refuse(venue.origin, { stoks: "EURUSD", quantity: 0 });
  const { page } = await visit(browser(), venue.origin, AT);
  await page.getByText("The venue keeps none (--rejects 0, or an older one).").waitFor();
});

async function refuse(origin: string, body: unknown): Promise<void> {
  await fetch(`${origin}/orders`, { method: "POST", body: JSON.stringify(body) });
}

// What is made to happen on purpose: rules and faults put, counted, switched off, and refused at their place; and what is
// done to an order by hand.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("a rule is added, put and counted, is switched off and on again, and outlives a reload", async () => {
  const server = await startVenue("--delay", "none");
  const dashboard = await visit(browser(), server.origin, { at: "#/rules", expects: /ERR_ABORTED/ });
  const { page } = dashboard;
  const rules = page.getByRole("region", { name: "Rules" });
  await rules.getByText("No rules").waitFor();
  await rules.getByLabel("Add to Rules").selectOption("refuse every third");
  const text = rules.getByRole("textbox");
  await text.fill('{"name": "first", "match": {"nth": 1}, "do": {"reject": "no"}}');
  await rules.getByRole("button", { name: "Put the list" }).click();
  await rules.getByText("matched 0, used 0").waitFor();
  expect(await server.get("/rules")).toMatchObject([{ name: "first", match: { nth: 1 }, do: { reject: "no" } }]);
  await expect(server.place()).rejects.toThrow("403");
  await rules.getByText("matched 1, used 1").waitFor();

  await rules.getByRole("checkbox", { name: "first" }).uncheck();
  await rules.getByRole("button", { name: "Put the list" }).click();
  await rules.getByText("off", { exact: true }).waitFor();
  expect(await server.get("/rules")).toEqual([]);
  await page.reload();
  await rules.getByRole("checkbox", { name: "first" }).check();
  await rules.getByRole("button", { name: "Put the list" }).click();
  await rules.getByText("matched 0, used 0").waitFor();
});

test("what is wrong with a list is told at the entry that it is of, and nothing is put", async () => {
  const server = await startVenue();
  const { page } = await visit(browser(), server.origin, { at: "#/rules", expects: /status of 422/ });
  const faults = page.getByRole("region", { name: "Faults" });
  await faults.getByLabel("Add to Faults").selectOption("answer 503");
  await faults.getByLabel("Add to Faults").selectOption("wait");
  const second = faults.getByRole("textbox").nth(1);
  await second.fill("{");
  await faults.getByRole("button", { name: "Put the list" }).click();
  await faults.getByText(/^This is no JSON/).waitFor();
  await second.fill('{"name": "slow", "do": {"delay": "soon"}}');
  await faults.getByRole("button", { name: "Put the list" }).click();
  await faults.getByText(/^do\.delay: /).waitFor();
  expect(await second.getAttribute("aria-invalid")).toBe("true");
  expect(await server.get("/faults")).toEqual([]);
  await faults.getByRole("button", { name: "Give up changes" }).click();
  await faults.getByText("No faults").waitFor();
});

test("a fault that is put befalls requests, and says how often", async () => {
  const server = await startVenue("--delay", "none");
  const { page } = await visit(browser(), server.origin, { at: "#/rules" });
  const faults = page.getByRole("region", { name: "Faults" });
  await faults.getByLabel("Add to Faults").selectOption("answer 503");
  await faults.getByRole("textbox").fill('{"name": "busy", "match": {"route": "POST /orders"}, "do": {"status": 503}}');
  await faults.getByRole("button", { name: "Put the list" }).click();
  await faults.getByText("matched 0").waitFor();
  await expect(server.place()).rejects.toThrow("503");
  await faults.getByText("matched 1").waitFor();
});

test("an order is done to by hand from its story", async () => {
  const server = await startVenue("--delay", "1h", "--market", "frozen");
  const limit = { symbol: "EURUSD", side: "buy", qty: "100", type: "limit", limit_price: "1.00000" };
  const { id } = await server.post("/orders", limit);
  const { page, story } = await visit(browser(), server.origin, { at: `#/orders/${id}`, expects: /status of 4/ });
  await story.getByText("Make something happen").click();
  const acts = story.getByRole("group", { name: "Make something happen to the order" });
  await acts.getByRole("button", { name: "Fill" }).click();
  await story
    .getByRole("status")
    .getByText(/arriv|state/i)
    .waitFor();
  await acts.getByRole("button", { name: "Arrive" }).click();
  await server.becomes(id, "new");
  await story.getByLabel("How much").fill("40");
  await acts.getByRole("button", { name: "Fill" }).click();
  expect((await server.becomes(id, "partially_filled")).filled_qty).toBe("40");
  await acts.getByRole("button", { name: "Expire" }).click();
  await server.becomes(id, "expired");
  await expect.poll(() => page.getByText("Make something happen").count()).toBe(0);
});

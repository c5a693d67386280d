import { afterEach, expect, test, vi } from "vitest";
import { findOrder, readId, readLink } from "../../src/live/lookup";
import { Orders } from "../../src/model/orders";
import { change } from "./support";

const ID = "1d70aeaa-658c-4799-819f-79c436d2dd18";
const WIRE = {
  id: ID,
  stoks: "X",
  quantity: 1,
  status: "PENDING",
  accepted_at: "2026-11-22T08:00:00Z",
  due_at: "2026-11-22T08:00:01Z",
  closed_at: null,
  accepted_seq: 1,
  seq: 1,
};

let asked: string[] = [];

/** A venue that answers what its paths say; 404 to everything else. */
function venue(answers: Record<string, unknown>) {
  asked = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const found = Object.entries(answers).find(([begin]) => path.startsWith(begin));
    return found === undefined ? Response.json({ detail: "Not Found" }, { status: 404 }) : Response.json(found[1]);
  });
}

afterEach(() => vi.unstubAllGlobals());

test.each([
  [ID, ID],
  [ID.toUpperCase(), ID],
  [ID.replaceAll("-", ""), ID],
  [ID.slice(1), null],
  ["bot-7/42", null],
])("the id in %s is %s", (text, id) => expect(readId(text)).toBe(id));

test.each([
  [`http://venue/#/orders/${ID}`, ID],
  [`https://host/pit/orders/${ID.toUpperCase()}?x=1`, ID],
  [`http://venue/#/market/EURUSD?panel=orders&order=${ID}&tf=1m`, ID],
  [`#/orders/${ID.replaceAll("-", "")}`, ID],
  ["http://venue/#/orders/", null],
  ["me/orders/17", null],
])("the link %s leads to %s", (text, id) => expect(readLink(text)).toBe(id));

test("what is held is found without a question", async () => {
  venue({});
  const held = new Orders();
  held.apply(change(1, ID, "PENDING", { clientOrderId: "bot/1" }));
  const order = held.find(ID);
  expect(await findOrder(`  ${ID.toUpperCase()} `, held)).toEqual({ kind: "found", by: "id", order });
  expect(await findOrder(`http://venue/orders/${ID}`, held)).toEqual({ kind: "found", by: "link", order });
  expect(await findOrder("bot/1", held)).toEqual({ kind: "found", by: "client order id", order });
  expect(asked).toEqual([]);
});

test("what is not held is asked for, by all that the text may be", async () => {
  const record = { ...WIRE, client_order_id: "bot/1", idempotency_key: "k 1" };
  venue({ [`orders/${ID}`]: WIRE, "orders?client_order_id=bot%2F1": { [ID]: record }, "orders?": { [ID]: record } });
  const held = new Orders();
  expect(await findOrder(ID, held)).toMatchObject({ kind: "found", by: "id", order: { id: ID } });
  expect(await findOrder("bot/1", held)).toMatchObject({ kind: "found", by: "client order id" });
  expect(await findOrder('"k 1"', held)).toMatchObject({ kind: "found", by: "idempotency key" });
  // A venue that does not know a parameter lists something else.
  expect(await findOrder("k 2", held)).toEqual({ kind: "none" });
  expect(await findOrder(" ", held)).toEqual({ kind: "none" });
});

test("a venue that does not answer has not said that there is none", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new Error("away")));
  expect(await findOrder(ID, new Orders())).toMatchObject({ kind: "failed", refusal: { status: 0 } });
});

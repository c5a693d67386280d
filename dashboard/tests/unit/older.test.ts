import { afterEach, expect, test, vi } from "vitest";
import { OlderOrders } from "../../src/live/older";
import { Orders } from "../../src/model/orders";
import { change, order } from "./support";

afterEach(() => vi.unstubAllGlobals());

const at = (seq: number) => `2026-11-22T08:00:00.${String(seq).padStart(6, "0")}Z`;

/** A venue that has accepted orders 1 to `count`, and lists pages of at most 1 000, as it is asked for them. */
function venue(count: number, { knowsOrder = true, forgot = 0 } = {}): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const query = new URLSearchParams(path.split("?")[1]);
    let seqs = Array.from({ length: count - forgot }, (_, at) => forgot + at + 1);
    const descending = knowsOrder && query.get("order") === "desc";
    if (descending) seqs.reverse();
    const after = query.get("after");
    if (after !== null) {
      const place = seqs.indexOf(Number(after.slice(1)));
      if (place < 0) return Response.json({ detail: [{ loc: ["query", "after"], msg: "unknown" }] }, { status: 422 });
      seqs = seqs.slice(place + 1);
    }
    const page = seqs.slice(0, Number(query.get("limit")));
    const orders = page.map((seq) => ({
      id: `o${seq}`,
      stoks: "X",
      quantity: 1,
      status: "EXECUTED",
      accepted_at: at(seq),
      due_at: at(seq),
      closed_at: at(seq),
      accepted_seq: seq,
      seq,
    }));
    const link = seqs.length > page.length ? `</orders?${query}&after=o${page.at(-1)}>; rel="next"` : "";
    return Response.json(Object.fromEntries(orders.map((order) => [order.id, order])), { headers: { link } });
  });
  return asked;
}

/** A page that has followed the changes from `from` to `to`, and holds an older open order. */
function following(from: number, to: number, orders = new Orders()): [OlderOrders, Orders] {
  const older = new OlderOrders(orders);
  older.begin();
  for (let seq = from; seq <= to; seq += 1) {
    older.follows(seq);
    orders.apply(change(seq, `o${seq}`));
  }
  return [older, orders];
}

test("older orders come a page at a time, until there are none left", async () => {
  venue(2_500);
  const [older, orders] = following(2_001, 2_500);
  orders.merge([order("o3", 3)]);
  expect(await older.load()).toBe(true);
  expect([orders.size, orders.find("o1001")?.seq, older.state().kind]).toEqual([1_501, 1_001, "idle"]);
  expect(await older.load()).toBe(true);
  expect([orders.size, orders.all[0]?.id, older.state().kind]).toEqual([2_500, "o1", "none left"]);
  expect(orders.all.map(({ seq }) => seq)).toEqual(Array.from({ length: 2_500 }, (_, at) => at + 1));
});

test("what a loss left out is loaded first", async () => {
  const asked = venue(300);
  const [older, orders] = following(1, 100);
  older.lost(200);
  for (let seq = 201; seq <= 300; seq += 1) {
    older.follows(seq);
    orders.apply(change(seq, `o${seq}`));
  }
  await older.load();
  expect(asked).toEqual(["orders?order=desc&limit=1000&after=o201"]);
  expect([orders.size, older.state().kind]).toEqual([300, "none left"]);
});

test("what was let go for room can be loaded again, and then stays for a while", async () => {
  venue(300);
  const orders = new Orders(100, 1_500);
  const [older] = following(1, 300, orders);
  expect(orders.size).toBeLessThanOrEqual(110);
  await older.load();
  expect([orders.size, older.state().kind]).toEqual([300, "none left"]);
  for (let seq = 301; seq <= 390; seq += 1) orders.apply(change(seq, `o${seq}`));
  expect(orders.find("o1")).toBeDefined();
  for (let seq = 391; seq <= 2_000; seq += 1) orders.apply(change(seq, `o${seq}`));
  expect(orders.size).toBeLessThanOrEqual(500 * 1.1);
});

test("a page that holds as many as it may loads no more", async () => {
  const asked = venue(5_000);
  const [older] = following(4_001, 5_000, new Orders(1_000, 1_500));
  expect(await older.load()).toBe(false);
  expect([asked, older.state().kind]).toEqual([[], "full"]);
});

test("an earlier venue that lists the oldest first is seen through", async () => {
  venue(300, { knowsOrder: false });
  const [older, orders] = following(200, 290);
  expect(await older.load()).toBe(false);
  expect([older.state().kind, orders.size]).toEqual(["not offered", 91]);
});

test("a venue that has forgotten the oldest order that is held has none that are older", async () => {
  venue(300, { forgot: 250 });
  const [older] = following(200, 300);
  expect(await older.load()).toBe(false);
  expect(older.state().kind).toBe("none left");
});

test("an answer that comes after the page began anew is of no use", async () => {
  venue(300);
  const [older, orders] = following(200, 300);
  const loading = older.load();
  older.begin();
  orders.clear();
  expect([await loading, orders.size, older.state().kind]).toEqual([false, 0, "idle"]);
});

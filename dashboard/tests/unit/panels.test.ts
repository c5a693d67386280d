import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer, TablePage } from "../../src/api/rest";
import type { SchemaOrder } from "../../src/api/schema";
import { framesAsWebsocat, placeAsCurl, quoted, rejectAsCurl } from "../../src/panels/commands";
import { type Asked, begins, fits, fromField, isAnswered, queryOf, toField } from "../../src/panels/history/asking";
import { Exporter } from "../../src/panels/history/export";
import { cell, lines } from "../../src/panels/history/files";
import { fitting } from "../../src/panels/rejects/told";
import { readTimes, requests } from "../../src/panels/ticket/requests";
import { asText, readWireFrame } from "../../src/panels/wire/frames";
import { EMPTY_DRAFT } from "../../src/shell/draft";
import { order, reject } from "./support";

beforeEach(() => {
  vi.stubGlobal("document", { baseURI: "https://host/venue/" });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const ALL: Asked = { status: null, symbol: "", find: "", from: "", until: "" };

/** What every native order tells of the exchange before it is due. */
const NATIVE = {
  state: "accepted",
  side: "buy",
  type: "market",
  time_in_force: "gtc",
  limit_price: null,
  stop_price: null,
  trail_price: null,
  trail_percent: null,
  post_only: false,
  order_class: "simple",
  notional: null,
  account: "default",
  qty: "1",
  filled_qty: "0",
  average_price: null,
  hwm: null,
  arrived_at: null,
  expires_at: null,
  reason: null,
  reason_text: null,
  parent: null,
  legs: null,
  replaces: null,
  replaced_by: null,
} as const;

function wireOrder(seq: number, more: Partial<SchemaOrder> = {}): SchemaOrder {
  const accepted_at = `2026-11-22T08:00:${String(seq % 60).padStart(2, "0")}.000000Z`;
  const common = { stoks: "A", quantity: 1, status: "PENDING", due_at: accepted_at, closed_at: null } as const;
  const numbers = { accepted_seq: seq, seq, number: seq };
  return { id: `o${seq}`, ...common, ...NATIVE, accepted_at, updated_at: accepted_at, ...numbers, ...more };
}

test("a command is one that a shell takes to the letter", () => {
  expect(quoted("it's")).toBe(`'it'\\''s'`);
  const record = { order: order("a", 3), clientOrderId: "it's", idempotencyKey: "k" };
  expect(placeAsCurl(record, true)).toBe(
    `curl -X POST 'https://host/venue/orders' -H 'content-type: application/json' -H 'long-pending: true' ` +
      `-H 'idempotency-key: k' --data-raw '{"stoks":"EURUSD","quantity":5,"client_order_id":"it'\\''s"}'`,
  );
  expect(framesAsWebsocat("a", 3)).toBe(`websocat 'wss://host/venue/ws?format=json&order_id=a&since=2'`);
  expect(framesAsWebsocat("a", null)).toBe(`websocat 'wss://host/venue/ws?format=json&order_id=a'`);
});

test("a refused request is repeated below the page's own prefix", () => {
  const get = { ...reject(1), method: "GET", query: "limit=x", sent: null };
  expect(rejectAsCurl(get)).toBe(`curl 'https://host/venue/orders?limit=x'`);
  expect(rejectAsCurl(reject(1))).toContain(`curl -X 'POST' 'https://host/venue/orders'`);
});

test("refused requests are found by status, path, body and fault", () => {
  const detail = [{ type: "a", loc: ["body", "quantity"], msg: "too small", input: 0 }];
  const all = [reject(1), { ...reject(2), status: 404, detail: "gone" }, { ...reject(3), sent: "EURUSD", detail }];
  const numbers = (status: number | null, find: string) => fitting(all, { status, find }).map(({ number }) => number);
  expect(numbers(null, "")).toEqual([1, 2, 3]);
  expect(numbers(404, "")).toEqual([2]);
  expect(numbers(null, "eurusd")).toEqual([3]);
  expect(numbers(null, "Too small")).toEqual([3]);
  expect(numbers(422, "gone")).toEqual([]);
});

test("a frame is kept as it came, and what a subscriber of text gets is told of changes only", () => {
  const raw = '{"seq":1, "at":"2026-11-22T08:00:00.000000Z","id":"a","status":"PENDING"}';
  const frame = readWireFrame(raw);
  expect(frame).toMatchObject({ raw, kind: "change", at: "2026-11-22T08:00:00.000000Z" });
  expect(asText(frame)).toBe("a is PENDING");
  expect(readWireFrame('{"type":"lagged","oldest":5,"seq":9}')).toMatchObject({ kind: "lagged", at: null });
  expect(readWireFrame("no JSON").kind).toBe("change");
});

test("of many orders each has names of its own; one has them as they were typed", () => {
  const draft = { ...EMPTY_DRAFT, clientOrderId: " bot ", idempotencyKey: "k" };
  expect(requests(draft, 1)).toMatchObject([{ clientOrderId: "bot", idempotencyKey: "k" }]);
  expect(requests(draft, 2).map(({ clientOrderId, idempotencyKey }) => [clientOrderId, idempotencyKey])).toEqual([
    ["bot-1", "k-1"],
    ["bot-2", "k-2"],
  ]);
  expect(requests(EMPTY_DRAFT, 2).map(({ clientOrderId }) => clientOrderId)).toEqual(["", ""]);
  expect(["1", " 1000 ", "0", "1001", "1.5", ""].map(readTimes)).toEqual([1, 1000, null, null, null, null]);
});

test("the past is asked for by all that narrows it", () => {
  expect(queryOf(ALL, "client_order_id", 200)).toBe("order=desc&limit=200");
  const asked: Asked = { status: "PENDING", symbol: " A/B ", find: "k 1", from: "2026-11-22T08:00:00Z", until: "" };
  expect(queryOf(asked, "idempotency_key", 9)).toBe(
    "order=desc&limit=9&from=2026-11-22T08%3A00%3A00Z&status=PENDING&stoks=A%2FB&idempotency_key=k+1",
  );
});

test("a venue that lists otherwise than it was asked is noticed", () => {
  expect(isAnswered(ALL, [wireOrder(3), wireOrder(1)])).toBe(true);
  expect(isAnswered(ALL, [wireOrder(1), wireOrder(3)])).toBe(false);
  expect(isAnswered({ ...ALL, from: "2026-11-22T08:00:02Z" }, [wireOrder(1)])).toBe(false);
  expect(isAnswered({ ...ALL, until: "2026-11-22T08:00:01Z" }, [wireOrder(1)])).toBe(false);
});

test("an order that was found by its id is held against all else that is asked for", () => {
  const order = wireOrder(1);
  expect(fits(ALL, order)).toBe(true);
  expect(fits({ ...ALL, symbol: ` ${order.stoks} `, status: order.status }, order)).toBe(true);
  expect(fits({ ...ALL, symbol: "OTHER" }, order)).toBe(false);
  expect(fits({ ...ALL, status: order.status === "PENDING" ? "EXECUTED" : "PENDING" }, order)).toBe(false);
  expect(fits({ ...ALL, from: "2026-11-22T08:00:02Z" }, order)).toBe(false);
  expect(fits({ ...ALL, until: "2026-11-22T08:00:01Z" }, order)).toBe(false);
});

test("a time is typed in the zone that was chosen, and asked for in UTC", () => {
  expect(fromField("2026-11-22T08:00:00", "utc")).toBe("2026-11-22T08:00:00Z");
  expect(fromField("2026-11-22T08:00", "utc")).toBe("2026-11-22T08:00:00Z");
  expect(toField("2026-11-22T08:00:00Z", "utc")).toBe("2026-11-22T08:00:00");
  expect(fromField(toField("2026-11-22T08:00:00Z", "local"), "local")).toBe("2026-11-22T08:00:00Z");
  expect([toField("", "utc"), fromField("", "utc")]).toEqual(["", ""]);
  expect(begins("today", Date.parse("2026-11-22T08:00:00Z"), "utc")).toBe("2026-11-22T00:00:00Z");
  expect(begins("last hour", Date.parse("2026-11-22T08:00:00Z"), "utc")).toBe("2026-11-22T07:00:00Z");
});

test("no cell of a table is a formula, or ends before its end", () => {
  expect(["=1+1", "+1", "-1", "@a"].map(cell)).toEqual([`"'=1+1"`, `"'+1"`, `"'-1"`, `"'@a"`]);
  expect(["a,b", 'a"b', "a;b", "", "bot-7/42"].map(cell)).toEqual(['"a,b"', '"a""b"', '"a;b"', "", "bot-7/42"]);
  expect(lines([wireOrder(1)], "CSV")).toBe(
    "o1,A,1,PENDING,2026-11-22T08:00:01.000000Z,2026-11-22T08:00:01.000000Z,,1,1,,\n",
  );
});

function exporting(pages: readonly (TablePage | number)[], most?: number): [Exporter, Blob[], string[]] {
  const [saved, asked, left]: [Blob[], string[], (TablePage | number)[]] = [[], [], [...pages]];
  const ask = async (query: string): Promise<Answer<TablePage>> => {
    asked.push(query);
    const page = left.shift() ?? 0;
    if (typeof page === "object") return { ok: true, value: page };
    return { ok: false, refusal: { status: page, message: `status ${page}`, fields: new Map() } };
  };
  return [new Exporter((_, file) => saved.push(file), ask, most), saved, asked];
}

test("an export has all pages, and goes on where one was not answered at once", async () => {
  vi.useFakeTimers();
  const [exporter, saved, asked] = exporting([
    { orders: [wireOrder(3)], next: "two" },
    503,
    { orders: [wireOrder(2)], next: null },
  ]);
  expect(exporter.start(ALL, "JSON lines")).toBe(true);
  expect(exporter.start(ALL, "CSV")).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(exporter.state()).toMatchObject({ state: "saved", orders: 2 });
  expect(asked).toEqual(["order=desc&limit=1000", "two", "two"]);
  vi.useRealTimers();
  expect((await saved[0]?.text())?.split("\n")).toHaveLength(3);
});

test("an export ends where a file is full, where the venue refuses, and where it is stopped", async () => {
  vi.useFakeTimers();
  const [full, saved] = exporting([{ orders: [wireOrder(3), wireOrder(2)], next: "two" }], 2);
  full.start(ALL, "CSV");
  await vi.advanceTimersByTimeAsync(1);
  expect(full.state()).toMatchObject({ state: "full", orders: 2 });
  expect(saved).toHaveLength(1);

  const [refused, none] = exporting([{ orders: [wireOrder(3)], next: "two" }, 422]);
  refused.start(ALL, "CSV");
  await vi.advanceTimersByTimeAsync(1);
  expect(refused.state()).toMatchObject({ state: "failed", orders: 1, message: "status 422" });

  const [stopped, nothing] = exporting([{ orders: [wireOrder(3)], next: "two" }]);
  stopped.start(ALL, "CSV");
  stopped.stop();
  await vi.advanceTimersByTimeAsync(1);
  expect(stopped.state()).toMatchObject({ state: "stopped" });
  expect([none, nothing]).toEqual([[], []]);
});

test("a name that no client gave an order is looked for among the keys", async () => {
  const [exporter, , asked] = exporting([
    { orders: [], next: null },
    { orders: [wireOrder(3)], next: null },
  ]);
  exporter.start({ ...ALL, find: "k" }, "CSV");
  await expect.poll(() => exporter.state()?.state).toBe("saved");
  expect(asked).toEqual(["order=desc&limit=1000&client_order_id=k", "order=desc&limit=1000&idempotency_key=k"]);
});

import { afterEach, expect, test, vi } from "vitest";
import { latencies, nextPage, open, place, show } from "../../src/api/rest";

afterEach(() => vi.unstubAllGlobals());

function answering(...replies: Response[]) {
  const asked = vi.fn(async (_path: string, _request: RequestInit) => replies.shift() ?? Promise.reject(new Error()));
  vi.stubGlobal("fetch", asked);
  return asked;
}

const NEW = { stoks: "EURUSD", quantity: "5", longPending: false };

const ORDER = {
  id: "a",
  stoks: "EURUSD",
  quantity: 5,
  status: "PENDING",
  accepted_at: "2026-11-22T08:00:00.000000Z",
  due_at: "2026-11-22T08:00:01.000000Z",
  closed_at: null,
  accepted_seq: 3,
  seq: 3,
};

test("the faults of a refused order stand by their fields", async () => {
  const detail = [
    { type: "a", loc: ["body", "stoks"], msg: "no symbol", input: "" },
    { type: "b", loc: ["body", "quantity"], msg: "no number", input: "" },
    { type: "c", loc: ["body", "quantity"], msg: "and too small", input: "" },
  ];
  answering(Response.json({ detail }, { status: 422 }));
  const answer = await place(NEW);
  expect(answer.ok).toBe(false);
  if (!answer.ok) {
    expect([...answer.refusal.fields]).toEqual([
      ["stoks", "no symbol"],
      ["quantity", "no number"],
    ]);
  }
});

test("an overloaded venue says when to try again", async () => {
  answering(Response.json({ detail: "Too many requests wait" }, { status: 503, headers: { "retry-after": "1" } }));
  const answer = await place(NEW);
  expect(answer).toMatchObject({ ok: false, refusal: { message: "Too many requests wait (try again in 1 s)" } });
});

test("when to try again is said once, whatever the venue says of it", async () => {
  for (const [detail, message] of [
    [
      "The order book is full of open orders: try again later",
      "The order book is full of open orders (try again in 1 s)",
    ],
    ["It was placed before: try again", "It was placed before (try again in 1 s)"],
  ]) {
    answering(Response.json({ detail }, { status: 503, headers: { "retry-after": "1" } }));
    expect(await place(NEW)).toMatchObject({ refusal: { message } });
  }
});

test("how long requests took is measured by the venue's names of routes, and not of those without an answer", async () => {
  const count = (route: string) => latencies.told(performance.now()).find((told) => told.route === route)?.count ?? 0;
  const before = [count("GET /orders/{id}"), count("POST /orders")];
  answering(Response.json(ORDER), Response.json({ detail: "no" }, { status: 422 }));
  await show("a");
  await place(NEW);
  await place(NEW);
  expect([count("GET /orders/{id}"), count("POST /orders")]).toEqual(before.map((count) => count + 1));
});

test("a venue that does not answer is a refusal without a status", async () => {
  answering();
  expect(await place(NEW)).toMatchObject({ ok: false, refusal: { status: 0 } });
});

test("a long order says so in its header", async () => {
  const asked = answering(Response.json(ORDER), Response.json(ORDER));
  await place({ ...NEW, longPending: true });
  await place(NEW);
  const headers = asked.mock.calls.map(([, request]) => new Headers(request.headers).get("long-pending"));
  expect(headers).toEqual(["true", null]);
});

test("open orders are read page by page until there are no more", async () => {
  const link = '<http://elsewhere:1/orders?status=PENDING&limit=1000&after=a>; rel="next"';
  const asked = answering(
    Response.json({ a: ORDER }, { headers: { link } }),
    Response.json({ b: { ...ORDER, id: "b" } }),
  );
  const ids: string[] = [];
  for await (const page of open(20_000)) ids.push(...page.map((order) => order.id));
  expect(ids).toEqual(["a", "b"]);
  expect(asked.mock.calls[1]?.[0]).toBe("orders?status=PENDING&limit=1000&after=a");
});

test("a next page is asked for on the page's own origin", () => {
  expect(nextPage('<http://elsewhere:1/orders?after=x>; rel="next"')).toBe("after=x");
  expect(nextPage('<?after=x>; rel="next"')).toBe("after=x");
  expect(nextPage(null)).toBeNull();
});

import { expect, test } from "vitest";
import { linkTo, NOWHERE, type Place, readPlace } from "../../src/shell/address";
import { EMPTY_DRAFT } from "../../src/shell/draft";

test("every place has an address that leads back to it", () => {
  const places: Partial<Place>[] = [
    {},
    { order: "1d70aeaa-658c-4799-819f-79c436d2dd18" },
    { order: "a/b%c&d=e" },
    { room: "pulse", range: "1h", order: "x" },
    { status: "PENDING", symbol: "EUR/USD", find: "bot-7/42 ü?", panel: "rejects" },
    { paused: 9_007_199_254_740_991, spot: { top: 12, newest: 9_007_199_254_740_991 } },
    { from: "2026-11-26T00:00:00Z", until: "2026-11-27T00:00:00Z" },
    { draft: { ...EMPTY_DRAFT, symbol: "", quantity: "0", long: true, idempotencyKey: "k 1", times: "" } },
    { instance: "0a1b2c3d" },
    { venue: "ci-42", room: "market", instrument: "BTC/USD" },
  ];
  for (const change of places) {
    const place = { ...NOWHERE, ...change };
    expect(readPlace(linkTo(place))).toEqual(place);
  }
});

test("a place that is as usual has a short address, and one that is read stays readable", () => {
  expect(linkTo(NOWHERE)).toBe("#/orders");
  const place: Place = { ...NOWHERE, room: "pulse", status: "PENDING", symbol: "BTC/USD", order: "1d70aeaa" };
  expect(linkTo(place)).toBe("#/pulse?status=PENDING&symbol=BTC/USD&order=1d70aeaa");
});

test("an address that leads nowhere leads to the orders", () => {
  for (const hash of ["", "#", "#/", "#/nowhere", "#/orders", "#/orders/", "#/orders?status=ODD&row=5&paused=-1"]) {
    expect(readPlace(hash)).toEqual(NOWHERE);
  }
  expect(readPlace("#/orders/%zz")).toEqual({ ...NOWHERE, order: "%zz" });
});

test("the links that were shared before lead to their order", () => {
  expect(readPlace("#/orders/1d70aeaa-658c-4799-819f-79c436d2dd18").order).toBe("1d70aeaa-658c-4799-819f-79c436d2dd18");
});

test("a name that no venue can have is none", () => {
  for (const name of ["", "-a", "A", "a/b", "a".repeat(65), "..", "a%2Fb"])
    expect(readPlace(`#/orders?venue=${name}`).venue).toBe("main");
  expect(linkTo({ ...NOWHERE, venue: "ci-42" })).toBe("#/orders?venue=ci-42");
});

test("an order's id in capitals is the id as the venue writes it", () => {
  const id = "1d70aeaa-658c-4799-819f-79c436d2dd18";
  expect(readPlace(`#/orders?order=${id.toUpperCase()}`).order).toBe(id);
  expect(readPlace("#/orders?order=BOT").order).toBe("BOT");
});

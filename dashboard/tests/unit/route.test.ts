import { expect, test } from "vitest";
import { linkTo, type Route, readRoute } from "../../src/shell/route";

test("every place has an address that leads back to it", () => {
  const places: Route[] = [
    { room: "orders", order: null },
    { room: "orders", order: "1d70aeaa-658c-4799-819f-79c436d2dd18" },
    { room: "orders", order: "a/b%c" },
    { room: "pulse" },
  ];
  for (const place of places) expect(readRoute(linkTo(place))).toEqual(place);
});

test("an address that leads nowhere leads to the orders", () => {
  for (const hash of ["", "#", "#/", "#/nowhere", "#/orders", "#/orders/"]) {
    expect(readRoute(hash)).toEqual({ room: "orders", order: null });
  }
  expect(readRoute("#/orders/%zz")).toEqual({ room: "orders", order: "%zz" });
});

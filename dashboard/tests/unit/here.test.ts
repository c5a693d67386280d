import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addressOf, here, settle, socketOf } from "../../src/api/here";

beforeEach(() => {
  vi.stubGlobal("document", { baseURI: "https://host/pit/#/orders?venue=ci-42" });
});

afterEach(() => {
  settle("main");
  vi.unstubAllGlobals();
});

test("what main serves is found below the page, whatever stands before it", () => {
  expect(here("orders?limit=1")).toBe("orders?limit=1");
  expect(addressOf("orders")).toBe("https://host/pit/orders");
  expect(addressOf("")).toBe("https://host/pit/");
  expect(socketOf("?format=json")).toBe("wss://host/pit/ws?format=json");
});

test("what another venue serves is found below its name, and what the process serves is not", () => {
  settle("ci-42");
  expect(here("orders?limit=1")).toBe("venues/ci-42/orders?limit=1");
  expect(addressOf("")).toBe("https://host/pit/venues/ci-42/");
  expect(socketOf()).toBe("wss://host/pit/venues/ci-42/ws");
  for (const path of ["metrics", "health", "ready", "docs", "venues", "venues?limit=2", "venues/ci-42"])
    expect(here(path)).toBe(path);
});

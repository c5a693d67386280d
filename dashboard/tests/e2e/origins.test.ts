// Pages of other origins, in a browser on the same machine as the venue: they change nothing and hear nothing, unless their
// origin is allowed. Also under a name that was made to lead to the venue, as by DNS rebinding.

import { chromium } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { LAUNCH, useBrowser } from "./support/browser";
import { open, startSite, tryAll } from "./support/site";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("a page of another origin places no order and hears nothing", async () => {
  for (const host of ["localhost", "0.0.0.0"]) {
    const venue = await startVenue("--host", host);
    const origin = venue.origin.replace("0.0.0.0", "127.0.0.1");
    const page = await open(browser(), await startSite());
    const tried = await tryAll(page, origin);
    expect(tried).toEqual({ sent: "opaque", asked: null, listed: null, socket: "refused" });
    expect(await (await fetch(`${origin}/orders`)).json()).toEqual({});
  }
});

test("a front end whose origin is allowed does everything", async () => {
  const site = await startSite();
  const venue = await startVenue("--allow-origin", site);
  const tried = await tryAll(await open(browser(), site), venue.origin);
  expect(tried).toEqual({
    sent: "opaque",
    asked: { status: 200, replayed: "true" },
    listed: { orders: 1, link: true },
    socket: "open",
  });
  const other = await tryAll(await open(browser(), await startSite()), venue.origin);
  expect(other).toEqual({ sent: "opaque", asked: null, listed: null, socket: "refused" });
  expect(await venue.orders()).toHaveLength(2);
});

test("where all origins are allowed any page does everything", async () => {
  const venue = await startVenue("--allow-origin", "*");
  const tried = await tryAll(await open(browser(), await startSite()), venue.origin);
  expect(tried).toMatchObject({ asked: { status: 200, replayed: "true" }, listed: { link: true }, socket: "open" });
});

test("a name that was made to lead here shows nothing of the venue", async () => {
  const venue = await startVenue();
  const misled = await chromium.launch({
    ...LAUNCH,
    args: [...LAUNCH.args, "--host-resolver-rules=MAP evil.example 127.0.0.1"],
  });
  onTestFinished(() => misled.close());
  const origin = `http://evil.example:${new URL(venue.origin).port}`;
  const page = await open(misled, `${origin}/orders`);
  expect(await page.textContent("body")).toContain("--allow-host");
  const status = (path: string, method: string) =>
    page.evaluate(
      async ([path, method]) => (await fetch(path as string, { method: method as string })).status,
      [path, method],
    );
  for (const path of ["/orders", "/", "/metrics"]) expect(await status(path, "GET")).toBe(421);
  expect(await status("/orders", "POST")).toBe(421);
  expect((await tryAll(page, origin)).socket).toBe("refused");
  expect(await venue.orders()).toEqual([]);
});

// What the page is made of: files of the venue's own, none of them from elsewhere, and no script within the page.

import { expect, test } from "vitest";
import { useBrowser, visit } from "./support/browser";
import { startVenue } from "./support/venue";

const browser = useBrowser();

test("the page has no script or style within it, and its policy allows none", async () => {
  const venue = await startVenue();
  const reply = await fetch(`${venue.origin}/`);
  const page = await reply.text();
  const scripts = page.match(/<script\b[^>]*>[^<]*/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(script).toMatch(/^<script\b[^>]* src="\.\/assets\/[^>]*>$/);
  expect(page).not.toMatch(/<style|\son\w+=|\sstyle=/);
  const policy = reply.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-/);
});

test("the page's files are compressed, and those with a name of their own are kept for good", async () => {
  const venue = await startVenue();
  const page = await (await fetch(`${venue.origin}/`)).text();
  const files = [...page.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const path of files) {
    const reply = await fetch(`${venue.origin}${path}`, { headers: { "accept-encoding": "br" } });
    expect(reply.headers.get("content-encoding"), path).toBe("br");
    expect(reply.headers.get("cache-control"), path).toContain("immutable");
  }
});

test("nothing is loaded from elsewhere", async () => {
  const venue = await startVenue();
  const asked: string[] = [];
  const dashboard = await visit(browser(), venue.origin, {
    before: async (page) => {
      page.on("request", (request) => asked.push(request.url()));
      page.on("websocket", (socket) => asked.push(socket.url()));
    },
  });
  await dashboard.is("live");
  await dashboard.page.getByRole("link", { name: "Pulse" }).click();
  await expect.poll(() => asked.some((url) => url.endsWith("/metrics"))).toBe(true);
  const { host } = new URL(venue.origin);
  expect(asked.filter((url) => new URL(url).host !== host)).toEqual([]);
});

// A web site of its own, at another origin than the venue: an empty page in which a test runs what such a site would.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** Starts it; returns its origin. */
export async function startSite(): Promise<string> {
  const server = createServer((_, reply) =>
    reply.setHeader("content-type", "text/html").end("<!doctype html><title>Another site</title>"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Opens a page in a profile of its own. */
export async function open(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** What a page can do to a venue, and what it is told of it: `null` where its browser hides the answer. */
export interface Tried {
  /** A form's POST, which needs no leave. */
  readonly sent: string | null;
  /** A POST with a header that does. */
  readonly asked: { readonly status: number; readonly replayed: string | null } | null;
  /** The number of orders listed, and whether there is a next page. */
  readonly listed: { readonly orders: number; readonly link: boolean } | null;
  readonly socket: "open" | "refused";
}

/** Tries everything. */
export function tryAll(page: Page, venue: string): Promise<Tried> {
  return page.evaluate(async (venue) => {
    const body = JSON.stringify({ stoks: "EURUSD", quantity: 1 });
    const hidden = () => null;
    const post = (headers: Record<string, string>, mode: RequestMode) =>
      fetch(`${venue}/orders`, { method: "POST", body, headers, mode });
    const sent = await post({ "content-type": "text/plain" }, "no-cors").then((reply) => reply.type, hidden);
    const key = { "content-type": "application/json", "idempotency-key": "a" };
    const first = await post(key, "cors").catch(hidden);
    const again = await post(key, "cors").catch(hidden);
    const asked = first && again && { status: first.status, replayed: again.headers.get("idempotent-replayed") };
    const list = await fetch(`${venue}/orders?limit=1`).catch(hidden);
    const listed = list && { orders: Object.keys(await list.json()).length, link: list.headers.get("link") !== null };
    const socket = await new Promise<"open" | "refused">((tell) => {
      const socket = new WebSocket(`${venue.replace("http", "ws")}/ws`);
      socket.onopen = () => tell("open");
      socket.onerror = () => tell("refused");
    });
    return { sent, asked, listed, socket };
  }, venue);
}

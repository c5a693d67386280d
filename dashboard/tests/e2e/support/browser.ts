// The browser, one for each test file, and what goes wrong in its pages: whatever a page writes to the console as an error
// or a warning (a breach of its Content-Security-Policy too), throws, or fails to load. A test in which any of it happened
// that it did not expect fails at its end.
//
// One failure is the page's own doing: it asks a venue that it does not hear whether that is there, and gives the question
// up when its patience ends. On a machine with other work that happens to pages without fault. Given up any sooner it is a
// fault as any other, and what the page shows meanwhile is for the tests to see.

import { type Browser, chromium, type Page, type Request } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { ALIVE_WITHIN_MS } from "../../../src/api/rest";
import { Dashboard } from "./dashboard";

export type Theme = "light" | "dark";

export interface Visit {
  /** What follows `/`, such as `#/pulse`. */
  readonly at?: string;
  readonly width?: number;
  readonly height?: number;
  readonly timezone?: string;
  readonly theme?: Theme;
  /** Pixels of the screen to one of the page: 2 with half the width and height is a window at 200 %. */
  readonly scale?: number;
  /** The reader's own few colours instead of the page's. */
  readonly forcedColors?: boolean;
  /** Faults that belong to the test: an answer that it provokes, a connection that it cuts. */
  readonly expects?: RegExp;
  /** For a script that the test itself brings along. */
  readonly bypassCSP?: boolean;
  /** Called before the page is opened. */
  before?(page: Page): Promise<void>;
}

/** What a page says of a server that is not there, or does not take orders yet. */
export const OUTAGE =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|WebSocket|status of 503/;

/** What was on its way, an icon too, when a page was left or loaded anew. */
export const RELOADED = /ERR_ABORTED/;

/** How a browser is started. */
export const LAUNCH = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--js-flags=--expose-gc", "--enable-precise-memory-info"],
};

/** The browser of this test file. */
export function useBrowser(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(LAUNCH);
  });
  afterAll(() => browser.close());
  return () => browser;
}

/** Opens the page of a venue in a profile of its own. */
export async function visit(browser: Browser, origin: string, visit: Visit = {}): Promise<Dashboard> {
  const context = await browser.newContext({
    viewport: { width: visit.width ?? 1440, height: visit.height ?? 900 },
    deviceScaleFactor: visit.scale ?? 1,
    colorScheme: visit.theme ?? "light",
    forcedColors: visit.forcedColors ? "active" : "none",
    locale: "en-GB",
    timezoneId: visit.timezone ?? "UTC",
    bypassCSP: visit.bypassCSP ?? false,
  });
  const page = await context.newPage();
  const faults = watch(page);
  onTestFinished(async () => {
    const unexpected = faults.filter((fault) => visit.expects?.test(fault) !== true);
    await context.close();
    expect(unexpected, "what went wrong in the page").toEqual([]);
  });
  await visit.before?.(page);
  await page.goto(`${origin}/${visit.at ?? ""}`);
  return new Dashboard(page);
}

function watch(page: Page): string[] {
  const faults: string[] = [];
  const asked = new WeakMap<Request, number>();
  page.on("console", (message) => {
    if (/^(error|warning|assert)$/.test(message.type()))
      faults.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => faults.push(`thrown: ${error.stack ?? error.message}`));
  page.on("request", (request) => void asked.set(request, performance.now()));
  page.on("requestfailed", (request) => {
    const error = request.failure()?.errorText ?? "";
    const waitedMs = performance.now() - (asked.get(request) ?? performance.now());
    if (!isPatienceOver(request.url(), error, waitedMs)) faults.push(`failed: ${request.url()} ${error}`);
  });
  page.on("crash", () => faults.push("the page crashed"));
  return faults;
}

/** Both moments are told from the browser, each a little late. */
const TOLD_WITHIN_MS = 100;

/** Whether this is the page's question for a sign of life, given up when its time was over. */
function isPatienceOver(url: string, error: string, waitedMs: number): boolean {
  return /\/health$/.test(url) && RELOADED.test(error) && waitedMs >= ALIVE_WITHIN_MS - TOLD_WITHIN_MS;
}

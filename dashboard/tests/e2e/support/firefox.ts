// Firefox, as Debian ships it (firefox-esr), driven over WebDriver BiDi by puppeteer-core, which Firefox's makers support
// and which downloads nothing. playwright-core, which drives Chromium here, drives a Firefox that it patches, or else only
// the newest: it sends what the ESR does not know (emulation.setMediaFeaturesOverride).
//
// Also the page as a first visitor finds it there, by roles and names: what the page calls its things is told here once.

import puppeteer, { type Browser, type Locator, type Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

const EXECUTABLE = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
/** It starts slowly where it has never run. */
const START_MS = 60_000;
const WAIT_MS = 15_000;

/** The Firefox of this test file. */
export function useFirefox(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await puppeteer.launch({
      browser: "firefox",
      protocol: "webDriverBiDi",
      executablePath: EXECUTABLE,
      timeout: START_MS,
    });
  }, START_MS);
  afterAll(() => browser?.close());
  return () => browser;
}

/** Opens the page of a venue in a profile of its own. What goes wrong in it fails the test at its end. */
export async function visitIn(browser: Browser, address: string): Promise<FirstVisit> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.setViewport({ width: 1440, height: 900 });
  const faults = watch(page);
  onTestFinished(async () => {
    await context.close();
    expect(faults, "what went wrong in the page").toEqual([]);
  });
  await page.goto(address);
  return new FirstVisit(page);
}

function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (/^(error|warn|warning|assert)$/.test(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  // What the browser itself writes to the console comes here too.
  page.on("pageerror", (error) => faults.push(`thrown: ${error instanceof Error ? error.stack : error}`));
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A page that is left asks no more.
    if (!why.includes("NS_BINDING_ABORTED")) faults.push(`failed: ${request.url()} ${why}`);
  });
  return faults;
}

const STORY = 'section[aria-label="Order story"]';
const DIALOG = "dialog[open]";

export class FirstVisit {
  constructor(readonly page: Page) {}

  async isLive(): Promise<void> {
    await this.page.locator('[data-connection="live"] ::-p-text(Live)').wait();
  }

  /** Fills the ticket and sends it; tells the order's id, once the ticket links to it. */
  async place(symbol: string, quantity: number): Promise<string> {
    await this.named("textbox", "Symbol").fill(symbol);
    await this.named("textbox", "Quantity").fill(String(quantity));
    await this.named("button", "Place order").click();
    const link = await this.page.waitForSelector('form [role="status"] a[href*="order="]');
    const href = await link?.evaluate((link) => link.getAttribute("href"));
    return href?.match(/order=([^&]+)/)?.[1] ?? "";
  }

  /** Waits until the list says so of the order. */
  async lists(id: string, status: "PENDING" | "EXECUTED"): Promise<void> {
    await this.page.locator(`[role="grid"] [data-id="${id}"][data-status="${status}"]`).wait();
  }

  async openStory(id: string): Promise<void> {
    await this.page.locator(`[role="grid"] [data-id="${id}"]`).click();
  }

  async tellsStoryOf(id: string): Promise<void> {
    await this.page.locator(`${STORY} ::-p-text(${id})`).wait();
  }

  async closeStory(): Promise<void> {
    await this.named("button", "Close the story").click();
    await this.goes(STORY);
  }

  async goTo(room: "Orders" | "Pulse"): Promise<void> {
    await this.named("link", room).click();
    await this.isIn(room);
  }

  /** Waits until the links of the rooms mark this one as the reader's place. */
  async isIn(room: "Orders" | "Pulse"): Promise<void> {
    await this.page.locator(`a[aria-current="page"]::-p-text(${room})`).wait();
  }

  async openHelp(): Promise<void> {
    await this.page.keyboard.press("?");
    await this.page.locator(DIALOG).wait();
  }

  async closeHelp(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.goes(DIALOG);
  }

  /** Lets the page place orders by itself, or ends that. */
  async traffic(on: boolean): Promise<void> {
    const menu = this.page.locator("button ::-p-text(Traffic)");
    await menu.click();
    await this.named("checkbox", "Place orders").click();
    await this.page.locator(`.traffic-mark[data-running="${on}"]`).wait();
    await this.page.keyboard.press("Escape");
  }

  private named(role: string, name: string): Locator<Element> {
    return this.page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
  }

  private async goes(selector: string): Promise<void> {
    await this.page.waitForSelector(selector, { hidden: true });
  }
}

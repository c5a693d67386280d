// What a page put into the clipboard, where its browser lets it, and the same page where it does not.

import type { Page } from "playwright-core";

/** Lets the page copy: a headless browser asks nobody. */
export async function letCopy(page: Page): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
}

/** As on a page that is neither on https nor on this machine. */
export async function forbidCopy(page: Page): Promise<void> {
  await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
}

export function copied(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

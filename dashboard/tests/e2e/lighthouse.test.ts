// What Lighthouse says of the page's accessibility and of good practice, with a venue that lives: nothing less than 100.
//
// Version 12, since 13 asks for a newer Node than the dashboard does. Its command line can report faults of its own to its
// makers; here it is called as a library, which does not, and what it would report with (65 MB) is not installed:
// support/no_reports/ stands for it.

import lighthouse, { type Config, type Flags } from "lighthouse";
import puppeteer, { type Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LAUNCH } from "./support/browser";
import { startFeed } from "./support/feed";
import { startVenue } from "./support/venue";

let browser: Browser;
beforeAll(async () => {
  browser = await puppeteer.launch(LAUNCH);
});
afterAll(() => browser?.close());

const ROOMS = [
  { of: "the orders", at: "" },
  { of: "the pulse", at: "#/pulse" },
];
const CATEGORIES = ["accessibility", "best-practices"];
const FLAGS: Flags = {
  onlyCategories: CATEGORIES,
  // No slow network is played: how fast the page is, is measured elsewhere.
  throttlingMethod: "provided",
  logLevel: "error",
  // A page with a venue that lives is never quiet.
  maxWaitForLoad: 3_000,
  disableFullPageScreenshot: true,
};
const DESKTOP: Config = {
  extends: "lighthouse:default",
  settings: {
    formFactor: "desktop",
    screenEmulation: { mobile: false, width: 1440, height: 900, deviceScaleFactor: 1, disabled: false },
  },
};
const FORMS = [
  { form: "a phone", config: undefined },
  { form: "a desktop", config: DESKTOP },
];

for (const room of ROOMS) {
  for (const { form, config } of FORMS) {
    test(`Lighthouse gives ${room.of} 100 for accessibility and best practices on ${form}`, () =>
      audit(room.at, config));
  }
}

async function audit(at: string, config: Config | undefined): Promise<void> {
  const venue = await startVenue("--long-delay", "1h");
  await venue.place({ longPending: true });
  const feed = startFeed(venue.origin, { count: 1_000_000, rate: 12 });
  const page = await browser.newPage();
  try {
    const told = await lighthouse(`${venue.origin}/${at}`, FLAGS, config, page);
    if (told === undefined) throw new Error("Lighthouse told nothing");
    const { categories, audits, runtimeError } = told.lhr;
    expect(runtimeError).toBeUndefined();
    expect(await page.$('[data-connection="live"]'), "the page that was looked at is live").not.toBeNull();
    const failed = Object.values(audits)
      .filter(({ score }) => score !== null && score < 1)
      .map(({ id, title, details }) => `${id}: ${title}\n${JSON.stringify(details, null, 1)}`);
    expect(failed, "what Lighthouse found").toEqual([]);
    expect(CATEGORIES.map((category) => categories[category]?.score)).toEqual([1, 1]);
  } finally {
    await page.close();
    await feed.stop();
  }
}

// What a first visit costs: the bytes that come over the wire until the page stands, and the time until it can be used,
// which is when the first order is drawn and the ticket takes one.

import type { Page } from "playwright-core";

export interface FirstView {
  readonly bytes: number;
  readonly interactiveMs: number;
}

declare global {
  interface Window {
    interactiveMs?: number;
  }
}

/** To be called before the page is opened; the answer is there when the page is. */
export async function watchFirstView(page: Page): Promise<() => Promise<FirstView>> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  const parts = new Set<string>();
  let bytes = 0;
  cdp.on("Network.requestWillBeSent", ({ requestId, type }) => {
    // What the page asks the venue for afterwards is its work, not the page.
    if (type !== "Fetch" && type !== "XHR" && type !== "WebSocket") parts.add(requestId);
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (parts.has(requestId)) bytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    const look = () => {
      const [row, button] = [document.querySelector("[data-id]"), document.querySelector(".ticket [type=submit]")];
      if (row === null || button === null || button.matches(":disabled")) return requestAnimationFrame(look);
      // What a frame's scripts have made is on the screen when the next one begins.
      return requestAnimationFrame((now) => {
        window.interactiveMs = now;
      });
    };
    requestAnimationFrame(look);
  });
  return async () => {
    const interactive = await page.waitForFunction(() => window.interactiveMs);
    const interactiveMs = (await interactive.jsonValue()) ?? Number.NaN;
    return { bytes, interactiveMs };
  };
}

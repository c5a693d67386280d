// What a reader could not reach or read, whatever the size of the window: each answers with a line for each fault, and
// with none where all is well.

import type { Page } from "playwright-core";

/** All of it. */
export async function faultsOfLayout(page: Page, within?: string): Promise<string[]> {
  return [...(await sideways(page)), ...(await cutNumbers(page)), ...(await unreachable(page, within))];
}

/** The document is wider than the window. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`the document scrolls sideways: ${scrollWidth} > ${clientWidth} px`] : [];
  });
}

/** A number whose digits do not have the room that they take. */
export function cutNumbers(page: Page): Promise<string[]> {
  return page.evaluate((numbers) => {
    const hasRoom = (element: HTMLElement) => element.scrollWidth <= element.clientWidth;
    return [...document.querySelectorAll<HTMLElement>(numbers)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.clientWidth > 0)
      .filter((element) => !hasRoom(element))
      .map((element) => {
        const { className, textContent, scrollWidth, clientWidth } = element;
        return `the number “${textContent?.trim()}” (${className}) is cut: ${scrollWidth} > ${clientWidth} px`;
      });
  }, NUMBERS);
}

/** Where numbers stand: what is marked as one, and cells and figures. */
const NUMBERS = '[data-number], .number, .segment-count, td, [class*="figure"], [class*="-value"], dd';

/** Whatever can be clicked, but is nowhere a click would find it, scrolled to or not: in all of the page, or `within` an
 * element; while a dialog has the page to itself, in that. All is looked at between two frames, so that nothing moves. */
export function unreachable(page: Page, within = "body"): Promise<string[]> {
  return page.evaluate(
    ([interactive, within]) => {
      const name = (element: Element) => {
        const label = element.getAttribute("aria-label") ?? (element as HTMLInputElement).labels?.[0]?.textContent;
        const text = (label ?? element.textContent ?? "").replace(/\s+/g, " ").trim();
        return `${element.localName} “${text.slice(0, 40)}”`;
      };
      /** What stands for it on the screen: its label, where it is itself drawn by that. */
      const seen = (element: Element): Element => {
        const { width, height } = element.getBoundingClientRect();
        const label = (element as HTMLInputElement).labels?.[0];
        return width <= 1 && height <= 1 && label !== undefined ? label : element;
      };
      /** Takes back what only a script can scroll: what hides its overflow has no wheel and no bar. */
      const unscroll = (target: Element) => {
        for (let around = target.parentElement; around !== null; around = around.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(around);
          // What the body hides, the window hides.
          for (const box of around === document.body ? [around, document.documentElement] : [around]) {
            if (overflowX === "hidden") box.scrollLeft = 0;
            if (overflowY === "hidden") box.scrollTop = 0;
          }
        }
      };
      const around = document.querySelector("dialog:modal") ?? document.querySelector(within) ?? document;
      const faults: string[] = [];
      for (const element of around.querySelectorAll(interactive)) {
        const target = seen(element);
        if (!target.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        unscroll(target);
        // A link that goes over two lines is two boxes.
        const [box] = target.getClientRects();
        if (box === undefined || box.width * box.height === 0) {
          faults.push(`${name(element)} has no size`);
          continue;
        }
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const hit = document.elementFromPoint(x, y);
        const found = hit !== null && (target.contains(hit) || hit.closest("label")?.control === element);
        const where = `${Math.round(x)}, ${Math.round(y)} of ${innerWidth} × ${innerHeight}`;
        if (!found)
          faults.push(`${name(element)} at ${where}: ${hit === null ? "out of reach" : `below ${name(hit)}`}`);
      }
      return faults;
    },
    [INTERACTIVE, within] as const,
  );
}

const INTERACTIVE = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";

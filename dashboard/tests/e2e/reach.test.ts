// The tests' own measures of a layout: they find what is wrong with a page that was made wrong, and nothing in one that
// was not. No venue is looked at here.

import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { useBrowser } from "./support/browser";
import { cutNumbers, faultsOfLayout, sideways, unreachable } from "./support/reach";

const browser = useBrowser();

const LONG = '<div style="height: 3000px"></div>';

test("a page that can be scrolled to all that it has is without fault", async () => {
  const page = await show(`
    <header style="position: sticky; top: 0; height: 50px; background: white"><a href="#">Home</a></header>
    <label><input type="radio" style="position: absolute; width: 1px; height: 1px; clip-path: inset(50%)">All</label>
    <label>Long <input type="checkbox"></label>
    <div style="overflow: auto; width: 100px; height: 60px"><div style="width: 900px; height: 900px"></div>
      <button style="margin-left: 800px">Far</button></div>
    <span class="number" style="display: block">9,007,199,254,740,991</span>
    <button hidden>Gone</button><button style="visibility: hidden">Gone too</button>
    ${LONG}<p style="width: 8em">Read <a href="#">a link that is longer than the line</a></p><button>Last</button>`);
  expect(await faultsOfLayout(page)).toEqual([]);
});

test("a page that is wider than its window is found, also where that is hidden", async () => {
  const wide = '<div style="width: 900px">wide</div>';
  expect(await sideways(await show(wide))).toEqual(["the document scrolls sideways: 908 > 400 px"]);
  expect(await sideways(await show(`<style>body { overflow-x: hidden }</style>${wide}`))).toHaveLength(1);
});

test("a number without room is found", async () => {
  const page = await show(`
    <span data-number style="display: block; width: 30px; overflow: hidden">1,234,567</span>
    <table style="table-layout: fixed; width: 40px"><tr><td>1,234,567</td><td>1</td></tr></table>`);
  expect(await cutNumbers(page)).toHaveLength(2);
});

test("what lies outside of all that scrolls is found", async () => {
  const page = await show(`
    <style>body { overflow: hidden; height: 100vh; margin: 0 }</style>
    <button style="position: fixed; top: -40px; left: 0">Above</button>
    <a href="#" style="position: fixed; left: 500px; top: 0">Beside</a>
    <button>Here</button>
    <div style="overflow: hidden; width: 100px; height: 50px">${LONG}<button>Hidden</button></div>
    ${LONG}<button>Beyond</button>`);
  const outOfReach = (what: string) => expect.stringMatching(new RegExp(`^${what} at .*: (out of reach|below .*)$`));
  expect(await unreachable(page)).toEqual(
    ["button “Above”", "a “Beside”", "button “Hidden”", "button “Beyond”"].map(outOfReach),
  );
});

test("what lies below something else is found, and what is below a dialog is none of the reader's business", async () => {
  const covered = `
    <button style="position: fixed; left: 0; bottom: 0; width: 80px">Below</button>
    <div style="position: fixed; left: 0; bottom: 0; width: 400px; height: 40px; background: red">Bar</div>`;
  expect(await unreachable(await show(covered))).toEqual([
    expect.stringMatching(/^button “Below” .*: below div “Bar”$/),
  ]);
  const page = await show(`${covered}<dialog><button>Close</button></dialog>`);
  await page.evaluate(() => document.querySelector("dialog")?.showModal());
  expect(await unreachable(page)).toEqual([]);
});

async function show(body: string): Promise<Page> {
  const context = await browser().newContext({ viewport: { width: 400, height: 400 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.setContent(`<!doctype html><body>${body}`);
  return page;
}

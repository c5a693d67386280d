// What a running page costs: the frames that it draws, the share of time that its main thread is busy, how often it
// changes the list between two frames, and memory, its own and that of its whole process. Frames are counted by the page
// itself, the rest is told by Chromium and the kernel.

import { readFileSync } from "node:fs";
import type { Browser, CDPSession, Page } from "playwright-core";

export interface Frames {
  /** Of each full second. */
  readonly perSecond: readonly number[];
  /** From one frame to the next, in milliseconds, the shortest first. */
  readonly gapsMs: readonly number[];
  /** How often the list of orders changed between two frames, at most. */
  readonly updatesPerFrame: number;
  /** The share of time that the main thread was busy. */
  readonly busy: number;
  /** What the page's process takes of a processor for one frame, on all its threads. */
  readonly frameCpuMs: number;
  /** The share of time in which something on this machine waited for a processor; NaN where the kernel does not tell. */
  readonly pressure: number;
}

export interface Memory {
  /** What scripts hold, after a collection. */
  readonly heap: number;
  /** What the page's process has for itself alone, before that collection. */
  readonly process: number;
  readonly elements: number;
}

interface Counting {
  times: number[];
  updates: number;
}

/** Counts frames for so many seconds, and how often what `watched` selects changes between two of them. */
export async function frames(
  browser: Browser,
  page: Page,
  cdp: CDPSession,
  seconds: number,
  watched = ".blotter-rows",
): Promise<Frames> {
  const [cpuBefore, waitedBefore] = [await rendererCpuS(browser), waitedS()];
  const [busyBefore, began] = [await metric(cdp, "TaskDuration"), performance.now()];
  const { times, updates } = await page.evaluate(
    ([seconds, watched]) =>
      new Promise<Counting>((counted) => {
        const counting: Counting = { times: [], updates: 0 };
        let since = 0;
        const changed = new MutationObserver(() => {
          since += 1;
        });
        const rows = document.querySelector(watched);
        if (rows === null) throw new Error("there is nothing to watch");
        changed.observe(rows, { subtree: true, childList: true, attributes: true, characterData: true });
        const end = performance.now() + seconds * 1000;
        const count = (now: number) => {
          counting.times.push(now);
          counting.updates = Math.max(counting.updates, since);
          since = 0;
          if (now < end) requestAnimationFrame(count);
          else {
            changed.disconnect();
            counted(counting);
          }
        };
        requestAnimationFrame(count);
      }),
    [seconds, watched] as const,
  );
  const passedS = (performance.now() - began) / 1000;
  const busy = ((await metric(cdp, "TaskDuration")) - busyBefore) / passedS;
  const pressure = (waitedS() - waitedBefore) / passedS;
  const frameCpuMs = (((await rendererCpuS(browser)) - cpuBefore) * 1000) / times.length;
  const [first = 0] = times;
  const perSecond = Array.from({ length: seconds }, (_, second) => {
    const [from, to] = [first + second * 1000, first + (second + 1) * 1000];
    return times.filter((time) => time >= from && time < to).length;
  });
  const gapsMs = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  return { perSecond, gapsMs: gapsMs.sort((a, b) => a - b), updatesPerFrame: updates, busy, frameCpuMs, pressure };
}

/** Forces a collection, which the page feels: not to be called while frames are counted. */
export async function memory(browser: Browser, cdp: CDPSession): Promise<Memory> {
  const process = await rendererBytes(browser);
  await cdp.send("HeapProfiler.collectGarbage");
  return { heap: await metric(cdp, "JSHeapUsedSize"), process, elements: await metric(cdp, "Nodes") };
}

export async function measuring(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  await cdp.send("HeapProfiler.enable");
  return cdp;
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

/** The private bytes of the largest renderer: Chromium keeps an empty one in reserve. */
async function rendererBytes(browser: Browser): Promise<number> {
  return Math.max(...(await renderers(browser)).map(({ id }) => privateBytes(id)));
}

/** What the busiest renderer has taken of a processor since it began, in seconds. */
async function rendererCpuS(browser: Browser): Promise<number> {
  return Math.max(...(await renderers(browser)).map(({ cpuTime }) => cpuTime));
}

async function renderers(browser: Browser) {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  await cdp.detach();
  return processInfo.filter(({ type }) => type === "renderer");
}

/** For how long in all something has waited for a processor, in seconds. */
function waitedS(): number {
  try {
    return Number(/^some .*total=(\d+)$/m.exec(readFileSync("/proc/pressure/cpu", "utf8"))?.[1]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

function privateBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = [...rollup.matchAll(/^(?:Private_Clean|Private_Dirty|Swap):\s+(\d+) kB$/gm)];
  return kilobytes.reduce((sum, [, kilobyte]) => sum + Number(kilobyte) * 1024, 0);
}

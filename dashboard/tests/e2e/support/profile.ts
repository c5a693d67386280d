// Where a running page's time goes: a sampling profile of its scripts, and a trace of all threads that draw it. Both cost
// time themselves, so they are taken apart from what is measured.

import type { Browser, CDPSession, Page } from "playwright-core";

interface Cost {
  readonly what: string;
  /** Share of one processor. */
  readonly share: number;
}

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of `dur`, what the thread had a processor for. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The functions in which most time is spent, not counting what they call. */
export async function scriptCosts(cdp: CDPSession, page: Page, seconds: number): Promise<Cost[]> {
  await cdp.send("Profiler.enable");
  await cdp.send("Profiler.setSamplingInterval", { interval: 200 });
  await cdp.send("Profiler.start");
  await passes(page, seconds);
  const { profile } = await cdp.send("Profiler.stop");
  const micros = new Map<string, number>();
  const names = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber, columnNumber } }) => {
      const place = url === "" ? "" : ` ${url.split("/").at(-1)}:${lineNumber + 1}:${columnNumber + 1}`;
      return [id, `${functionName || "(anonymous)"}${place}`];
    }),
  );
  profile.samples?.forEach((node, at) => {
    const name = names.get(node) ?? "?";
    micros.set(name, (micros.get(name) ?? 0) + (profile.timeDeltas?.[at] ?? 0));
  });
  return ranked(micros, profile.endTime - profile.startTime);
}

/** What each thread spends its time on, not counting what is nested in it. */
export async function threadCosts(browser: Browser, page: Page, seconds: number): Promise<Map<string, Cost[]>> {
  await browser.startTracing(page, {
    categories: [
      "toplevel",
      "devtools.timeline",
      "v8",
      "disabled-by-default-v8.gc",
      "cc",
      "viz",
      "blink",
      "__metadata",
    ],
  });
  await passes(page, seconds);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threads = new Map<string, string>();
  for (const { ph, name, pid, tid, args } of traceEvents)
    if (ph === "M" && name === "thread_name") threads.set(`${pid}/${tid}`, `${args?.name} (${pid})`);
  const byThread = new Map<string, TraceEvent[]>();
  for (const event of traceEvents) {
    if (event.ph !== "X" || event.dur === undefined) continue;
    const thread = threads.get(`${event.pid}/${event.tid}`) ?? `${event.pid}/${event.tid}`;
    const events = byThread.get(thread);
    if (events === undefined) byThread.set(thread, [event]);
    else events.push(event);
  }
  return new Map([...byThread].map(([thread, events]) => [thread, ranked(selfTimes(events), seconds * 1e6)]));
}

function selfTimes(events: readonly TraceEvent[]): Map<string, number> {
  const micros = new Map<string, number>();
  const add = (name: string, us: number) => micros.set(name, (micros.get(name) ?? 0) + us);
  const around: TraceEvent[] = [];
  for (const event of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    while (around.length > 0 && endOf(around.at(-1)) <= event.ts) around.pop();
    const outer = around.at(-1);
    const us = event.tdur ?? event.dur ?? 0;
    if (outer !== undefined) add(outer.name, -us);
    add(event.name, us);
    around.push(event);
  }
  return micros;
}

function endOf(event: TraceEvent | undefined): number {
  return event === undefined ? 0 : event.ts + (event.dur ?? 0);
}

function ranked(micros: Map<string, number>, wholeUs: number): Cost[] {
  return [...micros].map(([what, us]) => ({ what, share: us / wholeUs })).sort((a, b) => b.share - a.share);
}

async function passes(page: Page, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  await page.waitForFunction(() => false, null, { timeout: seconds * 1000 }).catch(() => undefined);
  if (performance.now() < end - 100) throw new Error("the page went away while it was profiled");
}

// How the day of each watched symbol went so far: where it opened, and its closes since. Bars tell it; a venue that has
// none tells nothing of it.

import { createSignal, onCleanup } from "solid-js";
import { bars } from "../../api/exchange";

export interface Day {
  readonly open: number;
  /** Of each quarter of an hour. */
  readonly closes: readonly number[];
}

export interface Days {
  of(symbol: string): Day | undefined;
  /** These are in sight: their day is asked for, unless it is known and of late. */
  want(symbols: readonly string[]): void;
}

const AGE_MS = 300_000;
const AT_A_TIME = 2;

export function createDays(nowUs: () => number): Days {
  const [days, setDays] = createSignal(new Map<string, Day>(), { equals: false });
  const askedMs = new Map<string, number>();
  const waiting: string[] = [];
  let [running, gone] = [0, false];
  const next = async (): Promise<void> => {
    const symbol = waiting.shift();
    if (symbol === undefined || gone || document.hidden) return;
    running += 1;
    const start = new Date(nowUs() / 1000).toISOString().slice(0, 10);
    const answer = await bars(symbol, `timeframe=15m&start=${start}T00:00:00Z&limit=100`);
    running -= 1;
    const [first] = answer.ok ? answer.value : [];
    if (answer.ok && first !== undefined) {
      const day = { open: Number(first.open), closes: answer.value.map(({ close }) => Number(close)) };
      setDays((days) => days.set(symbol, day));
    }
    return next();
  };
  const want = (symbols: readonly string[]) => {
    const now = performance.now();
    for (const symbol of symbols) {
      if (now - (askedMs.get(symbol) ?? Number.NEGATIVE_INFINITY) < AGE_MS) continue;
      askedMs.set(symbol, now);
      waiting.push(symbol);
    }
    while (running < AT_A_TIME && waiting.length > 0 && !document.hidden) void next();
  };
  onCleanup(() => {
    gone = true;
  });
  return { of: (symbol) => days().get(symbol), want };
}

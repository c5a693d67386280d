// Another client of the venue: places many orders, in a burst or at a rate, from a process of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import ts from "typescript";
import { onTestFinished } from "vitest";
import type { FeedOrders, FeedTold } from "./feed_process";

export const SYMBOLS = ["EURUSD", "USDJPY", "GBPUSD", "AUDUSD", "BTC-USD", "ETH-USD", "AAPL", "MSFT"];

export interface Feed {
  /** What came of it, once all is placed. */
  readonly done: Promise<FeedTold>;
  /** Asks it to end. */
  stop(): Promise<FeedTold>;
}

/** Begins to place orders: in a burst, unless a `rate` is given. */
export function startFeed(origin: string, orders: Partial<FeedOrders> & Pick<FeedOrders, "count">): Feed {
  const told: FeedOrders = { origin, atOnce: 50, longPending: false, symbols: SYMBOLS, ...orders };
  const process_ = spawn(process.execPath, ["--input-type=module", "--eval", source(), JSON.stringify(told)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => end(process_));
  const done = text(process_.stdout).then((line) => JSON.parse(line) as FeedTold);
  const stop = () => {
    process_.kill("SIGTERM");
    return done;
  };
  return { done, stop };
}

/** Places so many orders in a burst, and tells what came of it. */
export function burst(origin: string, count: number, orders: Partial<FeedOrders> = {}): Promise<FeedTold> {
  return startFeed(origin, { count, ...orders }).done;
}

/** Node runs JavaScript: the types are taken off. */
function source(): string {
  const typed = readFileSync(join(import.meta.dirname, "feed_process.ts"), "utf8");
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(typed, { compilerOptions }).outputText;
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, "exit");
  process.kill("SIGKILL");
  await exit;
}

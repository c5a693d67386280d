// The demo: places orders at a chosen rate, and cancels a few, so that a first visitor sees life. An ordinary client.

import { type Accessor, createSignal, onCleanup } from "solid-js";
import { cancel, place } from "../api/rest";

/** Orders a second. */
export const RATES = [1, 5, 25, 100] as const;

const SYMBOLS = ["EURUSD", "USDJPY", "GBPUSD", "AUDUSD", "USDCHF", "BTC-USD", "ETH-USD", "AAPL", "MSFT", "BRK.B"];
const TICK_MS = 50;
/** A venue that does not keep up is not flooded: beyond so many unanswered orders none are placed. */
const UNANSWERED = 40;
const LONG_SHARE = 0.03;
const CANCELLED_SHARE = 0.08;

export interface Demo {
  readonly running: Accessor<boolean>;
  readonly rate: Accessor<number>;
  /** Why it stopped by itself. */
  readonly fault: Accessor<string | null>;
  run(running: boolean): void;
  setRate(rate: number): void;
}

export function createDemo(live: () => boolean): Demo {
  const [running, setRunning] = createSignal(false);
  const [rate, setRate] = createSignal<number>(RATES[1]);
  const [fault, setFault] = createSignal<string | null>(null);
  let [owed, unanswered, tickedMs] = [0, 0, 0];

  const tick = () => {
    const nowMs = performance.now();
    // A page in the background is woken seldom: it does not make up for that.
    owed += (rate() * Math.min(nowMs - tickedMs, 4 * TICK_MS)) / 1000;
    tickedMs = nowMs;
    if (!live()) owed = 0;
    for (; owed >= 1; owed -= 1) if (unanswered < UNANSWERED) void placeOne();
  };
  const placeOne = async () => {
    unanswered += 1;
    const symbol = SYMBOLS[Math.floor(Math.random() * SYMBOLS.length)] as string;
    const quantity = String(Math.ceil(Math.random() ** 3 * 1_000) * 10);
    const answer = await place({ stoks: symbol, quantity, longPending: Math.random() < LONG_SHARE });
    unanswered -= 1;
    if (answer.ok) {
      if (Math.random() < CANCELLED_SHARE) setTimeout(() => void cancel(answer.value.order.id), Math.random() * 300);
    } else if (answer.refusal.status !== 0) {
      run(false);
      setFault(answer.refusal.message);
    }
  };

  let timer: ReturnType<typeof setInterval> | undefined;
  const run = (run: boolean) => {
    clearInterval(timer);
    setFault(null);
    setRunning(run);
    [owed, tickedMs] = [1, performance.now()];
    if (run) timer = setInterval(tick, TICK_MS);
  };
  onCleanup(() => clearInterval(timer));
  return { running, rate, fault, run, setRate };
}

// Traffic, as the page has it: switched on and off, with a rate and a mix, and what it comes to. The worker does the work;
// it is loaded when it is first needed.

import { type Accessor, createSignal } from "solid-js";
import { addressOf } from "../../api/here";
import type { FromWorker, Mix, Settings, ToWorker } from "./messages";

/** Orders a second. */
export const RATES = [1, 5, 25, 100] as const;

export const MIX: Mix = {
  symbols: ["EURUSD", "USDJPY", "GBPUSD", "AUDUSD", "USDCHF", "BTC-USD", "ETH-USD", "AAPL", "MSFT", "BRK.B"],
  longShare: 0.03,
  cancelledShare: 0.08,
};

export class Traffic {
  private readonly runnings = createSignal(false);
  private readonly rates = createSignal<number>(RATES[1]);
  private readonly mixes = createSignal<Mix>(MIX);
  private readonly reports = createSignal<Extract<FromWorker, { type: "report" }> | null>(null);
  private readonly faults = createSignal<string | null>(null);
  private worker: Worker | null = null;
  /** What the names of this run's orders have in common. */
  private name = "";

  readonly running = this.runnings[0];
  readonly rate = this.rates[0];
  readonly mix = this.mixes[0];
  /** Why it stopped by itself. */
  readonly fault = this.faults[0];

  /** Orders placed a second over the last five; null while it does not run. */
  readonly achieved: Accessor<number | null> = () => this.reports[0]()?.achieved ?? null;
  /** How many orders this run has placed. */
  readonly placed: Accessor<number> = () => this.reports[0]()?.placed ?? 0;
  /** Whether it waits because the venue does not answer. */
  readonly waiting: Accessor<boolean> = () => this.reports[0]()?.answered === false;

  run(run: boolean): void {
    this.faults[1](null);
    this.reports[1](null);
    this.runnings[1](run);
    if (!run) return this.send({ type: "stop" });
    this.name = Math.random().toString(36).slice(2, 7);
    this.adjust();
  }

  setRate(rate: number): void {
    this.rates[1](rate);
    this.adjust();
  }

  setMix(mix: Partial<Mix>): void {
    this.mixes[1]((before) => ({ ...before, ...mix }));
    this.adjust();
  }

  private adjust(): void {
    if (!this.running()) return;
    const settings: Settings = { rate: this.rate(), mix: this.mix() };
    // The worker is a file of its own elsewhere: a path relative to it would not be one relative to the page.
    const orders = addressOf("orders");
    this.send({ type: "run", orders, run: this.name, settings });
  }

  private send(message: ToWorker): void {
    if (this.worker === null) {
      if (message.type === "stop") return;
      this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.told(data);
      this.worker.onerror = () => {
        this.worker?.terminate();
        this.worker = null;
        this.end("The worker that places orders could not be run.");
      };
    }
    this.worker.postMessage(message);
  }

  private told(message: FromWorker): void {
    if (!this.running()) return;
    if (message.type === "report") this.reports[1](message);
    else this.end(message.message);
  }

  private end(why: string): void {
    this.runnings[1](false);
    this.faults[1](why);
  }
}

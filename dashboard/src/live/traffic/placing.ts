// Traffic: an ordinary client that places orders at a rate and cancels some of them. It keeps to its schedule however
// seldom it is looked at, floods no venue that does not keep up, waits where none answers, and ends where one refuses.

import { isAnswer, isStarting, readRefusal, UNANSWERED } from "../../api/refusal";
import type { FromWorker, Mix, Settings } from "./messages";
import { Achieved, Schedule } from "./schedule";

/** Beyond so many unanswered orders none are placed: a browser opens six connections to a server, and the page needs one of
 * them for itself. */
export const UNANSWERED_ORDERS = 5;
const PATIENCE_MS = 10_000;
/** A venue that does not answer is tried so often. */
const TRY_EVERY_MS = 1_000;
const REPORT_EVERY_MS = 500;
/** Orders are not looked after more often. */
const LEAST_WAIT_MS = 4;
/** An order that is cancelled is, within this time. */
const CANCELLED_WITHIN_MS = 300;

export class Placing {
  private readonly schedule: Schedule;
  private readonly achieved: Achieved;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly reports: ReturnType<typeof setInterval>;
  private stopped = false;
  private placed = 0;
  private number = 0;
  private unanswered = 0;
  private answered = true;

  constructor(
    /** Where orders are placed, whole. */
    private readonly orders: string,
    /** What its orders' names have in common. */
    private readonly run: string,
    private settings: Settings,
    private readonly tell: (message: FromWorker) => void,
  ) {
    this.schedule = new Schedule(settings.rate, performance.now());
    this.achieved = new Achieved(performance.now());
    this.reports = setInterval(() => this.report(), REPORT_EVERY_MS);
    this.turn();
  }

  change(settings: Settings): void {
    this.settings = settings;
    this.schedule.turn(settings.rate, performance.now());
    this.turn();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.reports);
  }

  private turn(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const nowMs = performance.now();
    if (!this.answered) this.schedule.skip(nowMs);
    // One is tried while the venue does not answer.
    const most = this.answered ? UNANSWERED_ORDERS - this.unanswered : 0;
    for (let left = this.schedule.take(nowMs, most); left > 0; left -= 1) void this.place();
    if (!this.answered && this.unanswered === 0) void this.place();
    const full = this.unanswered >= UNANSWERED_ORDERS;
    const wait = !this.answered ? TRY_EVERY_MS : full ? REPORT_EVERY_MS : this.schedule.waitMs(nowMs);
    this.timer = setTimeout(() => this.turn(), Math.max(wait, LEAST_WAIT_MS));
  }

  private async place(): Promise<void> {
    const { mix } = this.settings;
    this.number += 1;
    this.unanswered += 1;
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (Math.random() < mix.longShare) headers["long-pending"] = "true";
    const body = JSON.stringify({ ...anOrder(mix), client_order_id: `demo/${this.run}-${this.number}` });
    const answer = await this.ask(this.orders, { method: "POST", headers, body });
    this.unanswered -= 1;
    if (this.stopped) return;
    if (typeof answer === "string") {
      this.placed += 1;
      this.achieved.add(performance.now());
      this.heard(true);
      if (Math.random() < mix.cancelledShare) {
        const { id } = JSON.parse(answer) as { id: string };
        setTimeout(
          () => void this.ask(`${this.orders}/${id}`, { method: "DELETE" }),
          Math.random() * CANCELLED_WITHIN_MS,
        );
      }
      // Some may be owed for which there was no room.
      if (this.unanswered === UNANSWERED_ORDERS - 1) this.turn();
    } else if (isAnswer(answer) && !isStarting(answer)) {
      this.stop();
      this.report();
      this.tell({ type: "refused", message: answer.message });
    } else this.heard(false);
  }

  private heard(answered: boolean): void {
    if (this.answered === answered) return;
    this.answered = answered;
    if (answered) this.schedule.skip(performance.now());
    this.report();
    this.turn();
  }

  private async ask(url: string, request: RequestInit) {
    try {
      const reply = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
      return reply.ok ? await reply.text() : await readRefusal(reply);
    } catch {
      return UNANSWERED;
    }
  }

  private report(): void {
    const achieved = this.achieved.perSecond(performance.now());
    this.tell({ type: "report", achieved, placed: this.placed, answered: this.answered });
  }
}

function anOrder({ symbols }: Mix) {
  const stoks = symbols[Math.floor(Math.random() * symbols.length)] as string;
  return { stoks, quantity: Math.ceil(Math.random() ** 3 * 1_000) * 10 };
}

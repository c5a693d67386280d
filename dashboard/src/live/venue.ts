// The page's one picture of the venue: fed by the stream and by /metrics, read by every room. What comes is applied
// once per frame of the screen; then `frame` changes, and whoever shows something of it reads anew.

import { type Accessor, createSignal } from "solid-js";
import * as rest from "../api/rest";
import type { Frame, Order } from "../model/change";
import { Orders } from "../model/orders";
import { type Reading, readMetrics } from "../model/prometheus";
import { Pulse } from "../model/pulse";
import { ANY, aheadMs, narrowed } from "./clock";
import { Forgetting, listable } from "./forgetting";
import { Jobs } from "./jobs";
import { createLook, type Look } from "./look";
import { type Found, findOrder } from "./lookup";
import { OlderOrders } from "./older";
import { RejectFeed } from "./reject_feed";
import { type Connection, type Listener, Stream } from "./stream";

/** What happened to the connection that the reader should know. */
export interface Notice {
  readonly kind: "resumed" | "lost" | "anew";
  readonly text: string;
}

/** Open orders that are older than the changes which the page begins with: more are not looked for. */
const OPEN_ORDERS = 20_000;
const READ_EVERY_MS = 2_000;
/** Rates are drawn over so many readings: a minute. */
const READINGS = 31;
/** So many readings in a row without an answer, and the connection is taken for dead, though nobody said so. */
const SILENT = 3;
/** The open orders that follow a loss have been told by then; one that was not is merely asked for in vain. */
const SETTLE_AFTER_MS = 2_000;
/** What was not answered is asked for again. */
const ASK_AGAIN_MS = 2_000;
/** Orders that a lost change may have closed are asked for so many at a time. */
const AT_A_TIME = 6;

export class Venue {
  readonly orders = new Orders();
  readonly pulse = new Pulse();
  readonly jobs = new Jobs({
    find: (id) => this.orders.find(id),
    cancel: rest.cancel,
    place: rest.place,
  });
  private readonly stream: Stream;
  private readonly rejecting = new RejectFeed();
  private readonly olderOrders = new OlderOrders(this.orders);
  private readonly forgetting = new Forgetting(this.orders, () => this.seq);

  private readonly frames = createSignal(0);
  private readonly beats = createSignal(0);
  private readonly connections = createSignal<Connection>({ state: "connecting" });
  private readonly instances = createSignal(1);
  private readonly comebacks = createSignal(0);
  private readonly notices = createSignal<Notice | null>(null);
  private readonly readingsSignal = createSignal<readonly Reading[]>([]);

  /** Changes whenever orders have changed, at most once per frame of the screen. */
  readonly frame = this.frames[0];
  /** Changes once a second. */
  readonly beat = this.beats[0];
  readonly connection = this.connections[0];
  readonly notice = this.notices[0];
  /** Rises whenever the venue is another one: what was known of its orders means nothing any more. */
  readonly instance = this.instances[0];
  /** Rises whenever the stream is back after it was away. */
  readonly reconnects = this.comebacks[0];
  /** Of the last minute, the oldest first. */
  readonly readings = this.readingsSignal[0];
  /** How many orders the venue can list; null while that is not known. */
  readonly total = () => listable(this.readings().at(-1));
  /** How the loading of older orders does. */
  readonly olderState = this.olderOrders.state;
  /** Requests that the venue refused. */
  readonly rejects = this.rejecting.all;

  /** Open orders that were told and wait for the end of the turn. */
  private told: Order[] = [];
  /** Orders that the venue told to be open since changes were lost. */
  private stillOpen = new Set<string>();
  /** How far the venue's clock is ahead of the reader's. */
  private ahead = ANY;
  private silent = 0;
  /** How often the page began with nothing: what was asked for before that is of no use after it. */
  private began = 0;

  constructor() {
    const url = new URL("ws", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.stream = new Stream(url.href, this.listener());
  }

  start(): void {
    this.stream.open();
    setInterval(() => this.beats[1]((beat) => beat + 1), 1_000);
    setInterval(() => document.hidden || this.read(), READ_EVERY_MS);
    void this.read();
    addEventListener("online", () => this.retryNow());
  }

  /** The number of the newest change that the page has. */
  get seq(): number {
    return this.stream.seq;
  }

  /** Now, on the venue's clock, in microseconds since 1970. */
  nowUs(): number {
    return (Date.now() + aheadMs(this.ahead)) * 1000;
  }

  isSilent(): boolean {
    return this.silent > 0;
  }

  /** The order that a text names, by whatever name. */
  findOrder(text: string): Promise<Found> {
    return findOrder(text, this.orders);
  }

  /** One order, looked at for as long as whoever asks is shown. */
  look(id: Accessor<string>): Accessor<Look> {
    return createLook(this, id);
  }

  /** Loads a page of orders that are older than those held; `olderState` says how that went. */
  async older(): Promise<void> {
    if (await this.olderOrders.load()) this.changed();
  }

  /** An order that this page placed: it is there at once. */
  placed({ order }: rest.OrderRecord): void {
    this.orders.merge([order]);
    this.changed();
  }

  retryNow(): void {
    this.stream.tryNow();
  }

  dismiss(): void {
    this.notices[1](null);
  }

  private listener(): Listener {
    return {
      frame: (frame) => this.take(frame),
      connection: (connection) => this.connections[1](connection),
      begun: () => {
        this.olderOrders.begin();
        void this.findOpen();
      },
      resumed: () => {
        this.rejecting.missed();
        this.comebacks[1]((times) => times + 1);
        this.tell("resumed", "Connected again: nothing was lost.");
      },
      lost: (from, to) => {
        this.rejecting.missed();
        this.comebacks[1]((times) => times + 1);
        this.olderOrders.lost(to);
        this.stillOpen = new Set();
        setTimeout(() => void this.settle(to), SETTLE_AFTER_MS);
        const [count, places] = [(to - from + 1).toLocaleString("en"), `#${from} to #${to}`];
        this.tell(
          "lost",
          `Connected again, but the venue no longer holds ${count} changes that were missed (${places}).`,
        );
      },
      anew: () => {
        this.jobs.stop();
        this.orders.clear();
        this.pulse.clear();
        this.rejecting.clear();
        this.olderOrders.begin();
        this.readingsSignal[1]([]);
        this.instances[1]((instance) => instance + 1);
        this.told = [];
        this.tell("anew", "The venue was started anew: what it knew before is gone, and is not shown any more.");
      },
      turned: () => this.turned(),
    };
  }

  private take(frame: Frame): void {
    switch (frame.kind) {
      case "change":
        this.olderOrders.follows(frame.seq);
        return this.pulse.record(frame, this.orders.apply(frame));
      case "open":
        this.told.push(frame.order);
        this.stillOpen.add(frame.order.id);
        return;
      case "reject":
        return this.rejecting.add(frame.reject);
      case "lagged":
        return;
    }
  }

  private turned(): void {
    if (this.told.length > 0) this.orders.merge(this.told.splice(0));
    this.orders.tidy();
    this.rejecting.show();
    this.changed();
  }

  /** Orders have changed: whoever shows some reads anew. */
  private changed(): void {
    this.jobs.settle();
    this.frames[1]((frame) => frame + 1);
  }

  /** Finds the orders that are open and were placed before the changes which the page begins with. */
  private async findOpen(): Promise<void> {
    const begun = ++this.began;
    for (let all = false; !all && begun === this.began; ) {
      const pages = rest.open(OPEN_ORDERS);
      for (let page = await pages.next(); begun === this.began; page = await pages.next()) {
        if (page.done) {
          all = page.value;
          break;
        }
        this.orders.merge(page.value);
        this.changed();
      }
      if (!all) await later(ASK_AGAIN_MS);
    }
  }

  /** Asks for each order that was pending before changes up to `to` were lost, and was not told to be open after. */
  private async settle(to: number): Promise<void> {
    const { began } = this;
    let unsure = this.orders.all
      .filter(({ id, status, seq }) => status === "PENDING" && seq <= to && !this.stillOpen.has(id))
      .map(({ id }) => id);
    while (unsure.length > 0 && began === this.began) {
      const [next, found, gone, unanswered]: [Iterator<string>, Order[], Set<string>, string[]] = [
        unsure.values(),
        [],
        new Set(),
        [],
      ];
      const ask = async () => {
        for (let id = next.next(); !id.done; id = next.next()) {
          const answer = await rest.show(id.value);
          if (answer.ok) found.push(answer.value.order);
          else if (answer.refusal.status === 404) gone.add(id.value);
          else unanswered.push(id.value);
        }
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, ask));
      if (began !== this.began) return;
      this.orders.merge(found);
      if (gone.size > 0) this.orders.forget(gone);
      this.changed();
      unsure = unanswered;
      if (unsure.length > 0) await later(ASK_AGAIN_MS);
    }
  }

  private async read(): Promise<void> {
    const [askedMs, held] = [Date.now(), this.orders.size];
    const answer = await rest.metrics();
    const silent = !answer.ok && answer.refusal.status === 0;
    this.silent = silent ? this.silent + 1 : 0;
    if (this.silent === SILENT && this.connection().state === "live") this.stream.open();
    if (!answer.ok) return;
    this.ahead = narrowed(this.ahead, answer.value.dateMs, askedMs, Date.now());
    const reading = readMetrics(answer.value.text, Date.now());
    this.rejecting.met(reading);
    this.readingsSignal[1]((before) => [...before.slice(1 - READINGS), reading]);
    if (await this.forgetting.take(reading, held)) this.changed();
  }

  private tell(kind: Notice["kind"], text: string): void {
    this.notices[1]({ kind, text });
  }
}

function later(ms: number): Promise<void> {
  return new Promise((later) => setTimeout(later, ms));
}

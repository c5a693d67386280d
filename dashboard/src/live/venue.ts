// The page's one picture of the venue: fed by the stream, by answers and by /metrics, read by every room. What comes is
// applied once per frame of the screen; then `frame` changes, and whoever shows something of it reads anew.
//
// The parts know nothing of each other: what one learns goes to the others from here.

import { type Accessor, createSignal } from "solid-js";
import { MAIN, socketOf, venueName } from "../api/here";
import * as rest from "../api/rest";
import type { Frame, Order } from "../model/change";
import { DelayKinds } from "../model/delay_kinds";
import { readDelayModel } from "../model/delay_model";
import { Orders } from "../model/orders";
import type { Reading, VenueInfo } from "../model/prometheus";
import { Pulse } from "../model/pulse";
import { ClockFeed } from "./clock_feed";
import type { Connection } from "./connection";
import { Contact } from "./contact";
import { Deafness } from "./deafness";
import { Forgetting, listable } from "./forgetting";
import { type Health, healthOf } from "./health";
import { Jobs } from "./jobs";
import { createLook, type Look } from "./look";
import { type Found, findOrder } from "./lookup";
import { OlderOrders } from "./older";
import { OpenOrders } from "./open_orders";
import { Polling } from "./polling";
import { Presence } from "./presence";
import { RejectFeed } from "./reject_feed";
import { type Listener, Stream } from "./stream";
import { TermsFeed } from "./terms_feed";
import { Traffic } from "./traffic/traffic";

/** What happened to the connection that the reader should know. */
export interface Notice {
  readonly kind: "resumed" | "lost" | "anew" | "gone";
  readonly text: string;
}

const READ_EVERY_MS = 2_000;
/** Rates are drawn over a minute, and over what a reading may be late. A hidden page reads nothing. */
const READINGS_MS = 62_000;

export class Venue {
  readonly orders = new Orders();
  readonly pulse = new Pulse();
  /** Cancelling or placing many orders. */
  readonly jobs = new Jobs({
    find: (id) => this.orders.find(id),
    cancel: rest.cancel,
    place: async (order) => {
      const answer = await rest.place(order);
      if (answer.ok) this.placed(answer.value);
      return answer;
    },
  });
  /** Orders that the page places by itself, so that there is something to see. */
  readonly traffic = new Traffic();
  readonly clock = new ClockFeed();
  /** What this page's own requests take. */
  readonly latencies = rest.latencies;
  private readonly stream: Stream;
  private readonly contact: Contact;
  private readonly polling: Polling;
  private readonly openOrders = new OpenOrders(this.orders, () => this.changed());
  private readonly olderOrders = new OlderOrders(this.orders);
  private readonly forgetting = new Forgetting(this.orders, () => this.seq);
  private readonly rejecting = new RejectFeed();
  private readonly terms = new TermsFeed(
    this.orders,
    () => this.stream.soon(),
    (order) => this.pulse.learn(order),
  );
  private readonly deafness = new Deafness();
  private readonly presence = new Presence({
    gone: (words) => {
      this.stream.rest();
      this.contact.gone(true);
      this.tell("gone", words);
    },
    another: () => {
      this.contact.gone(false);
      this.stream.restart();
    },
  });

  private readonly frames = createSignal(0);
  private readonly beats = createSignal(0);
  private readonly instances = createSignal(1);
  private readonly comebacks = createSignal(0);
  private readonly notices = createSignal<Notice | null>(null);
  private readonly readingsSignal = createSignal<readonly Reading[]>([]);

  /** Changes whenever orders have changed, at most once per frame of the screen. */
  readonly frame = this.frames[0];
  /** Changes once a second. */
  readonly beat = this.beats[0];
  readonly notice = this.notices[0];
  /** Rises whenever the venue is another one: what was known of its orders means nothing any more. */
  readonly instance = this.instances[0];
  /** Rises whenever the stream is back after it was away, or begins after changes that it does not tell. */
  readonly reconnects = this.comebacks[0];
  /** Of the last minute, the oldest first. */
  readonly readings = this.readingsSignal[0];
  /** How the loading of older orders does. */
  readonly olderState = this.olderOrders.state;
  /** Requests that the venue refused. */
  readonly rejects = this.rejecting.all;

  private reading = false;
  /** The delays that the pulse was told of. */
  private delays = "";

  constructor() {
    this.stream = new Stream(socketOf(), this.listener());
    this.polling = new Polling(
      this.orders,
      () => this.nowUs(),
      () => {
        this.contact.heard();
        this.changed();
      },
    );
    this.contact = new Contact({
      alive: rest.alive,
      changed: (connection) => this.connected(connection),
      back: (sinceMs) => this.back(sinceMs),
    });
  }

  start(): void {
    this.pulse.unheard(this.nowUs());
    this.stream.open();
    this.contact.start();
    setInterval(() => {
      this.resolveDoubt();
      this.clock.beat();
      this.beats[1]((beat) => beat + 1);
    }, 1_000);
    setInterval(() => this.readBoth(), READ_EVERY_MS);
    document.addEventListener("visibilitychange", () => this.readBoth());
    addEventListener("online", () => this.retryNow());
    this.readBoth();
  }

  connection(): Connection {
    return this.contact.connection();
  }

  /** Since when what is shown is not kept up to date; null while it is. */
  stale() {
    return this.contact.stale();
  }

  /** The number of the newest change that the page has. */
  get seq(): number {
    return this.stream.seq;
  }

  /** Now, on the venue's clock, in microseconds since 1970. */
  nowUs(): number {
    return this.onVenueUs(Date.now());
  }

  /** A time of the page (Date.now()) on the venue's clock, in microseconds since 1970. */
  onVenueUs(ms: number): number {
    return this.clock.at(ms);
  }

  /** How the venue fares. Changes with each beat. */
  health(): Health {
    this.beat();
    const totals = this.pulse.totals(this.nowUs(), 60);
    return healthOf({ connection: this.connection(), readings: this.readings(), totals });
  }

  /** How many orders the venue can list; null while that is not known. */
  total(): number | null {
    return listable(this.readings().at(-1));
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
    this.contact.heard();
    this.changed();
  }

  /** Hears what orders are on the exchange, for as long as a room shows it. */
  hearTerms(hears: boolean): void {
    this.terms.listen(hears);
  }

  /** An order that is shown lacks its terms. */
  lacksTerms(order: Order): void {
    void this.terms.lacks(order);
  }

  retryNow(): void {
    this.stream.tryNow();
  }

  dismiss(): void {
    this.notices[1](null);
  }

  private listener(): Listener {
    return {
      frame: (frame, gotMs) => this.take(frame, gotMs),
      link: (link) => this.contact.linked(link),
      begun: () => {
        this.olderOrders.begin();
        void this.openOrders.find();
      },
      behind: (to) => {
        this.openOrders.lost(to);
        this.lookAgain();
      },
      resumed: () => {
        this.cameBack();
        this.tell("resumed", "Connected again: nothing was lost.");
      },
      lost: (from, to) => {
        const sinceMs = this.contact.unheardSinceMs;
        if (sinceMs !== null) this.pulse.mute(this.onVenueUs(sinceMs), this.nowUs(), true);
        this.cameBack();
        this.olderOrders.lost(to);
        this.openOrders.lost(to);
        const [count, places] = [(to - from + 1).toLocaleString("en"), `#${from} to #${to}`];
        this.tell(
          "lost",
          `Connected again, but the venue no longer holds ${count} changes that were missed (${places}).`,
        );
      },
      anew: (reset) => {
        this.jobs.stop();
        this.clock.forget();
        for (const part of [this.orders, this.pulse, this.openOrders, this.rejecting, this.terms]) part.clear();
        this.pulse.unheard(this.nowUs());
        this.olderOrders.begin();
        this.readingsSignal[1]([]);
        this.instances[1]((instance) => instance + 1);
        const named = venueName() === MAIN ? "The venue" : `The venue ${venueName()}`;
        const began = reset ? "was reset" : "was started anew";
        this.tell("anew", `${named} ${began}: what it knew before is gone, and is not shown any more.`);
        this.readBoth();
      },
      left: () => this.readBoth(),
      turned: () => this.turned(),
    };
  }

  private take(frame: Frame, gotMs: number): void {
    switch (frame.kind) {
      case "change":
        this.olderOrders.follows(frame.seq);
        this.clock.saw(frame.atUs);
        if (frame.status === "PENDING") this.latencies.frame(frame.id, gotMs);
        return this.pulse.record(frame, this.orders.apply(frame));
      case "open":
        return this.openOrders.add(frame.order);
      case "reject":
        return this.rejecting.add(frame.reject);
      case "lagged":
        return;
    }
  }

  private turned(): void {
    this.openOrders.turned();
    this.terms.turned();
    this.resolveDoubt();
    this.orders.tidy();
    this.contact.heard();
    this.rejecting.show();
    this.changed();
  }

  /** The pulse does not know whether an order was late or waited for its price: its terms tell. */
  private resolveDoubt(): void {
    const doubted = this.pulse.doubt();
    if (doubted === null) return;
    const order = this.orders.find(doubted.id) ?? doubted;
    if (order.terms === null) this.lacksTerms(order);
    else this.pulse.learn(order);
  }

  /** Orders have changed: whoever shows some reads anew. */
  private changed(): void {
    this.jobs.settle();
    this.frames[1]((frame) => frame + 1);
  }

  /** The stream is back. */
  private cameBack(): void {
    this.latencies.cut();
    this.rejecting.missed();
    this.lookAgain();
  }

  /** What was answered before may have changed without a word. */
  private lookAgain(): void {
    this.comebacks[1]((times) => times + 1);
  }

  private connected({ state }: Connection): void {
    this.latencies.hears(state === "live");
    if (state === "polling") this.polling.start();
    else this.polling.stop();
    const sinceMs = this.contact.unheardSinceMs;
    this.pulse.unheard(sinceMs === null ? null : this.onVenueUs(sinceMs));
  }

  /** The venue is heard again after a silence. */
  private back(sinceMs: number): void {
    this.pulse.mute(this.onVenueUs(sinceMs), this.nowUs());
    this.deafness.suspect(this.seq);
    this.stream.tryNow();
    void this.read();
  }

  private readBoth(): void {
    void this.read();
    void this.clock.ask();
  }

  private async read(): Promise<void> {
    if (this.reading || document.hidden) return;
    this.reading = true;
    const held = this.orders.size;
    const answer = await this.presence.read();
    this.reading = false;
    if (answer.ok || rest.isAnswer(answer.refusal)) this.contact.heard();
    if (!answer.ok) return;
    const reading = answer.value;
    const known = this.readings().at(-1)?.venueId ?? null;
    // Where the stream is refused, nothing else tells that the venue is another one.
    if (this.connection().state === "polling" && known !== null && known !== reading.venueId) this.stream.restart();
    this.rejecting.met(reading);
    if (reading.info !== null) this.configure(reading.info);
    this.readingsSignal[1]((before) => [...before.filter(({ atMs }) => atMs > reading.atMs - READINGS_MS), reading]);
    if (this.deafness.take(reading, this.seq)) this.stream.open();
    if (await this.forgetting.take(reading, held)) this.changed();
  }

  private configure({ delay, longDelay }: VenueInfo): void {
    if (this.delays === `${delay} ${longDelay}`) return;
    this.delays = `${delay} ${longDelay}`;
    this.pulse.configure(new DelayKinds(readDelayModel(delay), readDelayModel(longDelay)), this.orders.all);
  }

  private tell(kind: Notice["kind"], text: string): void {
    this.notices[1]({ kind, text });
  }
}

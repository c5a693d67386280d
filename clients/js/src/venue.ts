// One venue: an exchange that nobody else uses.

import { Refused } from "./errors.js";
import { Events } from "./events.js";
import { ask } from "./http.js";
import type {
  Account,
  Act,
  ActTerms,
  Advanced,
  Change,
  ChannelEvent,
  Channels,
  Clock,
  Decimal,
  FaultInForce,
  Filter,
  From,
  Lagged,
  NewFault,
  Only,
  OpenOrder,
  Order,
  Quote,
  RuleStanding,
  Rules,
  Settings,
  Terms,
  VenueInfo,
} from "./wire.js";

/** So long an advance may take: a year of a market that moves takes many seconds. `fetch` itself waits no longer. */
const ADVANCE_WITHIN_MS = 300_000;

/** How far a clock is to go: by a while, to a time, or over so many moments at which something happens. */
export type Advance = { by: string } | { to: string | Date } | { events: number };

/** How an order is sent. */
export interface Placing {
  /** Sent again with the same key, it is answered as the first time. */
  readonly idempotencyKey?: string;
  /** It asks for the long delay. */
  readonly longPending?: boolean;
}

/** A venue that was made, by its address. `remove` it at the end; the fixtures do so by themselves. */
export class Venue {
  constructor(
    /** The base address for the client under test: it has every route of a server of its own. */
    readonly url: string,
    /** As it was made, or reset last: its name, its seed and the rest. */
    public info: VenueInfo,
  ) {}

  /** Where changes are announced: add `?format=json`, channels, filters. */
  get wsUrl(): string {
    return `${this.url.replace(/^http/, "ws")}/ws`;
  }

  get name(): string {
    return this.info.name;
  }

  /** With this seed, the same clock and the same requests, another venue does the same. */
  get seed(): number | null {
    return this.info.seed;
  }

  /** The JSON that any route of the venue answers: `venue.request("GET", "/accounts/bot/positions")`. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    return (await ask(method, this.url + path, { body })).body;
  }

  // Orders.

  /** Places an order, which is on its way then: it arrives when its delay is over. */
  async place(symbol: string, terms: number | Terms, placing: Placing = {}): Promise<Order> {
    const body = { symbol, ...(typeof terms === "number" ? { quantity: terms } : terms) };
    const headers: Record<string, string> = {};
    if (placing.idempotencyKey !== undefined) headers["idempotency-key"] = placing.idempotencyKey;
    if (placing.longPending) headers["long-pending"] = "true";
    return (await ask("POST", `${this.url}/orders`, { body, headers })).body as Order;
  }

  /** The order as it is now. */
  async order(id: string): Promise<Order> {
    return (await this.request("GET", `/orders/${encodeURIComponent(id)}`)) as Order;
  }

  /** All orders, or those that all filters let through, the first one first. */
  async orders(filter: Filter = {}): Promise<Order[]> {
    const query = new URLSearchParams({ ...filter });
    const listed: Order[] = [];
    for (;;) {
      const page = await ask("GET", `${this.url}/orders?${query}`);
      listed.push(...Object.values(page.body as Record<string, Order>));
      const last = listed.at(-1);
      if (!page.hasMore || last === undefined) return listed;
      query.set("after", last.id);
    }
  }

  /** Cancels an order if it is open; one that is closed stays as it is. */
  async cancel(id: string): Promise<void> {
    await this.request("DELETE", `/orders/${encodeURIComponent(id)}`);
  }

  // What it announces.

  /** Follows changes of orders' status: all from now on, of one order, of one symbol, or from an earlier one on. */
  follow(only?: Only): Promise<Events<Change>>;
  follow(from: Only & From): Promise<Events<Change | Lagged | OpenOrder>>;
  /** Follows channels: `venue.follow({ channels: ["orders", "quotes"] })`. */
  follow(channels: Channels): Promise<Events<ChannelEvent>>;
  follow(what: object = {}): Promise<Events<unknown>> {
    const query = new URLSearchParams({ format: "json" });
    for (const [name, value] of Object.entries(what)) if (value !== undefined) query.set(name, String(value));
    return Events.open(`${this.wsUrl}?${query}`);
  }

  // Accounts and the market.

  /** What an account has. Open others with the setting `accounts`. */
  async account(id = "default"): Promise<Account> {
    return (await this.request("GET", `/accounts/${encodeURIComponent(id)}`)) as Account;
  }

  /** Moves the market: from now on the house quotes this, and resting orders that it meets are filled. */
  async quote(
    symbol: string,
    quote: { bid: Decimal; ask: Decimal; bid_size?: Decimal; ask_size?: Decimal },
  ): Promise<Quote> {
    return (await this.request("PUT", `/market/${encodeURIComponent(symbol)}`, quote)) as Quote;
  }

  // What is made to happen.

  /** The rules, each with what it counted; where some are given they take the place of all there were. */
  async rules(rules?: Rules): Promise<RuleStanding[]> {
    return (await this.request(...putOrGet("/rules", rules))) as RuleStanding[];
  }

  /**
   * The faults in force, each with how often it met something; where some are given they take the place of all there
   * were, and `[]` ends all. They befall what you ask of the venue here too, but for its clock and these lists.
   */
  async faults(faults?: NewFault[]): Promise<FaultInForce[]> {
    return (await this.request(...putOrGet("/faults", faults))) as FaultInForce[];
  }

  /** Does something to an order: `venue.act(id, "fill", { qty: "40" })`. */
  async act(id: string, act: Act, terms: ActTerms = {}): Promise<Order> {
    return (await this.request("POST", `/orders/${encodeURIComponent(id)}/acts`, { act, ...terms })) as Order;
  }

  // Time.

  /** What time it is there, and when something may happen by itself next. */
  async clock(): Promise<Clock> {
    return (await this.request("GET", "/clock")) as Clock;
  }

  /**
   * Lets time go on: `{ by: "90s" }`, `{ to: "2026-01-05T15:00:00Z" }`, or `{ events: 1 }` to what happens next.
   *
   * When it is answered, all that fell due by then has happened, each at its own time, and was announced. The clock must
   * not be real: make the venue with `clock: "frozen"`.
   */
  async advance(advance: Advance): Promise<Advanced> {
    const asked = { body: advance, patienceMs: ADVANCE_WITHIN_MS };
    return (await ask("POST", `${this.url}/clock/advance`, asked)).body as Advanced;
  }

  // The venue itself.

  /**
   * Makes another venue with all that this one holds at this moment; what is said of settings counts from then on.
   *
   * Treated alike, both do the same, and neither sees what becomes of the other. `remove` it at the end, or declare it
   * with `await using`.
   */
  async copy(settings: Settings = {}): Promise<Venue> {
    const madeAt = this.url.slice(0, this.url.lastIndexOf("/"));
    const info = (await ask("POST", madeAt, { body: { ...settings, from: this.name } })).body as VenueInfo;
    return new Venue(`${madeAt}/${encodeURIComponent(info.name)}`, info);
  }

  /** Begins anew with what the venue was made with. Its WebSockets are closed. */
  async reset(reset: { seed?: number; keep?: ("accounts" | "instruments" | "rules")[] } = {}): Promise<VenueInfo> {
    this.info = (await this.request("POST", "/reset", reset)) as VenueInfo;
    return this.info;
  }

  /** Removes the venue, and all that is in it. One that is gone already is no error. */
  async remove(): Promise<void> {
    try {
      await this.request("DELETE", "");
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }
}

/** A list is put where one is given, and shown where none is. */
function putOrGet(path: string, list: unknown): [method: string, path: string, body?: unknown] {
  return list === undefined ? ["GET", path] : ["PUT", path, list];
}

// What goes over the wire, under the names that it has there.
//
// Quantities and prices come as text and are exact. Times are RFC 3339, in UTC, with microseconds, and so can be compared
// as text; a `Date` has milliseconds only. A newer server may tell more than is named here.

/** A price or a quantity that is sent. What was calculated is sent as text: `0.1 + 0.2` is not 0.3. */
export type Decimal = string | number | bigint;

export type Side = "buy" | "sell";
export type Status = "PENDING" | "EXECUTED" | "CANCELLED";
export type State =
  | "accepted"
  | "held"
  | "new"
  | "partially_filled"
  | "pending_cancel"
  | "pending_replace"
  | "filled"
  | "canceled"
  | "expired"
  | "rejected"
  | "replaced";
export type OrderType = "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
export type TimeInForce = "gtc" | "day" | "ioc" | "fok";
export type OrderClass = "simple" | "bracket" | "oco" | "oto";
export type Mode = "real" | "frozen" | "running";

/** A clock that begins at another time than now; with a speed it runs. */
export interface ClockStart {
  start?: string | Date;
  speed?: number;
}

/** An account to be opened. */
export interface AccountSettings {
  id?: string;
  kind?: "margin" | "spot";
  currency?: string;
  cash?: Record<string, Decimal>;
  leverage?: Decimal;
  self_trade?: "cancel_newest" | "cancel_oldest" | "cancel_both" | "allow";
}

/** Which orders a rule is about, and what becomes of them. */
export interface Rule {
  name?: string;
  match?: Match;
  do: "nothing" | Plan;
  times?: number;
}

/** What an order must be. Whatever is not said holds. */
export interface Match {
  symbol?: string;
  account?: string;
  side?: Side;
  type?: OrderType;
  time_in_force?: TimeInForce;
  client_order_id?: string;
  quantity?: string;
  nth?: number;
  every?: number;
  probability?: number;
}

/** What becomes of an order. */
export interface Plan {
  reject?: string;
  reject_on_arrival?: string;
  delay?: string;
  hold?: boolean;
  fill?: Decimal[];
  every?: string;
  price?: Decimal;
  cancel?: boolean;
  expire?: boolean;
  cancel_delay?: string;
  replace_delay?: string;
}

/** A list of rules that has a name. */
export interface Preset {
  preset: "instant" | "realistic" | "brutal";
}

/** What becomes of orders on purpose: the first rule that matches decides. */
export type Rules = (Rule | Preset)[] | Preset;

/** A rule as it stands, with how many orders it was about, and of how many it decided. */
export interface RuleStanding {
  name: string | null;
  match: Match;
  do: "nothing" | Plan;
  times: number | null;
  matched: number;
  used: number;
}

/** What is made to go wrong on purpose, of requests and of streams: all that match apply. */
export interface NewFault {
  name?: string;
  match?: FaultMatch;
  do: FaultDeed;
  times?: number;
}

/** Which requests, or frames of streams, a fault befalls: those that meet all that is said. */
export interface FaultMatch {
  route?: string;
  stream?: string;
  account?: string;
  between?: [from: string, until: string];
  nth?: number;
  every?: number;
  probability?: number;
}

/** What is done to them: one of these, and with `status` its body and headers. */
export interface FaultDeed {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  delay?: string;
  drop?: "before" | "after" | true;
  truncate?: number;
  rate_limit?: string;
  close?: number;
  stall?: string;
  duplicate?: true;
  reorder?: number;
  skip?: true;
}

/** A fault, with how often it met something. */
export interface FaultInForce {
  name: string;
  match: FaultMatch;
  do: FaultDeed;
  times: number | null;
  matched: number;
}

/** What is done to an order by hand. */
export type Act = "arrive" | "fill" | "reject" | "cancel" | "expire" | "hold" | "release";

/** What an act may say beside its name: of a `fill` how much, and at which price; of a `reject` why. */
export interface ActTerms {
  qty?: Decimal;
  price?: Decimal;
  reason_text?: string;
}

/** What a venue is made with: `POST /venues`. `from` is `Venue.copy`. */
export interface Settings {
  name?: string;
  seed?: number;
  clock?: "real" | "frozen" | ClockStart;
  delay?: string;
  long_delay?: string;
  market?: "calm" | "volatile" | "frozen" | "none";
  hours?: "always" | "nyse";
  instruments?: Record<string, unknown>[];
  accounts?: AccountSettings[];
  rules?: Rules;
  faults?: NewFault[];
  ttl?: string;
  durable?: boolean;
  metrics?: boolean;
}

export interface TakeProfit {
  limit_price: Decimal;
}

export interface StopLoss {
  stop_price: Decimal;
  limit_price?: Decimal;
}

/** What an order may ask for beside its symbol. */
export interface Terms {
  quantity?: number;
  side?: Side;
  type?: OrderType;
  qty?: Decimal;
  notional?: Decimal;
  limit_price?: Decimal;
  stop_price?: Decimal;
  trail_price?: Decimal;
  trail_percent?: Decimal;
  time_in_force?: TimeInForce;
  post_only?: boolean;
  order_class?: OrderClass;
  take_profit?: TakeProfit;
  stop_loss?: StopLoss;
  account?: string;
  client_order_id?: string;
}

/** Which orders are listed. */
export interface Filter {
  stoks?: string;
  status?: Status;
  state?: State;
  side?: Side;
  account?: string;
  client_order_id?: string;
  idempotency_key?: string;
  order?: "asc" | "desc";
}

export interface Order {
  id: string;
  stoks: string;
  quantity: number;
  status: Status;
  accepted_at: string;
  /** Null while it is held. */
  due_at: string | null;
  closed_at: string | null;
  seq: number;
  accepted_seq: number;
  /** Where it was given. */
  client_order_id?: string;
  /** Where it was given. */
  idempotency_key?: string;
  state: State;
  side: Side;
  type: OrderType;
  time_in_force: TimeInForce;
  qty: string | null;
  notional: string | null;
  filled_qty: string;
  average_price: string | null;
  limit_price: string | null;
  stop_price: string | null;
  trail_price: string | null;
  trail_percent: string | null;
  hwm: string | null;
  post_only: boolean;
  order_class: OrderClass;
  account: string;
  arrived_at: string | null;
  expires_at: string | null;
  updated_at: string;
  number: number;
  reason: string | null;
  reason_text: string | null;
  parent: string | null;
  legs: string[] | null;
  replaces: string | null;
  replaced_by: string | null;
}

export interface Quote {
  symbol: string;
  at: string;
  bid: string | null;
  bid_size: string | null;
  ask: string | null;
  ask_size: string | null;
  last: string | null;
}

export interface Clock {
  now: string;
  mode: Mode;
  speed: number;
  is_open: boolean;
  next_open: string | null;
  next_close: string | null;
  /** When something may happen by itself next. */
  next: string | null;
}

export interface Advanced {
  now: string;
  /** How many kept changes the advance made. */
  changes: number;
  /** The number of the newest of them. */
  number: number;
}

export interface Balance {
  total: string;
  locked: string;
}

export interface Account {
  id: string;
  kind: "margin" | "spot";
  currency: string;
  leverage: string;
  self_trade: string;
  cash: Record<string, string>;
  balances: Record<string, Balance>;
  equity: string | null;
  exposure: string | null;
  buying_power: string | null;
  realized: string | null;
  unrealized: string | null;
  fees: string | null;
  created_at: string | null;
}

export interface Counts {
  orders: number;
  open: number;
  executed: number;
  cancelled: number;
  subscribers: number;
  /** Faults in force now. */
  faults: number;
}

export interface ClockSetting {
  mode: Mode;
  speed: number;
  start: string | null;
}

/** What a venue was made with, and how much is in it. */
export interface VenueInfo {
  name: string;
  instance: string;
  seed: number | null;
  clock: ClockSetting;
  delay: string;
  long_delay: string;
  market: string;
  hours: string;
  ttl: string | null;
  durable: boolean;
  metrics: boolean;
  made_at: string;
  counts: Counts;
  bytes: number;
}

/** A change of an order's status, as `/ws?format=json` announces it. */
export interface Change {
  /** 1, 2, 3 …: without a gap where nothing is filtered. */
  seq: number;
  at: string;
  id: string;
  stoks: string;
  quantity: number;
  status: Status;
  /** On `PENDING` only; null of an order that is held. */
  due_at?: string | null;
  /** On `PENDING` only, where it was given. */
  client_order_id?: string;
}

/** Some of the changes that were asked for are no longer held: those orders that were open as of `seq` follow. */
export interface Lagged {
  type: "lagged";
  oldest: number;
  seq: number;
}

/** An order that was open then. */
export interface OpenOrder {
  type: "order";
  id: string;
  stoks: string;
  quantity: number;
  status: "PENDING";
  accepted_at: string;
  due_at: string | null;
  closed_at: null;
  seq: number;
  accepted_seq: number;
}

/** Which changes are followed: those of one order, or of one symbol. */
export interface Only {
  order_id?: string;
  stoks?: string;
}

/** From where on: after a number, or as many as are told of what was. */
export type From = { since: number } | { last: number };

/** Which channels are followed: orders whole, the market. */
export interface Channels {
  channels: ("orders" | "accounts" | "instruments" | "trades" | "quotes" | "book" | "bars")[];
  symbols?: string[];
  depth?: number;
  timeframe?: string;
  account?: string;
  after?: number;
}

/** What a channel tells; what else it has depends on the channel. */
export interface ChannelEvent {
  channel: string;
  [field: string]: unknown;
}

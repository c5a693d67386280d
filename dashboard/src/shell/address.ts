// The address is the state: which room, which order, what the list shows, what was typed into the ticket. All of it
// stands in the part after `#`, so that a reload, a step back and a colleague see the same.

import { batch, onCleanup } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { MAIN } from "../api/here";
import type { Status } from "../model/change";
import { SPAN_NAMES, type SpanName } from "../model/span";
import { STATUSES } from "../model/status";
import { type Draft, EMPTY_DRAFT, readDraft, writeDraft } from "./draft";

export const ROOMS = ["market", "orders", "accounts", "rules", "pulse"] as const;
export type Room = (typeof ROOMS)[number];

export const TIMEFRAMES = ["1s", "1m", "5m", "15m", "1h", "1d"] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];

/** Where in the list the reader is: the row at the top, and the newest one that is shown, each by its age. */
export interface Spot {
  readonly top: number;
  readonly newest: number;
}

export interface Place {
  readonly room: Room;
  /** The venue that the page is of. */
  readonly venue: string;
  /** The order that is chosen: every panel that shows one shows this. */
  readonly order: string | null;
  /** The panel in front, where several share a place. */
  readonly panel: string | null;
  readonly status: Status | null;
  /** What a symbol begins with. */
  readonly symbol: string;
  /** A part of an id, or of a client order id. */
  readonly find: string;
  /** The newest change that the list knew when it was paused. */
  readonly paused: number | null;
  /** Null at the top, where newer rows come in. */
  readonly spot: Spot | null;
  /** From when and until when orders of the past are looked for: RFC 3339. */
  readonly from: string;
  readonly until: string;
  /** Which refused requests are shown: their HTTP status, and a part of what they say. */
  readonly refusedStatus: number | null;
  readonly refusedFind: string;
  /** Frames as a subscriber gets them who asked for text. */
  readonly wireText: boolean;
  readonly draft: Draft;
  /** The symbol that the market's room shows. */
  readonly instrument: string;
  /** How long a candle is. */
  readonly timeframe: Timeframe;
  /** The account that its room shows. */
  readonly account: string;
  /** The span of the plots. */
  readonly range: SpanName;
  /** The venue that a link is of, or which life of it, by the beginning of its id. */
  readonly instance: string | null;
}

export const NOWHERE: Place = {
  room: "orders",
  venue: MAIN,
  order: null,
  panel: null,
  status: null,
  symbol: "",
  find: "",
  paused: null,
  spot: null,
  from: "",
  until: "",
  refusedStatus: null,
  refusedFind: "",
  wireText: false,
  draft: EMPTY_DRAFT,
  instrument: "EURUSD",
  timeframe: "1m",
  account: "default",
  range: "5m",
  instance: null,
};

/** What a venue can be called. */
const VENUE = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Reads `#/orders?status=PENDING&order=…`, and `#/orders/{id}` as links had it; what is not understood is left out. */
export function readPlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [room, id] = path.split("/");
  const told = new URLSearchParams(query);
  const text = (name: string) => told.get(name) ?? "";
  const [top, newest] = text("row").split("-").map(readNumber);
  return {
    room: oneOf(ROOMS, room) ?? "orders",
    venue: VENUE.test(text("venue")) ? text("venue") : MAIN,
    order: readOrderId(told.get("order") || (room === "orders" && id ? decode(id) : null)),
    panel: told.get("panel") || null,
    status: oneOf(STATUSES, text("status")),
    symbol: text("symbol"),
    find: text("find"),
    paused: readNumber(told.get("paused")),
    spot: top == null || newest == null ? null : { top, newest },
    from: text("from"),
    until: text("until"),
    refusedStatus: readNumber(told.get("rejects.status")),
    refusedFind: text("rejects.find"),
    wireText: told.get("wire") === "text",
    draft: readDraft(told),
    instrument: (room === "market" ? rest(path) : text("instrument")) || NOWHERE.instrument,
    timeframe: oneOf(TIMEFRAMES, text("tf")) ?? NOWHERE.timeframe,
    account: (room === "accounts" ? rest(path) : text("account")) || NOWHERE.account,
    range: oneOf(SPAN_NAMES, text("range")) ?? "5m",
    instance: told.get("instance") || null,
  };
}

/** What stands after the page's own address; what is as usual is left out. */
export function linkTo(place: Place): string {
  const told: readonly (readonly [string, string | null])[] = [
    ["venue", place.venue === MAIN ? null : place.venue],
    ["status", place.status],
    ["symbol", place.symbol],
    ["find", place.find],
    ["paused", place.paused === null ? null : String(place.paused)],
    ["row", place.spot === null ? null : `${place.spot.top}-${place.spot.newest}`],
    ["from", place.from],
    ["until", place.until],
    ["rejects.status", place.refusedStatus === null ? null : String(place.refusedStatus)],
    ["rejects.find", place.refusedFind],
    ["wire", place.wireText ? "text" : null],
    ["panel", place.panel],
    ["range", place.range === "5m" ? null : place.range],
    ...writeDraft(place.draft),
    ["instrument", place.instrument === NOWHERE.instrument || place.room === "market" ? null : place.instrument],
    ["tf", place.timeframe === NOWHERE.timeframe ? null : place.timeframe],
    ["account", place.account === NOWHERE.account || place.room === "accounts" ? null : place.account],
    ["order", place.order],
    ["instance", place.instance],
  ];
  const said = told.filter(([name, value]) => value !== null && (value !== "" || name.startsWith("ticket.")));
  const query = said.map(([name, value]) => `${name}=${written(value ?? "")}`).join("&");
  return `#/${pathOf(place)}${query === "" ? "" : `?${query}`}`;
}

/** What a room is mainly of stands in its path: `market/BTC/USD`, `accounts/alice`. */
function pathOf({ room, account, instrument }: Place): string {
  if (room === "market") return `${room}/${written(instrument)}`;
  return room === "accounts" && account !== NOWHERE.account ? `${room}/${written(account)}` : room;
}

/** What follows a room's name in its path. */
function rest(path: string): string {
  return decode(path.split("/").slice(1).join("/"));
}

/** A change of the place; `step` makes it one that the browser can go back from. */
export type Move = (change: Partial<Place>, how?: { readonly step: boolean }) => void;

export interface Address {
  /** Read field by field: each tells of its own changes only. */
  readonly place: Place;
  readonly move: Move;
  /** The link to the present place, with these changes. */
  link(change?: Partial<Place>): string;
  /** Tells, for as long as whoever asks is there, that a link to another order was followed: not a step back to it. */
  onLink(hear: () => void): void;
}

/** Beside each entry of the browser's history that the page wrote: a link that was followed has made one without. */
const WRITTEN = { written: true };

/** A reader who scrolls is followed at this distance. */
const WRITE_EVERY_MS = 300;
/** Browsers refuse to have the address written more than a hundred times or so in half a minute. */
const WRITES = 40;
const WRITES_IN_MS = 15_000;

/** Follows the address, and writes it. */
export function followAddress(): Address {
  const [place, setPlace] = createStore<{ at: Place }>({ at: readPlace(location.hash) });
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When it was written of late. */
  let writes: readonly number[] = [];
  const hearers = new Set<() => void>();
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const link = linkTo(place.at);
    if (link === location.hash) return;
    writes = [...writes.slice(1 - WRITES), performance.now()];
    history.replaceState(WRITTEN, "", link);
  };
  const isWrittenOften = () => writes.length === WRITES && performance.now() - (writes[0] ?? 0) < WRITES_IN_MS;
  const read = () => {
    clearTimeout(timer);
    timer = undefined;
    const [told, before] = [readPlace(location.hash), place.at.order];
    const linked = history.state === null && told.order !== null && told.order !== before;
    batch(() => setPlace("at", reconcile(told)));
    if (linked) for (const hear of hearers) hear();
  };
  // Both: a link that is followed and a step back tell of it in this way or that, by browser.
  addEventListener("hashchange", read);
  addEventListener("popstate", read);
  // Whoever closes or reloads the page keeps the last words, too.
  addEventListener("pagehide", write);
  return {
    get place() {
      return place.at;
    },
    move: (change, how) => {
      if (how?.step) {
        if (timer !== undefined) write();
        batch(() => setPlace("at", change));
        const link = linkTo(place.at);
        if (link !== location.hash) history.pushState(WRITTEN, "", link);
        return;
      }
      batch(() => setPlace("at", change));
      const scrolled = Object.keys(change).every((field) => field === "spot");
      if (scrolled || isWrittenOften()) timer ??= setTimeout(write, WRITE_EVERY_MS);
      else write();
    },
    link: (change = {}) => linkTo({ ...place.at, ...change }),
    onLink: (hear) => {
      hearers.add(hear);
      onCleanup(() => hearers.delete(hear));
    },
  };
}

/** As it can stand in an address, and no further from how it was written than that needs. */
function written(value: string): string {
  return encodeURIComponent(value).replace(/%(2F|3A|40|24|2C)/gi, decodeURIComponent);
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | null {
  return values.find((known) => known === value) ?? null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** As the venue writes it: some programs write such ids in capitals. */
function readOrderId(id: string | null): string | null {
  return id !== null && UUID.test(id) ? id.toLowerCase() : id;
}

function readNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

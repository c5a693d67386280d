// The room of the market: the symbols that are watched, and of the chosen one its chart, ladder and tape, the ticket that
// trades it, and the orders in it. The arrows go through the watchlist, `b` and `s` to the ticket's sides.

import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import { instruments as askInstruments } from "../../api/exchange";
import type { SchemaInstrument } from "../../api/schema";
import { createAsked } from "../../live/asked";
import { createFillFeed } from "../../live/fill_feed";
import { createMarketFeed } from "../../live/market_feed";
import type { Venue } from "../../live/venue";
import { timeOfDay, zoneName } from "../../model/format";
import { neighbour } from "../../model/watch";
import { createCancelling } from "../../panels/cancelling";
import type { Ear } from "../../panels/orders/acts";
import { cancelShown, type OrderListHandle } from "../../panels/orders/list";
import { createLookUp } from "../../panels/orders/look_up";
import type { Still } from "../../panels/orders/still";
import { createView } from "../../panels/orders/view";
import { Story } from "../../panels/story/story";
import { Ticket } from "../../panels/ticket/ticket";
import type { Address } from "../../shell/address";
import type { Asking } from "../../shell/confirm";
import type { Draft } from "../../shell/draft";
import { Menu } from "../../shell/menu";
import { zone } from "../../shell/preferences";
import { createBelow } from "./below";
import { Candles, Timeframes } from "./candles";
import { createDays } from "./days";
import { SymbolHead } from "./head";
import { Ladder } from "./ladder";
import { createSize, isBelow, Layout, type Part } from "./layout";
import { offered } from "./offered";
import { TapeOf } from "./tape";
import { WATCHED, Watchlist } from "./watchlist";
import "./market.css";
import "./below.css";
import "./flags.css";

export interface MarketProps {
  readonly venue: Venue;
  readonly address: Address;
  readonly asking: Asking;
  readonly still: Still;
  say(message: string): void;
  /** Takes the room's ear while it is there. */
  acts(act: (() => Ear) | null): void;
}

/** Whether an instrument trades changes seldom. */
const LISTED_MS = 10_000;
const OLD_MS = 3_500;
/** Prices of each side, as many as there is room for. */
const RUNGS = { wall: 14, desk: 12, tablet: 10, phone: 9 } as const;

export function MarketRoom(props: MarketProps) {
  const { venue, address } = props;
  const size = createSize();
  const symbol = () => address.place.instrument;
  const listed = createAsked(() => ({ of: "instruments", ask: () => askInstruments("limit=1000") }), LISTED_MS);
  const instruments = createMemo((): readonly SchemaInstrument[] => listed.value()?.instruments ?? []);
  const instrument = () => instruments().find((one) => one.symbol === symbol()) ?? null;
  /** Those that the list draws; where it is folded, the chosen one. */
  const [drawn, setDrawn] = createSignal<readonly string[]>([]);
  const watched = createMemo(() => (drawn().includes(symbol()) ? drawn() : [...drawn(), symbol()]), undefined, {
    equals: (one, other) => one.length === other.length && one.every((symbol, at) => symbol === other[at]),
  });
  const feed = createMarketFeed(watched, symbol);
  const fills = createFillFeed(symbol);
  const days = createDays(() => venue.nowUs());
  createEffect(() => {
    venue.beat();
    days.want(watched());
  });
  const cancelling = createCancelling(props);
  const view = createView({
    orders: venue.orders,
    frame: venue.frame,
    seq: () => venue.seq,
    address,
    still: props.still,
    only: symbol,
  });
  let list: OrderListHandle | undefined;
  const [amending, setAmending] = createSignal<string | null>(null);
  const chosen = () => address.place.order;
  const fill = (change: Partial<Draft>) => address.move({ draft: { ...address.place.draft, ...change } });
  // Another symbol's list is looked at from its beginning.
  createEffect(on(symbol, () => address.move({ spot: null }), { defer: true }));
  // The ticket is for what is looked at.
  createEffect(
    on(symbol, (symbol) => address.place.draft.symbol !== symbol && fill({ symbol, limitPrice: "", stopPrice: "" })),
  );

  const [front, setFront] = createSignal<readonly Part[]>(
    address.place.panel === null ? [] : [address.place.panel as Part],
  );
  const show = (part: Part) => {
    setFront((before) => [part, ...before.filter((other) => other !== part)]);
    address.move({ panel: part });
  };
  /** Where there is room for all, the story stands beside the rest. */
  const toStory = () => {
    if (size() === "tablet" || size() === "phone") show("story");
  };
  const open = (order: string) => {
    address.move({ order, instance: null });
    toStory();
  };
  address.onLink(toStory);
  const amend = (order: string) => {
    setAmending(order);
    open(order);
  };
  const toTicket = (side: "buy" | "sell" | null): boolean => {
    if (side !== null) fill({ side });
    if (size() === "tablet" || size() === "phone") show("ticket");
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(".ticket [name=quantity]")?.select());
    return true;
  };
  /** A price of the ladder fills the ticket. */
  const pick = (limitPrice: string, side: "buy" | "sell") => {
    fill({ symbol: symbol(), side, type: "limit", limitPrice });
    if (size() === "phone") show("ticket");
  };
  const step = (by: number): boolean => {
    const next = neighbour(
      drawn().length > 0
        ? drawn()
        : instruments()
            .slice(0, WATCHED)
            .map((one) => one.symbol),
      symbol(),
      by,
    );
    if (next === null) return false;
    address.move({ instrument: next });
    requestAnimationFrame(() => document.querySelector(".watch[aria-current]")?.scrollIntoView({ block: "nearest" }));
    return true;
  };
  const lookUp = createLookUp({ venue, address, view, open, say: props.say });
  const toSearch = (): boolean => {
    show("orders");
    requestAnimationFrame(() => list?.search());
    return true;
  };
  props.acts(() => (what) => {
    const order = chosen();
    if (typeof what !== "string") {
      void lookUp(what.find);
      return true;
    }
    switch (what) {
      case "search":
        return toSearch();
      case "pause":
        view.pause(!view.paused());
        return true;
      case "cancel shown":
        cancelShown(view, cancelling);
        return true;
      case "cancel symbol":
        cancelling.many(
          venue.orders.all.filter((order) => order.symbol === symbol()),
          `All of ${symbol()} that this page holds`,
        );
        return true;
      case "up":
        return step(-1);
      case "down":
        return step(1);
      case "ticket":
        return toTicket(null);
      case "buy":
      case "sell":
        return toTicket(what);
      case "cancel":
        if (order !== null) void cancelling.one(order);
        return order !== null;
      case "amend":
        if (order !== null) amend(order);
        return order !== null;
      case "escape":
        if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) {
          document.activeElement.blur();
          return true;
        }
        if (order !== null) address.move({ order: null, instance: null });
        return order !== null;
    }
  });
  onCleanup(() => props.acts(null));

  const asOf = createMemo(() => {
    venue.beat();
    if (Date.now() - feed.heardMs() < OLD_MS || venue.connection().state === "live") return null;
    const us = venue.onVenueUs(feed.heardMs());
    return `as of ${timeOfDay(us, zone.value())} ${zoneName(zone.value(), us)}`;
  });
  const mine = createMemo(() => {
    venue.frame();
    return offered(venue.orders.all, symbol());
  });
  const watch = (chose?: () => void): JSX.Element => (
    <Watchlist
      instruments={instruments()}
      chosen={symbol()}
      quotes={feed.quotes()}
      days={days}
      drawn={setDrawn}
      link={(instrument) => address.link({ instrument, order: null })}
      {...(chose === undefined ? {} : { chose })}
    />
  );
  const below = createBelow({
    venue,
    address,
    asking: props.asking,
    view,
    cancelling,
    fills,
    say: props.say,
    lookUp: (text) => void lookUp(text),
    open,
    amend,
    list: (handle) => {
      list = handle;
    },
  });
  const mark = (part: Part) => (isBelow(part) ? below.mark(part) : "");
  const content = (part: Part): JSX.Element => {
    if (isBelow(part)) return below.content(part);
    switch (part) {
      case "watch":
        return watch(() => size() === "phone" && show("chart"));
      case "chart":
        return (
          <>
            <SymbolHead
              symbol={symbol()}
              instrument={instrument()}
              quote={feed.quotes().get(symbol())}
              day={days.of(symbol())}
              asOf={asOf()}
              picker={
                size() === "wall" || size() === "phone" ? null : (
                  <Picker symbol={symbol()}>{(close) => watch(close)}</Picker>
                )
              }
            >
              <Timeframes
                timeframe={address.place.timeframe}
                choose={(timeframe) => address.move({ timeframe }, { step: true })}
              />
            </SymbolHead>
            <Candles
              symbol={symbol()}
              instrument={instrument()}
              timeframe={address.place.timeframe}
              fills={fills()}
              venue={venue}
            />
          </>
        );
      case "ladder":
        return <Ladder symbol={symbol()} book={feed.book()} depth={RUNGS[size()]} mine={mine()} pick={pick} />;
      case "tape":
        return <TapeOf symbol={symbol()} trades={feed.trades()} />;
      case "ticket":
        return (
          <Ticket
            jobs={venue.jobs}
            address={address}
            placed={(record) => venue.placed(record)}
            leave={() => (document.activeElement as HTMLElement | null)?.blur()}
            symbolRef={() => undefined}
          />
        );
      case "story":
        return (
          <Show when={chosen()}>
            {(id) => (
              <Story
                id={id()}
                venue={venue}
                address={address}
                close={() => address.move({ order: null, instance: null })}
                isCancelling={cancelling.leaving().has(id())}
                amending={amending() === id()}
                cancel={(order) => void cancelling.one(order.id)}
              />
            )}
          </Show>
        );
    }
  };

  return (
    <Show
      when={listed.value() === null || instrument() !== null}
      fallback={
        <div class="card panel-empty">
          <p role="status">The venue lists no instrument “{symbol()}”.</p>
          <Picker symbol="Symbols">{(close) => watch(close)}</Picker>
        </div>
      }
    >
      <Layout size={size()} front={front()} told={chosen() !== null} show={show} content={content} mark={mark} />
    </Show>
  );
}

/** The watchlist, where it is folded into a button. */
function Picker(props: { readonly symbol: string; readonly children: (close: () => void) => JSX.Element }) {
  const button = (
    <>
      {props.symbol} <span aria-hidden="true">▾</span>
      <span class="unseen">, choose another</span>
    </>
  );
  return (
    <Menu class="button symbol-picker" button={button}>
      {(close) => props.children(close)}
    </Menu>
  );
}

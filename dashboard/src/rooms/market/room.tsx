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
import { Story } from "../../panels/story/story";
import { Ticket } from "../../panels/ticket/ticket";
import { Working } from "../../panels/working/working";
import type { Address } from "../../shell/address";
import type { Draft } from "../../shell/draft";
import { Menu } from "../../shell/menu";
import { zone } from "../../shell/preferences";
import { Candles, Timeframes } from "./candles";
import { createDays } from "./days";
import { Fills } from "./fills";
import { SymbolHead } from "./head";
import { Ladder } from "./ladder";
import { createSize, Layout, type Part } from "./layout";
import { offered } from "./offered";
import { TapeOf } from "./tape";
import { WATCHED, Watchlist } from "./watchlist";
import "./market.css";

/** What the room can be told to do. */
export type MarketAct = "ticket" | "buy" | "sell" | "up" | "down" | "escape" | "cancel" | "amend";

export interface MarketProps {
  readonly venue: Venue;
  readonly address: Address;
  say(message: string): void;
  /** Takes the room's ear while it is there; it says whether there was something to do. */
  acts(act: (() => (what: MarketAct) => boolean) | null): void;
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
  const cancelling = createCancelling(props.say);
  const [amending, setAmending] = createSignal<string | null>(null);
  const chosen = () => address.place.order;
  const fill = (change: Partial<Draft>) => address.move({ draft: { ...address.place.draft, ...change } });
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
  const open = (order: string) => {
    address.move({ order, instance: null });
    if (size() === "tablet" || size() === "phone") show("story");
  };
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
  props.acts(() => (what) => {
    const order = chosen();
    switch (what) {
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
  const link = (order: string) => address.link({ order, instance: null });

  const content = (part: Part): JSX.Element => {
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
      case "orders":
        return (
          <div class="exchange-scroll market-rows">
            <Working
              venue={venue}
              label={`Open orders in ${symbol()}`}
              empty={`No order in ${symbol()} is open.`}
              fits={(order) => order.symbol === symbol()}
              link={link}
              isCancelling={(order) => cancelling.leaving().has(order)}
              cancel={(order) => void cancelling.one(order)}
              amend={amend}
            />
          </div>
        );
      case "fills":
        return <Fills symbol={symbol()} fills={fills()} venue={venue} link={link} />;
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
      <Layout size={size()} front={front()} told={chosen() !== null} show={show} content={content} />
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

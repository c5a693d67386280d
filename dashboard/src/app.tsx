// The page: its head, the room that the address names, and its foot.

import { createEffect, createSignal, Match, on, Switch } from "solid-js";
import type { Venue } from "./live/venue";
import type { Ear, OrdersAct } from "./panels/orders/acts";
import { createStill } from "./panels/orders/still";
import { OrdersRoom } from "./rooms/orders";
import type { PulseProps } from "./rooms/pulse";
import { type Address, followAddress, type Room } from "./shell/address";
import { advanceClock, ClockBar, turnClock } from "./shell/clock_bar";
import { type Command, Commands } from "./shell/commands";
import { Confirm, createAsking } from "./shell/confirm";
import { Head } from "./shell/head/head";
import { Help } from "./shell/help";
import { JobBar } from "./shell/job_bar";
import { onKeys } from "./shell/keys";
import { later } from "./shell/later";
import { type Message, MessageBar } from "./shell/messages";
import { colours, density, theme, zone } from "./shell/preferences";
import { StatusBar } from "./shell/status_bar";
import { followTitle } from "./shell/title";

const MarketRoom = later(async () => ({ default: (await import("./rooms/market")).MarketRoom }));
const AccountsRoom = later(async () => ({ default: (await import("./rooms/accounts")).AccountsRoom }));
const RulesRoom = later(async () => ({ default: (await import("./rooms/rules")).RulesRoom }));
const PulseRoom = later(async () => ({ default: (await import("./rooms/pulse")).PulseRoom }));

/** What is done to orders from whatever room. */
const ANYWHERE: ReadonlySet<OrdersAct> = new Set<OrdersAct>(["ticket", "buy", "sell", "search"]);

/** While the venue hangs the page waits for it. */
const HEARD = /live|catching up|silent/;

export function App(props: { readonly venue: Venue }) {
  const { venue } = props;
  const address = followAddress();
  const asking = createAsking();
  followTitle(venue, address);
  const still = createStill({
    orders: venue.orders,
    frame: venue.frame,
    seq: () => venue.seq,
    live: () => venue.connection().state === "live",
    address,
  });
  // A list that stands still would go on to show a venue that is no more.
  createEffect(on(venue.instance, () => address.move({ paused: null, spot: null }), { defer: true }));
  // Another venue is another page: nothing of this one is to be seen in it.
  createEffect(
    on(
      () => address.place.venue,
      () => queueMicrotask(() => location.reload()),
      { defer: true },
    ),
  );
  // What orders are on the exchange is heard where it is shown.
  createEffect(() => venue.hearTerms(!/pulse|rules/.test(address.place.room) && HEARD.test(venue.connection().state)));
  const [fault, say] = createSignal<string | null>(null);
  let help!: HTMLDialogElement;
  let commands!: HTMLDialogElement;

  const goTo = (room: Room) => address.move({ room, panel: null }, { step: true });
  const message = (): Message | null => {
    const wrong = fault() ?? venue.traffic.fault();
    return wrong === null ? venue.notice() : { kind: "fault", text: wrong };
  };
  const dismiss = () => {
    if (fault() !== null) say(null);
    else if (venue.traffic.fault() !== null) venue.traffic.run(false);
    else venue.dismiss();
  };
  /** In a room that lists orders; to the ticket and the search from whatever room. False where there is nothing to do. */
  const act = (what: OrdersAct): boolean => {
    if (address.place.room === "orders") return orders()?.(what) ?? false;
    if (address.place.room === "market") return market()?.(what) ?? false;
    // What is done to an order is done where it is seen.
    if (typeof what === "string" && !ANYWHERE.has(what)) return false;
    goTo("orders");
    // The room is there with the next turn.
    queueMicrotask(() => orders()?.(what));
    return true;
  };
  const [market, setMarket] = createSignal<Ear | null>(null);
  const [orders, setOrders] = createSignal<Ear | null>(null);
  onKeys({
    "?": () => help.showModal(),
    "Ctrl-k": () => commands.showModal(),
    "g o": () => goTo("orders"),
    "g m": () => goTo("market"),
    "g a": () => goTo("accounts"),
    "g r": () => goTo("rules"),
    "g p": () => goTo("pulse"),
    "t m": () => advanceClock(venue, "1m"),
    "t h": () => advanceClock(venue, "1h"),
    "t d": () => advanceClock(venue, "1d"),
    "t n": () => advanceClock(venue, null),
    "t f": () => turnClock(venue),
    n: () => act("ticket"),
    b: () => act("buy"),
    s: () => act("sell"),
    e: () => act("amend"),
    "/": () => act("search"),
    ArrowDown: () => act("down"),
    ArrowUp: () => act("up"),
    x: () => act("cancel"),
    X: () => act("cancel symbol"),
    p: () => act("pause"),
    Escape: () => (message() === null ? act("escape") : dismiss()),
  });

  return (
    <>
      <Head address={address} venue={venue} commands={() => commands.showModal()} help={() => help.showModal()} />
      <ClockBar venue={venue} />
      <main data-room={address.place.room}>
        <h1 class="unseen">Tradepit: {address.place.room}</h1>
        <Switch>
          <Match when={address.place.room === "orders"}>
            <OrdersRoom venue={venue} address={address} asking={asking} still={still} say={say} acts={setOrders} />
          </Match>
          <Match when={address.place.room === "market"}>
            <MarketRoom venue={venue} address={address} asking={asking} still={still} say={say} acts={setMarket} />
          </Match>
          <Match when={address.place.room === "accounts"}>
            <AccountsRoom venue={venue} address={address} asking={asking} say={say} />
          </Match>
          <Match when={address.place.room === "rules"}>
            <RulesRoom />
          </Match>
          <Match when={address.place.room === "pulse"}>
            <PulseRoom {...pulseOf(venue, address)} />
          </Match>
        </Switch>
      </main>
      <MessageBar message={message()} dismiss={dismiss} />
      <StatusBar venue={venue}>
        <JobBar jobs={venue.jobs} />
      </StatusBar>
      <Commands
        commands={[...commandsOf(address.place.room, act, goTo), ...clockCommands(venue)]}
        find={(text) => act({ find: text })}
        ref={(dialog) => {
          commands = dialog;
        }}
      />
      <Confirm asking={asking} />
      <Help
        ref={(dialog) => {
          help = dialog;
        }}
      />
    </>
  );
}

function pulseOf(venue: Venue, address: Address): PulseProps {
  return {
    pulse: venue.pulse,
    latencies: venue.latencies,
    beat: venue.beat,
    nowUs: () => venue.nowUs(),
    onVenueUs: (ms) => venue.onVenueUs(ms),
    readings: venue.readings,
    health: () => venue.health(),
    live: () => venue.connection().state === "live",
    range: () => address.place.range,
    setRange: (range) => address.move({ range }, { step: true }),
  };
}

function commandsOf(room: Room, act: (what: OrdersAct) => boolean, goTo: (room: Room) => void): readonly Command[] {
  const inOrders: readonly Command[] = [
    { name: "Amend or replace the chosen order", key: "e", run: () => act("amend") },
    { name: "Cancel the chosen order", key: "x", run: () => act("cancel") },
    { name: "Cancel all orders of the chosen symbol", key: "X", run: () => act("cancel symbol") },
    { name: "Cancel all orders shown", run: () => act("cancel shown") },
    { name: "Pause or resume the list", key: "p", run: () => act("pause") },
  ];
  return [
    { name: "New order", key: "n", run: () => act("ticket") },
    { name: "Buy", key: "b", run: () => act("buy") },
    { name: "Sell", key: "s", run: () => act("sell") },
    { name: "Search the list", key: "/", run: () => act("search") },
    ...(room === "orders" || room === "market" ? inOrders : []),
    { name: "Go to orders", key: "g o", run: () => goTo("orders") },
    { name: "Go to the market", key: "g m", run: () => goTo("market") },
    { name: "Go to accounts", key: "g a", run: () => goTo("accounts") },
    { name: "Go to rules and faults", key: "g r", run: () => goTo("rules") },
    { name: "Go to pulse", key: "g p", run: () => goTo("pulse") },
    { name: "Times in UTC or in this machine's zone", run: zone.next },
    { name: "Rows: dense or roomy", run: density.next },
    { name: "Colours: usual or distinct", run: colours.next },
    { name: "Theme: as the machine has it, light, dark", run: theme.next },
  ];
}

/** What can be done to a clock that is not real. */
function clockCommands(venue: Venue): readonly Command[] {
  if ((venue.clock.word()?.mode ?? "real") === "real") return [];
  return [
    { name: "Advance the venue's clock by a minute", key: "t m", run: () => advanceClock(venue, "1m") },
    { name: "Advance the venue's clock by an hour", key: "t h", run: () => advanceClock(venue, "1h") },
    { name: "Advance the venue's clock by a day", key: "t d", run: () => advanceClock(venue, "1d") },
    { name: "Advance the venue's clock to what happens next", key: "t n", run: () => advanceClock(venue, null) },
    { name: "Freeze or run the venue's clock", key: "t f", run: () => turnClock(venue) },
  ];
}

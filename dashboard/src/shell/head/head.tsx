// The head of the page: which rooms there are, which venue this is and how it does, its time, traffic, what can be
// commanded, and how the page looks.

import { For } from "solid-js";
import type { Venue } from "../../live/venue";
import { type Address, ROOMS, type Room } from "../address";
import { colours, density, theme } from "../preferences";
import { TrafficMenu } from "./traffic_menu";
import { VenueClock } from "./venue_clock";
import { VenueMenu } from "./venue_menu";

export const ROOM_TITLE: Record<Room, string> = {
  market: "Market",
  orders: "Orders",
  accounts: "Accounts",
  rules: "Rules",
  pulse: "Pulse",
};

const THEME_MARK: Record<ReturnType<typeof theme.value>, string> = { auto: "◐", light: "☀", dark: "☾" };

export interface HeadProps {
  readonly address: Address;
  readonly venue: Venue;
  commands(): void;
  help(): void;
}

export function Head(props: HeadProps) {
  return (
    <header class="head">
      <a class="brand" href={props.address.link({ room: "orders", panel: null })} aria-label="Tradepit, orders">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M5 9h22M5 16h14M5 23h8" />
          <circle cx="24" cy="21.5" r="4" />
        </svg>
        <span>Tradepit</span>
      </a>
      <nav class="rooms" aria-label="Rooms">
        <For each={ROOMS}>
          {(room) => (
            <a
              href={props.address.link({ room, panel: null })}
              aria-current={props.address.place.room === room ? "page" : undefined}
            >
              {ROOM_TITLE[room]}
            </a>
          )}
        </For>
      </nav>
      <VenueMenu venue={props.venue} address={props.address} />
      <VenueClock venue={props.venue} />
      <div class="head-acts">
        <TrafficMenu traffic={props.venue.traffic} />
        <button
          type="button"
          class="button quiet find"
          title="Find an order, or a command (Ctrl-K)"
          onClick={props.commands}
        >
          <span aria-hidden="true">
            ⌕ <kbd>Ctrl K</kbd>
          </span>
          <span class="unseen">Find an order, or a command</span>
        </button>
        <button
          type="button"
          class="button quiet optional"
          aria-label={`Rows: ${density.value()}`}
          title={`Rows: ${density.value()}`}
          onClick={density.next}
        >
          {density.value() === "dense" ? "≣" : "☰"}
        </button>
        <button
          type="button"
          class="button quiet optional"
          aria-label={`Colours: ${colours.value()}`}
          title={`Colours: ${colours.value()} (distinct ones need no red and green)`}
          onClick={colours.next}
        >
          <span class="colours-mark" aria-hidden="true" />
        </button>
        <button
          type="button"
          class="button quiet"
          aria-label={`Theme: ${theme.value()}`}
          title={`Theme: ${theme.value()}`}
          onClick={theme.next}
        >
          {THEME_MARK[theme.value()]}
        </button>
        <button type="button" class="button quiet" aria-label="Help" title="Help (?)" onClick={props.help}>
          ?
        </button>
      </div>
    </header>
  );
}

// The head of the page: which rooms there are, how the connection does, the demo, and what is rarely needed.

import { createMemo, For, Match, Show, Switch } from "solid-js";
import { RATES, type Traffic } from "../live/traffic/traffic";
import type { Venue } from "../live/venue";
import { whole } from "../model/format";
import { linkTo, type Route } from "./route";
import type { Theme } from "./theme";

/** Prices, books and accounts find their place here. */
const ROOMS: readonly { readonly name: string; readonly route: Route }[] = [
  { name: "Orders", route: { room: "orders", order: null } },
  { name: "Pulse", route: { room: "pulse" } },
];

const THEME_MARK: Record<Theme, string> = { auto: "◐", light: "☀", dark: "☾" };

export interface HeaderProps {
  readonly route: Route;
  readonly venue: Venue;
  readonly demo: Traffic;
  readonly theme: Theme;
  nextTheme(): void;
  help(): void;
}

export function Header(props: HeaderProps) {
  return (
    <header class="head">
      <a class="brand" href="#/" aria-label="Tradepit, orders">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M5 9h22M5 16h14M5 23h8" />
          <circle cx="24" cy="21.5" r="4" />
        </svg>
        <span>Tradepit</span>
      </a>
      <nav class="rooms" aria-label="Rooms">
        <For each={ROOMS}>
          {(room) => (
            <a href={linkTo(room.route)} aria-current={props.route.room === room.route.room ? "page" : undefined}>
              {room.name}
            </a>
          )}
        </For>
      </nav>
      <ConnectionState venue={props.venue} />
      <div class="head-acts">
        <DemoSwitch demo={props.demo} />
        <button
          type="button"
          class="button quiet"
          aria-label={`Theme: ${props.theme}`}
          title={`Theme: ${props.theme}`}
          onClick={props.nextTheme}
        >
          {THEME_MARK[props.theme]}
        </button>
        <button type="button" class="button quiet" aria-label="Help" title="Help (?)" onClick={props.help}>
          ?
        </button>
      </div>
    </header>
  );
}

function ConnectionState(props: { readonly venue: Venue }) {
  const connection = () => props.venue.connection();
  const seconds = createMemo(() => {
    props.venue.beat();
    const now = connection();
    return "retryMs" in now ? Math.max(0, Math.ceil((now.retryMs - Date.now()) / 1000)) : 0;
  });
  const seq = createMemo(() => {
    props.venue.beat();
    connection();
    return props.venue.seq;
  });
  return (
    <p class="connection" data-connection={connection().state}>
      <span class="connection-mark" aria-hidden="true" />
      <span role="status">
        <Switch>
          <Match when={connection().state === "live"}>Live</Match>
          <Match when={connection().state === "connecting"}>Connecting…</Match>
          <Match when={connection().state === "catching up"}>Catching up…</Match>
          <Match when={connection().state === "offline"}>Offline</Match>
          <Match when={connection().state === "polling"}>Asking: REST answers, WebSocket does not</Match>
          <Match when={connection().state === "silent"}>The venue does not answer</Match>
        </Switch>
      </span>
      <Show when={connection().state === "offline"}>
        <span class="connection-more">
          next try in {seconds()} s{" "}
          <button type="button" class="link" onClick={() => props.venue.retryNow()}>
            now
          </button>
        </span>
      </Show>
      <Show when={connection().state !== "offline" && seq() > 0}>
        <span class="connection-more mono" title="The newest change that this page has">
          #{whole(seq())}
        </span>
      </Show>
    </p>
  );
}

function DemoSwitch(props: { readonly demo: Traffic }) {
  return (
    <div class="demo" data-running={props.demo.running()}>
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={props.demo.running()}
        title="Places random orders, so that there is something to see"
        onClick={() => props.demo.run(!props.demo.running())}
      >
        <span class="switch-track" aria-hidden="true" />
        Demo
      </button>
      <select
        class="field demo-rate"
        aria-label="Demo: orders per second"
        onChange={(event) => props.demo.setRate(Number(event.currentTarget.value))}
      >
        <For each={RATES}>
          {(rate) => (
            <option value={rate} selected={props.demo.rate() === rate}>
              {rate}/s
            </option>
          )}
        </For>
      </select>
    </div>
  );
}

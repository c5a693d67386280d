// Which venue this is: its name, how it does, and what it is set up to be. Venues to change to find their place here.

import { createMemo, For, Match, Show, Switch } from "solid-js";
import type { Venue } from "../../live/venue";
import { whole } from "../../model/format";
import { Menu } from "../menu";

export function VenueMenu(props: { readonly venue: Venue }) {
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
  const info = () => props.venue.readings().at(-1)?.info ?? null;
  const facts = (): readonly (readonly [string, string])[] => [
    ["Address", location.host],
    ["Version", info()?.version ?? "…"],
    ["Keeps orders", info() === null ? "…" : info()?.durable ? "in a data folder" : "in memory only"],
    ["Delay", info()?.delay ?? "…"],
    ["Long delay", info()?.longDelay ?? "…"],
    ["Route delay", info()?.routeDelay ?? "…"],
    ["Newest change", seq() === 0 ? "none" : `#${whole(seq())}`],
  ];
  const button = () => (
    <>
      <span class="connection-mark" aria-hidden="true" />
      <span class="venue-name">main</span>
      <span class="connection-word">
        <Switch>
          <Match when={connection().state === "live"}>Live</Match>
          <Match when={connection().state === "connecting"}>Connecting…</Match>
          <Match when={connection().state === "catching up"}>Catching up…</Match>
          <Match when={connection().state === "offline"}>Offline</Match>
          <Match when={connection().state === "polling"}>Asking: REST answers, WebSocket does not</Match>
          <Match when={connection().state === "silent"}>The venue does not answer</Match>
        </Switch>
      </span>
    </>
  );
  return (
    <div class="connection" data-connection={connection().state}>
      <Menu button={button()} class="button quiet venue">
        {() => (
          <section class="menu-body" aria-label="Venue">
            <h2>main</h2>
            <dl class="facts">
              <For each={facts()}>
                {([name, value]) => (
                  <>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </>
                )}
              </For>
            </dl>
          </section>
        )}
      </Menu>
      <Show when={connection().state === "offline"}>
        <span class="connection-more">
          next try in {seconds()} s{" "}
          <button type="button" class="link" onClick={() => props.venue.retryNow()}>
            now
          </button>
        </span>
      </Show>
    </div>
  );
}

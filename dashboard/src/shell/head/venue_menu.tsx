// Which venue this is: its name, how it does, and what it is set up to be; and which others there are.

import { createMemo, For, Show } from "solid-js";
import { venueName } from "../../api/here";
import type { Connection } from "../../live/connection";
import type { Venue } from "../../live/venue";
import { whole } from "../../model/format";
import type { Address } from "../address";
import { Menu } from "../menu";
import { VenueList } from "./venue_list";

const WORD: Record<Connection["state"], string> = {
  live: "Live",
  connecting: "Connecting…",
  "catching up": "Catching up…",
  offline: "Offline",
  polling: "REST answers, WebSocket does not",
  silent: "Does not answer",
  gone: "Gone",
};

export function VenueMenu(props: { readonly venue: Venue; readonly address: Address }) {
  const connection = () => props.venue.connection();
  const seconds = createMemo(() => {
    props.venue.beat();
    const now = connection();
    return "retryMs" in now ? Math.max(0, Math.ceil((now.retryMs - Date.now()) / 1000)) : 0;
  });
  const silentS = createMemo(() => {
    props.venue.beat();
    const now = connection();
    return now.state === "silent" ? Math.round((Date.now() - now.sinceMs) / 1000) : 0;
  });
  const seq = createMemo(() => {
    props.venue.beat();
    connection();
    return props.venue.seq;
  });
  /** Asked for while the menu is open only. */
  const health = () => props.venue.health();
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
      <span class="venue-name">{venueName()}</span>
      <span class="connection-word">{WORD[connection().state]}</span>
    </>
  );
  return (
    <div class="connection" data-connection={connection().state}>
      <span class="unseen" role="status">
        {WORD[connection().state]}
      </span>
      <Menu button={button()} class="button quiet venue">
        {(close) => (
          <section class="menu-body" aria-label="Venue">
            <h2>{venueName()}</h2>
            <For each={health().reasons}>{(reason) => <p class="amiss">▲ {reason}</p>}</For>
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
            <VenueList address={props.address} close={close} />
          </section>
        )}
      </Menu>
      <Show when={"retryMs" in connection()}>
        <span class="connection-more">
          next try in {seconds()} s{" "}
          <button type="button" class="link" onClick={() => props.venue.retryNow()}>
            now
          </button>
        </span>
      </Show>
      <Show when={connection().state === "silent"}>
        <span class="connection-more">for {silentS()} s</span>
      </Show>
    </div>
  );
}

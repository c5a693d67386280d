// The server's venues, to change to: each a link, so that it can be opened beside this one, or sent to somebody.

import { createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { venueName } from "../../api/here";
import type { SchemaVenue } from "../../api/schema";
import { venues } from "../../api/venues";
import { createAsked } from "../../live/asked";
import { whole } from "../../model/format";
import { type Address, NOWHERE } from "../address";

const ASK_MS = 2_000;
/** More are not shown at once: a part of the name finds the others. */
const SHOWN = 100;
/** Fewer need no field to be found with. */
const FEW = 8;

export function VenueList(props: { readonly address: Address; close(): void }) {
  const id = createUniqueId();
  const asked = createAsked(() => ({ of: "venues", ask: venues }), ASK_MS);
  const [part, setPart] = createSignal("");
  const all = () => asked.value() ?? [];
  const found = createMemo(() => all().filter(({ name }) => name.includes(part().trim().toLowerCase())));
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        Venues <span class="hint">{asked.value() === null ? "" : whole(all().length)}</span>
      </h2>
      <Show when={all().length > FEW}>
        <input
          class="field"
          type="search"
          aria-label="A part of a venue's name"
          placeholder="A part of its name"
          autocomplete="off"
          spellcheck={false}
          value={part()}
          onInput={(event) => setPart(event.currentTarget.value)}
        />
      </Show>
      <Show when={asked.refusal()}>{(refusal) => <p class="hint">{refusal().message}</p>}</Show>
      <ul class="venues" aria-labelledby={id}>
        <For
          each={found()
            .slice(0, SHOWN)
            .map(({ name }) => name)}
        >
          {(name) => (
            <li>
              <a
                href={linkToVenue(props.address, name)}
                aria-current={name === venueName() ? "page" : undefined}
                onClick={props.close}
              >
                <span class="venues-name">{name}</span>
                <span class="venues-fact">{factOf(all().find((venue) => venue.name === name))}</span>
              </a>
            </li>
          )}
        </For>
      </ul>
      <Show when={found().length > SHOWN}>
        <p class="hint">and {whole(found().length - SHOWN)} more: type a part of the name.</p>
      </Show>
      <Show when={asked.value() !== null && found().length === 0}>
        <p class="hint">No venue has that in its name.</p>
      </Show>
    </section>
  );
}

/** The same room of another venue: orders, accounts and lists are that one's own. */
function linkToVenue({ place, link }: Address, venue: string): string {
  if (venue === place.venue) return link();
  const { order, paused, spot, instance, account, instrument } = NOWHERE;
  return link({ venue, order, paused, spot, instance, account, instrument });
}

function factOf(venue: SchemaVenue | undefined): string {
  if (venue === undefined) return "";
  const { clock, counts } = venue;
  const time = clock.mode === "running" ? `× ${whole(clock.speed)}` : clock.mode;
  return `${time}, ${whole(counts.open)} open of ${whole(counts.orders)}`;
}

// Orders of the past, beyond what the page holds: by time, status, symbol and name, the newest first, as many as the
// reader goes on to; and all of them as a file.

import { createMemo, For, Match, Show, Switch } from "solid-js";
import type { Venue } from "../../live/venue";
import type { Status } from "../../model/change";
import { timeOfDay, whole, zoneName } from "../../model/format";
import { STATUS_WORD } from "../../model/status";
import type { Address } from "../../shell/address";
import { zone } from "../../shell/preferences";
import { Field } from "../field";
import { type Asked, begins, fromField, SPANS, toField } from "./asking";
import { ExportBar } from "./export_bar";
import { createPages, SHOWN } from "./pages";
import { Rows } from "./rows";

/** What is typed as it is, and the parameters that the venue finds fault with. */
const TEXTS = [
  { field: "symbol", label: "Symbol is", faults: ["stoks"] },
  { field: "find", label: "Client order id, key or id is", faults: ["client_order_id", "idempotency_key"] },
] as const;

export interface HistoryProps {
  readonly venue: Pick<Venue, "nowUs">;
  readonly address: Address;
  /** Chooses an order. */
  open(id: string): void;
  /** Puts the keyboard back into the list of orders. */
  leave(): void;
}

export function History(props: HistoryProps) {
  const { venue, address } = props;
  const { place, move } = address;
  const asked = createMemo(
    (): Asked => {
      const { status, symbol, find, from, until } = place;
      return { status, symbol, find, from, until };
    },
    undefined,
    { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  const { loaded, more, again } = createPages(asked, () => venue.nowUs());
  const faultOf = (...fields: string[]) =>
    fields.map((field) => loaded().refusal?.fields.get(field)).find((fault) => fault !== undefined);
  const zoneIs = () => zoneName(zone.value(), venue.nowUs());
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    props.leave();
  };
  /** A field that is filled in halfway says nothing yet. */
  const typed = (field: "from" | "until") => (event: Event & { readonly currentTarget: HTMLInputElement }) => {
    const { value, validity } = event.currentTarget;
    if (!validity.badInput) move({ [field]: fromField(value, zone.value()) });
  };
  const spanOf = (span: (typeof SPANS)[number]) =>
    move({ from: begins(span, venue.nowUs() / 1000, zone.value()), until: "" });
  const count = () => whole(loaded().orders.length);

  return (
    <div class="card history">
      <form
        class="history-asked"
        aria-label="Orders of the past"
        novalidate
        onKeyDown={left}
        onSubmit={(event) => {
          event.preventDefault();
          again();
        }}
      >
        <For each={["from", "until"] as const}>
          {(field) => (
            <Field label={`${field === "from" ? "From" : "Until"} (${zoneIs()})`} fault={faultOf(field)}>
              {(attributes) => (
                <input
                  {...attributes}
                  class="field history-time"
                  type="datetime-local"
                  step={1}
                  value={toField(place[field], zone.value())}
                  onChange={typed(field)}
                />
              )}
            </Field>
          )}
        </For>
        <Field label="Status" fault={faultOf("status")}>
          {(attributes) => (
            <select
              {...attributes}
              class="field"
              onChange={({ currentTarget: { value } }) => move({ status: value === "" ? null : (value as Status) })}
            >
              <option value="">All</option>
              <For each={Object.entries(STATUS_WORD)}>
                {([status, word]) => (
                  <option value={status} selected={status === place.status}>
                    {word}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <For each={TEXTS}>
          {({ field, label, faults }) => (
            <Field label={label} fault={faultOf(...faults)}>
              {(attributes) => (
                <input
                  {...attributes}
                  class="field mono"
                  autocomplete="off"
                  spellcheck={false}
                  value={place[field]}
                  onInput={(event) => move({ [field]: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </For>
        <div class="history-acts">
          <For each={SPANS}>
            {(span) => (
              <button type="button" class="copy-button" onClick={() => spanOf(span)}>
                {span}
              </button>
            )}
          </For>
          <button type="submit" class="copy-button" title="Asks the venue again">
            refresh
          </button>
        </div>
      </form>
      <ExportBar asked={asked()} />
      <p class="history-word hint" role="status">
        <Switch>
          <Match when={loaded().state === "not offered"}>
            This venue lists the oldest first only, as earlier versions do: it cannot be asked for its past from here.
          </Match>
          <Match when={loaded().state === "failed"}>
            <span class="fault">
              {loaded().refusal?.fields.size === 0 ? loaded().refusal?.message : "See the fields."}
            </span>
          </Match>
          <Match when={loaded().state === "asking" && loaded().orders.length === 0}>Asking the venue…</Match>
          <Match when={loaded().orders.length === 0}>{none(asked())}</Match>
          <Match when={true}>
            {count()} orders{loaded().next === null ? ", which is all" : " so far"}, newest first, as of{" "}
            {timeOfDay(loaded().asOfUs, zone.value())} {zoneIs()}
          </Match>
        </Switch>
      </p>
      <Show when={loaded().orders.length > 0}>
        <Rows
          orders={loaded().orders}
          chosen={place.order}
          nowUs={venue.nowUs()}
          open={props.open}
          leave={props.leave}
        />
      </Show>
      <Show when={loaded().next !== null}>
        <p class="history-more">
          <Show
            when={loaded().orders.length < SHOWN}
            fallback={`${whole(SHOWN)} are shown, and no more: narrow the times, or export them.`}
          >
            <button type="button" class="button" disabled={loaded().state === "asking"} onClick={() => void more()}>
              {loaded().state === "asking" ? "Asking…" : "More"}
            </button>
          </Show>
        </p>
      </Show>
    </div>
  );
}

/** Names are compared as a whole: whoever typed a part of one is told. */
function none({ symbol, find }: Asked): string {
  const names = [find.trim() === "" ? "" : "this name or id", symbol.trim() === "" ? "" : "this symbol"];
  const exact = names.filter((name) => name !== "").join(" and ");
  return exact === "" ? "The venue knows no such order." : `No such order has exactly ${exact}.`;
}

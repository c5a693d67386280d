// The requests that the venue refused: what was asked, what was sent, and what was wrong with it. For whoever writes a
// client, and wonders why nothing comes of it.

import { createEffect, createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import type { Venue } from "../../live/venue";
import { clock, whole, zoneName } from "../../model/format";
import type { Reject } from "../../model/reject";
import type { Address } from "../../shell/address";
import { zone } from "../../shell/preferences";
import { rejectAsCurl } from "../commands";
import { CopyButtons } from "../copy";
import { listKeys } from "../list_keys";
import { asked, faults, fitting } from "./told";
import { look } from "./unseen";

export interface RejectsProps {
  readonly venue: Pick<Venue, "rejects" | "nowUs" | "readings">;
  readonly address: Address;
  /** Puts the keyboard back into the list of orders. */
  leave(): void;
}

export function Rejects(props: RejectsProps) {
  const { venue, address } = props;
  const { place, move } = address;
  const all = createMemo((): readonly Reject[] => {
    const now = venue.rejects();
    return now.kind === "known" ? now.all : [];
  });
  const shown = createMemo(() => fitting(all(), { status: place.refusedStatus, find: place.refusedFind }));
  const statuses = createMemo(() =>
    [...new Set([...all().map(({ status }) => status), ...(place.refusedStatus === null ? [] : [place.refusedStatus])])]
      .toSorted((one, other) => one - other)
      .map(String),
  );
  /** It counts what it refuses, also where it keeps nothing of it. */
  const keepsNone = () => {
    const now = venue.rejects();
    if (now.kind === "asking") return false;
    return now.kind === "none" || (all().length === 0 && (venue.readings().at(-1)?.rejected ?? 0) > 0);
  };
  createEffect(() => look(venue.rejects()));
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    props.leave();
  };
  return (
    <div class="card rejects">
      <Switch>
        <Match when={keepsNone()}>
          <p class="panel-empty">The venue keeps none (--rejects 0, or an older one).</p>
        </Match>
        <Match when={venue.rejects().kind === "asking"}>
          <p class="panel-empty">Asking the venue for the requests that it refused…</p>
        </Match>
        <Match when={venue.rejects().kind === "known"}>
          <search class="filters" aria-label="Filter refused requests">
            <select
              class="field reject-status"
              aria-label="Status"
              onChange={({ currentTarget: { value } }) => move({ refusedStatus: value === "" ? null : Number(value) })}
            >
              <option value="">Every status</option>
              <For each={statuses()}>
                {(status) => (
                  <option value={status} selected={status === String(place.refusedStatus)}>
                    {status}
                  </option>
                )}
              </For>
            </select>
            <input
              class="field reject-find"
              type="search"
              aria-label="Path, body or fault contains"
              placeholder="Path, body or fault"
              autocomplete="off"
              spellcheck={false}
              value={place.refusedFind}
              onInput={(event) => move({ refusedFind: event.currentTarget.value })}
              onKeyDown={left}
            />
            <span class="hint reject-count">
              {whole(shown().length)} of {whole(all().length)}, times in {zoneName(zone.value(), venue.nowUs())}
            </span>
          </search>
          <Show
            when={shown().length > 0}
            fallback={
              <p class="panel-empty">
                {all().length === 0
                  ? "The venue has refused nothing since it was started."
                  : "No request is like that."}
              </p>
            }
          >
            <ul class="reject-rows scrolls" aria-label="Refused requests" onKeyDown={listKeys("summary")}>
              <For each={shown()}>
                {(reject) => <Row reject={reject} isFirst={shown()[0] === reject} nowUs={venue.nowUs()} />}
              </For>
            </ul>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}

function Row(props: { readonly reject: Reject; readonly isFirst: boolean; readonly nowUs: number }) {
  const { reject } = props;
  /** What is folded is not there: of a thousand, few are opened. */
  const [open, setOpen] = createSignal(false);
  const [first, ...others] = faults(reject);
  return (
    <li>
      <details class="reject" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary tabindex={props.isFirst ? 0 : -1}>
          <time class="mono">{clock(reject.atUs, zone.value(), props.nowUs)}</time>
          <span class="reject-code" data-kind={reject.status >= 500 ? "busy" : "wrong"}>
            {reject.status}
          </span>
          <span class="mono reject-asked">{asked(reject)}</span>
          <span class="mono reject-sent">{reject.sent?.split("\n", 1)[0] ?? ""}</span>
          <span class="reject-fault">
            <Show when={first?.place}>
              <b>{first?.place}</b>{" "}
            </Show>
            {first?.message}
            {others.length > 0 ? ` (and ${others.length} more)` : ""}
          </span>
        </summary>
        <Show when={open()}>
          <div class="reject-whole">
            <pre class="wire-raw mono">{`${asked(reject)}${reject.sent === null ? "" : `\n\n${reject.sent}`}`}</pre>
            <ul class="reject-faults">
              <For each={faults(reject)}>
                {({ place, message }) => (
                  <li>
                    <b>{place || "The request"}</b>: {message}
                  </li>
                )}
              </For>
            </ul>
            <CopyButtons
              label="Copy"
              of={[
                { name: "curl", text: () => rejectAsCurl(reject) },
                ...(reject.sent === null ? [] : [{ name: "what was sent", text: () => reject.sent ?? "" }]),
              ]}
            />
          </div>
        </Show>
      </details>
    </li>
  );
}

// What of the orders is shown: by status, symbol and id; and whether it stands still.

import { For } from "solid-js";
import type { Status } from "../../model/change";
import { whole } from "../../model/format";
import { STATUS_WORD } from "./status";
import type { View } from "./view";

const STATUSES: readonly (Status | null)[] = [null, "PENDING", "EXECUTED", "CANCELLED"];

export interface FiltersProps {
  readonly view: View;
  readonly cancelling: string | null;
  /** Looks an order up that is not among those shown: a whole id, or a client's own. */
  lookUp(text: string): void;
  cancelShown(): void;
  searchRef(input: HTMLInputElement): void;
}

export function Filters(props: FiltersProps) {
  const counts = () => props.view.shown().counts;
  const count = (status: Status | null) =>
    status === null ? counts().PENDING + counts().EXECUTED + counts().CANCELLED : counts()[status];
  const pending = () => props.view.shown().pending;
  return (
    <search class="filters" aria-label="Filter orders">
      <fieldset class="segments">
        <legend class="unseen">Status</legend>
        <For each={STATUSES}>
          {(status) => (
            <label class="segment" data-status={status ?? "ALL"}>
              <input
                type="radio"
                class="unseen"
                name="status"
                checked={props.view.filter().status === status}
                onChange={() => props.view.narrow({ status })}
              />
              <span>{status === null ? "All" : STATUS_WORD[status]}</span>
              <span class="segment-count">{whole(count(status))}</span>
            </label>
          )}
        </For>
      </fieldset>
      <input
        class="field filter-symbol"
        type="search"
        aria-label="Symbol begins with"
        placeholder="Symbol"
        autocomplete="off"
        spellcheck={false}
        value={props.view.filter().symbol}
        onInput={(event) => props.view.narrow({ symbol: event.currentTarget.value })}
      />
      <div class="filter-id">
        <input
          class="field"
          type="search"
          aria-label="Id contains; Enter looks up a whole id or a client order id"
          placeholder="Id or client order id"
          autocomplete="off"
          spellcheck={false}
          ref={props.searchRef}
          value={props.view.filter().id}
          onInput={(event) => props.view.narrow({ id: event.currentTarget.value })}
          onKeyDown={(event) => event.key === "Enter" && props.lookUp(event.currentTarget.value.trim())}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div class="filter-acts">
        <button
          type="button"
          class="button"
          aria-pressed={props.view.paused()}
          title="The list stands still; nothing is lost (p)"
          onClick={() => props.view.pause(!props.view.paused())}
        >
          {props.view.paused() ? "▶ Resume" : "❚❚ Pause"}
        </button>
        <button
          type="button"
          class="button danger"
          disabled={pending() === 0 || props.cancelling !== null}
          onClick={props.cancelShown}
        >
          {props.cancelling ?? `Cancel ${whole(pending())} shown`}
        </button>
      </div>
    </search>
  );
}

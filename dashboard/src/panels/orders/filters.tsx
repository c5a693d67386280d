// What of the orders is shown: by status, symbol and name; whether it stands still; and what is done with all of it.

import { createMemo, For, Show } from "solid-js";
import type { Status } from "../../model/change";
import { whole } from "../../model/format";
import { STATUS_WORD, STATUSES } from "../../model/status";
import type { View } from "./view";

export interface FiltersProps {
  readonly view: View;
  /** Whether orders are being cancelled already. */
  readonly cancelling: boolean;
  /** Looks an order up that is not among those shown. */
  lookUp(text: string): void;
  cancelShown(): void;
  copyShown(): void;
  /** Puts the keyboard back into the list. */
  leave(): void;
  searchRef(input: HTMLInputElement): void;
}

export function Filters(props: FiltersProps) {
  const counts = () => props.view.figures().counts;
  const count = (status: Status | null) =>
    status === null ? counts().PENDING + counts().EXECUTED + counts().CANCELLED : counts()[status];
  const pending = () => props.view.figures().pending;
  const pause = createMemo(() => {
    if (!props.view.paused()) return "❚❚ Pause";
    const waiting = props.view.waiting();
    return waiting === 0 ? "▶ Resume" : `▶ Resume · ${whole(waiting)} ${waiting === 1 ? "change" : "changes"}`;
  });
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    props.leave();
  };
  return (
    <search class="filters" aria-label="Filter orders">
      <fieldset class="segments">
        <legend class="unseen">Status</legend>
        <For each={[null, ...STATUSES]}>
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
      <Show when={props.view.only() === null}>
        <input
          class="field filter-symbol"
          type="search"
          aria-label="Symbol begins with"
          placeholder="Symbol"
          autocomplete="off"
          spellcheck={false}
          value={props.view.filter().symbol}
          onInput={(event) => props.view.narrow({ symbol: event.currentTarget.value })}
          onKeyDown={left}
        />
      </Show>
      <div class="filter-id">
        <input
          class="field"
          type="search"
          aria-label="Id or client order id contains; Enter asks the venue, also for an idempotency key"
          placeholder="Id, client order id or key"
          autocomplete="off"
          spellcheck={false}
          ref={props.searchRef}
          value={props.view.filter().find}
          onInput={(event) => props.view.narrow({ find: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter") props.lookUp(event.currentTarget.value.trim());
            left(event);
          }}
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
          {pause()}
        </button>
        <button
          type="button"
          class="button optional"
          title="Copies the rows that the filters let through, newest first, as a table"
          onClick={props.copyShown}
        >
          Copy rows
        </button>
        <button
          type="button"
          class="button danger"
          disabled={pending() === 0 || props.cancelling}
          onClick={props.cancelShown}
        >
          Cancel {whole(pending())}…
        </button>
      </div>
    </search>
  );
}

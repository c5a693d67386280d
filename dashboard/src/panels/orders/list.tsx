// The panel of orders: the filters, the rows, and what is done to those that are shown. Every room that has it shows the
// same list; a room of one symbol that symbol's part of it.

import { createMemo, Show } from "solid-js";
import type { Connection } from "../../live/connection";
import type { Venue } from "../../live/venue";
import { STATUS_WORD } from "../../model/status";
import { paceOf } from "../../model/venue_time";
import type { Cancelling } from "../cancelling";
import { copied, NOT_COPIED } from "../copy";
import { Blotter, type BlotterHandle } from "./blotter";
import { Filters } from "./filters";
import { type Extent, OlderOrders } from "./older";
import { ordersAsText } from "./table";
import type { View } from "./view";

/** What is true of a list without orders, by how the venue is heard. */
const EMPTY: Readonly<Record<Connection["state"], string>> = {
  live: "No orders yet. Place one with the ticket, or let Traffic place some.",
  connecting: "Connecting to the venue…",
  "catching up": "Connected: the venue's orders are on their way…",
  polling: "No orders yet, as far as REST tells; the WebSocket does not answer.",
  offline: "The venue cannot be reached, and no orders of it were seen. It is tried again.",
  silent: "The venue does not answer, and no orders of it were seen.",
  gone: "The server has no such venue.",
};

export interface OrderListHandle extends BlotterHandle {
  /** Puts the keyboard into the search. */
  search(): void;
}

export interface OrderListProps {
  readonly venue: Venue;
  readonly view: View;
  readonly cancelling: Cancelling;
  readonly selected: string | null;
  readonly extent: Extent;
  /** Tells the reader of something that went wrong. */
  say(message: string): void;
  lookUp(text: string): void;
  select(id: string): void;
  open(id: string): void;
  /** Opens it and goes on to it with the keyboard. */
  enter(id: string): void;
  cancel(id: string): void;
  amend(id: string): void;
  ref(list: OrderListHandle): void;
}

export function OrderList(props: OrderListProps) {
  const { venue, view } = props;
  let search!: HTMLInputElement;
  let rows!: BlotterHandle;
  /** Days of every zone begin with a quarter of an hour. */
  const quarter = createMemo(() => {
    venue.beat();
    venue.clock.word();
    return Math.floor(venue.nowUs() / 900e6);
  });
  const copyShown = async () => {
    if (!(await copied(ordersAsText(view.shown().rows.toReversed())))) props.say(NOT_COPIED);
  };
  const empty = () => {
    const { find, status } = view.filter();
    if (find !== "")
      return (
        <>
          No order here has “{find}” in one of its names.{" "}
          <button type="button" class="link" onClick={() => props.lookUp(find.trim())}>
            Enter asks the venue
          </button>
        </>
      );
    const symbol = view.only();
    if (venue.orders.size === 0) return EMPTY[venue.connection().state];
    return symbol !== null && status === null ? `No order in ${symbol} yet.` : "No order is like that.";
  };
  return (
    <div class="orders card">
      <Filters
        view={view}
        cancelling={props.cancelling.busy()}
        lookUp={props.lookUp}
        cancelShown={() => cancelShown(view, props.cancelling)}
        copyShown={() => void copyShown()}
        leave={() => rows.focus()}
        searchRef={(input) => {
          search = input;
        }}
      />
      <Blotter
        view={view}
        selected={props.selected}
        nowUs={() => {
          // What is of today changes with the day.
          quarter();
          return venue.nowUs();
        }}
        pace={() => paceOf(venue.clock.word())}
        empty={empty()}
        foot={
          // How many there are of all symbols says nothing of one.
          <Show when={view.only() === null || props.extent.is === "the newest"}>
            <OlderOrders venue={venue} extent={props.extent} />
          </Show>
        }
        select={props.select}
        openStory={props.open}
        enterStory={props.enter}
        lacksTerms={(order) => venue.lacksTerms(order)}
        isCancelling={(id) => props.cancelling.leaving().has(id)}
        cancel={({ id }) => props.cancel(id)}
        amend={({ id }) => props.amend(id)}
        ref={(blotter) => {
          rows = blotter;
          props.ref({
            ...blotter,
            search: () => {
              search.focus();
              search.select();
            },
          });
        }}
      />
    </div>
  );
}

/** Asks, and cancels all that the list shows. */
export function cancelShown(view: View, cancelling: Cancelling): void {
  cancelling.many(view.shown().rows, `All pending orders that the list shows${told(view)}`);
}

/** ` (status Pending, symbol begins with EUR)`; nothing where the list shows all. */
function told(view: View): string {
  const { status, symbol, find } = view.filter();
  const only = view.only();
  const filters = [
    status === null ? "" : `status ${STATUS_WORD[status]}`,
    only === null ? "" : `symbol ${only}`,
    only !== null || symbol.trim() === "" ? "" : `symbol begins with ${symbol.trim().toUpperCase()}`,
    find.trim() === "" ? "" : `id or client order id contains “${find.trim()}”`,
  ].filter((filter) => filter !== "");
  return filters.length === 0 ? "" : ` (${filters.join(", ")})`;
}

// The room of orders: the blotter, the ticket, and the story of the order that the address names.

import { createEffect, createSignal, on, Show } from "solid-js";
import { cancel, named } from "../../api/rest";
import type { Venue } from "../../live/venue";
import type { Order } from "../../model/change";
import { whole } from "../../model/format";
import { onKeys } from "../../shell/keys";
import { linkTo } from "../../shell/route";
import { Blotter } from "./blotter";
import { cancelAll } from "./cancelling";
import { Filters } from "./filters";
import { Story } from "./story";
import { Ticket } from "./ticket";
import { createView } from "./view";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface OrdersRoomProps {
  readonly venue: Venue;
  /** The order whose story is told. */
  readonly order: string | null;
  /** Tells the reader of something that went wrong. */
  say(message: string): void;
}

export function OrdersRoom(props: OrdersRoomProps) {
  const { venue } = props;
  const view = createView(venue.orders, venue.frame);
  const [selected, select] = createSignal<string | null>(props.order);
  const [cancelling, setCancelling] = createSignal<string | null>(null);
  const [ticketOpen, openTicket] = createSignal(false);
  let search!: HTMLInputElement;
  let symbol!: HTMLInputElement;
  let back: HTMLElement | null = null;

  createEffect(
    on(
      () => props.order,
      (order) => order !== null && select(order),
    ),
  );

  const openStory = (id: string) => {
    back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    location.hash = linkTo({ room: "orders", order: id });
  };
  const closeStory = () => {
    location.hash = linkTo({ room: "orders", order: null });
    back?.focus();
  };
  /** Selects a row; a story that is open follows. */
  const selectRow = (id: string) => {
    select(id);
    if (props.order !== null) location.replace(linkTo({ room: "orders", order: id }));
  };
  const cancelOne = async (order: Order) => {
    const answer = await cancel(order.id);
    if (!answer.ok) props.say(`${order.symbol} ${whole(order.quantity)} was not cancelled: ${answer.refusal.message}`);
  };
  const cancelSelected = () => {
    const order = venue.orders.find(selected() ?? "");
    if (order?.status === "PENDING") void cancelOne(order);
  };
  const cancelShown = async () => {
    const pending = view.shown().rows.filter((order) => order.status === "PENDING");
    setCancelling("Cancelling…");
    const ids = pending.map((order) => order.id);
    const answer = await cancelAll(ids, (done) => setCancelling(`${whole(done)} of ${whole(ids.length)}…`));
    setCancelling(null);
    if (!answer.ok) props.say(`Not all were cancelled: ${answer.refusal.message}`);
  };
  const lookUp = async (text: string) => {
    if (text === "") return;
    const { rows } = view.shown();
    if (UUID.test(text)) return openStory(text.toLowerCase());
    if (rows.length === 1) return openStory((rows[0] as Order).id);
    const answer = await named(text);
    if (answer.ok && answer.value !== null) openStory(answer.value.order.id);
    else if (rows.length === 0) props.say(answer.ok ? `The venue knows no order “${text}”.` : answer.refusal.message);
  };
  const newOrder = () => {
    // It is always there, where there is room for it.
    if (getComputedStyle(symbol).visibility === "hidden") openTicket(true);
    symbol.focus();
    symbol.select();
  };

  onKeys({
    n: newOrder,
    "/": () => search.focus(),
    x: cancelSelected,
    p: () => view.pause(!view.paused()),
    Escape: () => {
      if (ticketOpen()) openTicket(false);
      else if (props.order !== null) closeStory();
      else if (document.activeElement === search) {
        view.narrow({ id: "" });
        search.blur();
      }
    },
  });

  const empty = () => {
    if (venue.orders.size > 0) return "No order is like that.";
    return venue.connection().state === "live"
      ? "No orders yet. Place one with the ticket, or switch the demo on."
      : "Connecting to the venue…";
  };

  return (
    <div class="orders" data-story={props.order !== null} data-ticket={ticketOpen()}>
      <div class="orders-main card">
        <Filters
          view={view}
          cancelling={cancelling()}
          lookUp={lookUp}
          cancelShown={cancelShown}
          searchRef={(input) => {
            search = input;
          }}
        />
        <Blotter
          view={view}
          selected={selected()}
          nowUs={() => venue.nowUs()}
          empty={empty()}
          select={selectRow}
          openStory={openStory}
          cancel={cancelOne}
        />
      </div>
      <div class="orders-side">
        <Ticket
          symbolRef={(input) => {
            symbol = input;
          }}
          close={() => openTicket(false)}
        />
        <Show when={props.order} keyed={false}>
          {(id) => <Story id={id()} orders={venue.orders} frame={venue.frame} close={closeStory} cancel={cancelOne} />}
        </Show>
      </div>
      <button type="button" class="button primary new-order" onClick={newOrder}>
        New order
      </button>
    </div>
  );
}

// The room of orders: the blotter, the ticket, and the story of the order that the address names.

import { createEffect, createSignal, on, Show } from "solid-js";
import { cancel, named } from "../../api/rest";
import type { Venue } from "../../live/venue";
import type { Order } from "../../model/change";
import { short, whole } from "../../model/format";
import { onKeys } from "../../shell/keys";
import { linkTo } from "../../shell/route";
import { Blotter } from "./blotter";
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
  const cancelling = () => {
    const job = venue.jobs.current();
    return job?.state === "running" ? `${whole(job.done)} of ${whole(job.of)}…` : null;
  };
  const [ticketOpen, openTicket] = createSignal(false);
  let search!: HTMLInputElement;
  let symbol!: HTMLInputElement;
  let grid!: HTMLDivElement;

  createEffect(
    on(
      () => props.order,
      (order) => order !== null && select(order),
    ),
  );

  const openStory = (id: string) => {
    location.hash = linkTo({ room: "orders", order: id });
  };
  const closeStory = () => {
    location.hash = linkTo({ room: "orders", order: null });
  };
  // The keyboard goes back to the list, unless it has gone elsewhere.
  createEffect(
    on(
      () => props.order,
      (order, before) => {
        if (order === null && before && document.activeElement === document.body) grid.focus({ preventScroll: true });
      },
    ),
  );
  // A list that stands still would go on to show a venue that is no more.
  createEffect(on(venue.notice, (notice) => notice?.kind === "anew" && view.pause(false)));

  /** Selects a row; a story that is open follows. */
  const selectRow = (id: string) => {
    select(id);
    if (props.order !== null) location.replace(linkTo({ room: "orders", order: id }));
  };
  const cancelOne = async (id: string) => {
    const answer = await cancel(id);
    if (!answer.ok) props.say(`Order ${short(id)} was not cancelled: ${answer.refusal.message}`);
  };
  /** Cancels the order whose story is open, or else the one that is chosen and can be seen to be. */
  const cancelSelected = () => {
    const id = props.order ?? selected();
    if (id === null || (props.order === null && !view.shown().rows.some((order) => order.id === id))) return;
    const order = venue.orders.find(id);
    if (order === undefined || order.status === "PENDING") void cancelOne(id);
  };
  const cancelShown = () => {
    // Where the list stands still, some are pending no more.
    const isPending = ({ id }: Order) => venue.orders.find(id)?.status === "PENDING";
    const ids = view
      .shown()
      .rows.filter(isPending)
      .map(({ id }) => id);
    venue.jobs.cancel(ids);
  };
  createEffect(() => {
    const job = venue.jobs.current();
    if (job === null || job.state === "running") return;
    if (job.refusal !== null) props.say(`Not all were cancelled: ${job.refusal.message}`);
    venue.jobs.dismiss();
  });
  const lookUp = async (text: string) => {
    if (text === "") return;
    if (UUID.test(text)) return openStory(text.toLowerCase());
    const answer = await named(text);
    const { rows } = view.shown();
    if (answer.ok && answer.value !== null) openStory(answer.value.order.id);
    else if (rows.length === 1) openStory((rows[0] as Order).id);
    else if (!answer.ok && answer.refusal.status !== 422) props.say(answer.refusal.message);
    else if (rows.length === 0) props.say(`The venue knows no order “${text}”.`);
    else props.say(`${whole(rows.length)} orders have “${text}” in their id, and none has it for a client order id.`);
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
          cancel={(order) => void cancelOne(order.id)}
          gridRef={(element) => {
            grid = element;
          }}
        />
      </div>
      <div class="orders-side">
        <Ticket
          symbolRef={(input) => {
            symbol = input;
          }}
          placed={(record) => venue.placed(record)}
          close={() => openTicket(false)}
        />
        <Show when={props.order} keyed={false}>
          {(id) => (
            <Story
              id={id()}
              orders={venue.orders}
              frame={venue.frame}
              close={closeStory}
              cancel={(order) => void cancelOne(order.id)}
            />
          )}
        </Show>
      </div>
      <button type="button" class="button primary new-order" onClick={newOrder}>
        New order
      </button>
    </div>
  );
}

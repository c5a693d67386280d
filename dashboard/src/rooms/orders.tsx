// The room of orders: the list, the ticket, and the story of the order that is chosen; and what is done to orders.

import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { calm } from "../figures/calm";
import type { Venue } from "../live/venue";
import { whole } from "../model/format";
import { createCancelling } from "../panels/cancelling";
import type { Ear } from "../panels/orders/acts";
import { cancelShown, OrderList, type OrderListHandle } from "../panels/orders/list";
import { createLookUp } from "../panels/orders/look_up";
import { extentInShort, extentOf } from "../panels/orders/older";
import type { Still } from "../panels/orders/still";
import { createView } from "../panels/orders/view";
import { unseen } from "../panels/rejects/unseen";
import { Story } from "../panels/story/story";
import { Ticket } from "../panels/ticket/ticket";
import type { Address } from "../shell/address";
import type { Asking } from "../shell/confirm";
import { later } from "../shell/later";
import { createNarrow, focusPanel, type Panel, Panels } from "../shell/panels";

const History = later(async () => ({ default: (await import("../panels/history/history")).History }));
const Rejects = later(async () => ({ default: (await import("../panels/rejects/rejects")).Rejects }));
const Wire = later(async () => ({ default: (await import("../panels/wire/wire")).Wire }));

export interface OrdersRoomProps {
  readonly venue: Venue;
  readonly address: Address;
  readonly asking: Asking;
  readonly still: Still;
  /** Tells the reader of something that went wrong. */
  say(message: string): void;
  /** Takes the room's ear while it is there; it says whether there was something to do. */
  acts(act: (() => Ear) | null): void;
}

export function OrdersRoom(props: OrdersRoomProps) {
  const { venue, address, still } = props;
  const { move } = address;
  const narrow = createNarrow();
  const seq = () => venue.seq;
  const view = createView({ orders: venue.orders, frame: venue.frame, seq, address, still });
  /** The order that is to be amended, in its story. */
  const [amending, setAmending] = createSignal<string | null>(null);
  const cancelling = createCancelling(props);
  let symbol: HTMLInputElement | undefined;
  let list: OrderListHandle | undefined;

  const chosen = () => address.place.order;
  const focusList = () => list?.focus();
  /** The room is drawn anew by then. */
  const soon = (act: () => void) => requestAnimationFrame(() => act());

  /** Chooses an order: its story is told, in its own panel where there is room for one only. */
  const open = (id: string) => {
    move(
      { order: id, instance: null, ...(narrow() ? { panel: "story" } : {}) },
      { step: chosen() === null || narrow() },
    );
  };
  /** The same, and the keyboard goes along. */
  const enter = (id: string) => {
    open(id);
    soon(() => focusPanel("story"));
  };
  const select = (id: string) => move({ order: id, instance: null });
  const amend = (id: string): boolean => {
    setAmending(id);
    open(id);
    soon(() => document.querySelector<HTMLElement>(".amend input")?.focus());
    return true;
  };
  const closeStory = () => {
    move({ order: null, instance: null, ...(narrow() ? { panel: null } : {}) });
    soon(focusList);
  };
  // A link leads to its order's story, where there is room for one panel only.
  if (narrow() && chosen() !== null && address.place.panel === null) move({ panel: "story" });
  const linked = () => {
    const { panel } = address.place;
    if (narrow() && (panel === null || panel === "ticket")) move({ panel: "story" });
  };
  address.onLink(linked);
  /** One to the order that is chosen already changes nothing of the address. */
  const clicked = (event: MouseEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("main a[href*='order=']") : null;
    if (link instanceof HTMLAnchorElement && link.hash === location.hash) linked();
  };
  addEventListener("click", clicked);
  onCleanup(() => removeEventListener("click", clicked));

  const cancelOne = (id: string) => {
    if (cancelling.leaving().has(id)) return;
    void cancelling.one(id);
    // The button that was pressed goes with the order's end.
    soon(() => (narrow() && address.place.panel === "story" ? focusPanel("story") : focusList()));
  };
  /** Cancels the order that is chosen. */
  const cancelChosen = (): boolean => {
    const id = chosen();
    if (id === null) return false;
    const order = venue.orders.find(id);
    if (order === undefined || order.status === "PENDING") cancelOne(id);
    return true;
  };
  const cancelSymbol = (): boolean => {
    const id = chosen();
    const symbol = id === null ? undefined : venue.orders.find(id)?.symbol;
    if (symbol === undefined) return false;
    cancelling.many(
      venue.orders.all.filter((order) => order.symbol === symbol),
      `All of ${symbol} that this page holds`,
    );
    return true;
  };
  const lookUp = createLookUp({ venue, address, view, open, say: props.say });
  /** At once where it is there: whoever types on types into it. */
  const toTicket = (): boolean => {
    const focus = () => {
      symbol?.focus();
      symbol?.select();
    };
    if (narrow() && address.place.panel !== "ticket") {
      move({ panel: "ticket" });
      soon(focus);
    } else focus();
    return true;
  };
  const inList = (act: (list: OrderListHandle) => void): boolean => {
    if (address.place.panel !== null) {
      move({ panel: null });
      soon(() => list && act(list));
    } else if (list) act(list);
    return true;
  };
  props.acts(() => (what) => {
    if (typeof what !== "string") {
      void lookUp(what.find);
      return true;
    }
    switch (what) {
      case "ticket":
        return toTicket();
      case "buy":
      case "sell":
        move({ draft: { ...address.place.draft, side: what } });
        return toTicket();
      case "amend": {
        const id = chosen();
        return id !== null && amend(id);
      }
      case "search":
        return inList((list) => list.search());
      case "up":
      case "down":
        return inList((list) => {
          list.focus();
          list.move(what === "up" ? -1 : 1);
        });
      case "cancel":
        return cancelChosen();
      case "cancel symbol":
        return cancelSymbol();
      case "cancel shown":
        cancelShown(view, cancelling);
        return true;
      case "pause":
        view.pause(!view.paused());
        return true;
      case "escape":
        // Out of a field, or a panel that lies over the list, into the list; from there out of the story.
        if (!isListFocused()) return inList((list) => list.focus());
        if (chosen() === null) return false;
        closeStory();
        return true;
    }
  });
  onCleanup(() => props.acts(null));
  const isListFocused = () => document.activeElement?.getAttribute("role") === "grid";

  /** For the tab and for the list's foot. */
  const extent = calm(() => extentOf(venue));
  const held = createMemo(() => extentInShort(extent()));

  const panels: readonly Panel[] = [
    {
      name: "orders",
      title: "Orders",
      mark: held,
      place: "middle",
      content: () => (
        <OrderList
          venue={venue}
          view={view}
          cancelling={cancelling}
          selected={chosen()}
          extent={extent()}
          say={props.say}
          lookUp={(text) => void lookUp(text)}
          select={select}
          open={open}
          enter={enter}
          cancel={cancelOne}
          amend={amend}
          ref={(handle) => {
            list = handle;
          }}
        />
      ),
    },
    {
      name: "wire",
      title: "Wire",
      place: "middle",
      content: () => <Wire venue={venue} address={address} />,
    },
    {
      name: "rejects",
      title: "Rejects",
      place: "middle",
      mark: () => {
        const count = unseen(venue.rejects());
        return count === 0 ? "" : whole(count);
      },
      content: () => <Rejects venue={venue} address={address} leave={() => inList((list) => list.focus())} />,
    },
    {
      name: "history",
      title: "History",
      place: "middle",
      content: () => (
        <History venue={venue} address={address} open={open} leave={() => inList((list) => list.focus())} />
      ),
    },
    {
      name: "ticket",
      title: "Ticket",
      place: "side",
      content: () => (
        <Ticket
          jobs={venue.jobs}
          address={address}
          placed={(record) => venue.placed(record)}
          leave={() => inList((list) => list.focus())}
          symbolRef={(input) => {
            symbol = input;
          }}
        />
      ),
    },
    {
      name: "story",
      title: "Story",
      place: "side",
      content: () => (
        <Show
          when={chosen()}
          fallback={<p class="card panel-empty">Choose an order in the list, and its story is told here.</p>}
        >
          {(id) => (
            <Story
              id={id()}
              venue={venue}
              address={address}
              close={closeStory}
              isCancelling={cancelling.leaving().has(id())}
              amending={amending() === id()}
              cancel={(order) => cancelOne(order.id)}
            />
          )}
        </Show>
      ),
    },
  ];

  return <Panels panels={panels} narrow={narrow()} front={address.place.panel} show={(panel) => move({ panel })} />;
}

// The room of orders: the list, the ticket, and the story of the order that is chosen; and what is done to orders.

import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { cancel } from "../api/rest";
import { calm } from "../figures/calm";
import type { Connection } from "../live/connection";
import type { Venue } from "../live/venue";
import type { Order } from "../model/change";
import { short, whole } from "../model/format";
import { STATUS_WORD } from "../model/status";
import { copied, NOT_COPIED } from "../panels/copy";
import { Blotter, type BlotterHandle } from "../panels/orders/blotter";
import { Filters } from "../panels/orders/filters";
import { extentInShort, extentOf, OlderOrders } from "../panels/orders/older";
import type { Still } from "../panels/orders/still";
import { ordersAsText } from "../panels/orders/table";
import { createView, type Filter } from "../panels/orders/view";
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

/** What the room can be told to do. */
export type OrdersAct =
  | "ticket"
  | "buy"
  | "sell"
  | "search"
  | "up"
  | "down"
  | "amend"
  | "cancel"
  | "cancel symbol"
  | "cancel shown"
  | "pause"
  | "escape"
  | { readonly find: string };

export interface OrdersRoomProps {
  readonly venue: Venue;
  readonly address: Address;
  readonly asking: Asking;
  readonly still: Still;
  /** Tells the reader of something that went wrong. */
  say(message: string): void;
  /** Takes the room's ear while it is there; it says whether there was something to do. */
  acts(act: (() => (what: OrdersAct) => boolean) | null): void;
}

/** What is true of a list without orders, by how the venue is heard. */
const EMPTY: Readonly<Record<Connection["state"], string>> = {
  live: "No orders yet. Place one with the ticket, or let Traffic place some.",
  connecting: "Connecting to the venue…",
  "catching up": "Connected: the venue's orders are on their way…",
  polling: "No orders yet, as far as REST tells; the WebSocket does not answer.",
  offline: "The venue cannot be reached, and no orders of it were seen. It is tried again.",
  silent: "The venue does not answer, and no orders of it were seen.",
};

export function OrdersRoom(props: OrdersRoomProps) {
  const { venue, address, asking, still } = props;
  const { move } = address;
  const narrow = createNarrow();
  const seq = () => venue.seq;
  const view = createView({ orders: venue.orders, frame: venue.frame, seq, address, still });
  /** The order that is to be amended, in its story. */
  const [amending, setAmending] = createSignal<string | null>(null);
  const [leaving, setLeaving] = createSignal<ReadonlySet<string>>(new Set());
  let search!: HTMLInputElement;
  let symbol: HTMLInputElement | undefined;
  let list: BlotterHandle | undefined;

  const cancelling = () => venue.jobs.current()?.state === "running";
  const chosen = () => address.place.order;
  const focusList = () => list?.focus();
  /** The room is drawn anew by then. */
  const soon = (act: () => void) => requestAnimationFrame(() => act());

  /** Rises with each order that is chosen or looked for: an answer that is late changes nothing. */
  let turn = 0;

  /** Chooses an order: its story is told, in its own panel where there is room for one only. */
  const open = (id: string) => {
    turn += 1;
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
  const select = (id: string) => {
    turn += 1;
    move({ order: id, instance: null });
  };
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

  const cancelOne = async (id: string) => {
    if (leaving().has(id)) return;
    setLeaving((ids) => new Set(ids).add(id));
    // The button that was pressed goes with the order's end.
    soon(() => (narrow() && address.place.panel === "story" ? focusPanel("story") : focusList()));
    const answer = await cancel(id);
    setLeaving((ids) => new Set([...ids].filter((other) => other !== id)));
    if (!answer.ok) props.say(`Order ${short(id)} was not cancelled: ${answer.refusal.message}`);
  };
  /** Cancels the order that is chosen. */
  const cancelChosen = (): boolean => {
    const id = chosen();
    if (id === null) return false;
    const order = venue.orders.find(id);
    if (order === undefined || order.status === "PENDING") void cancelOne(id);
    return true;
  };
  const isPending = ({ id }: Order) => venue.orders.find(id)?.status === "PENDING";
  /** Asks first: an order may be of any client. */
  const cancelMany = (orders: readonly Order[], which: string) => {
    const ids = orders.filter(isPending).map(({ id }) => id);
    if (ids.length === 0) return;
    if (cancelling()) return props.say("Other work on orders is under way: wait for it, or stop it.");
    asking.ask({
      title: `Cancel ${whole(ids.length)} pending ${ids.length === 1 ? "order" : "orders"}?`,
      text: `${which}, whoever placed them: other clients' orders too. What executes meanwhile stays executed.`,
      yes: `Cancel ${whole(ids.length)}`,
      does: () => venue.jobs.cancel(ids),
    });
  };
  const cancelShown = () =>
    cancelMany(view.shown().rows, `All pending orders that the list shows${told(view.filter())}`);
  const cancelSymbol = (): boolean => {
    const id = chosen();
    const symbol = id === null ? undefined : venue.orders.find(id)?.symbol;
    if (symbol === undefined) return false;
    cancelMany(
      venue.orders.all.filter((order) => order.symbol === symbol),
      `All of ${symbol} that this page holds`,
    );
    return true;
  };
  const lookUp = async (text: string) => {
    if (text === "") return;
    turn += 1;
    const asked = turn;
    const found = await venue.findOrder(text);
    if (turn !== asked) return;
    // What was looked for by a command is not what the list is filtered by.
    const rows = view.filter().find.trim() === text.trim() ? view.shown().rows : [];
    if (found.kind === "found") open(found.order.id);
    else if (found.kind === "failed") props.say(found.refusal.message);
    else if (rows.length === 1) open((rows[0] as Order).id);
    else if (rows.length === 0)
      props.say(`The venue knows no order “${text}”: neither its id nor a client's name for it.`);
    else props.say(`${whole(rows.length)} orders have “${text}” in one of their names; none is called so.`);
  };
  const copyShown = async () => {
    const rows = view.shown().rows.toReversed();
    if (!(await copied(ordersAsText(rows)))) props.say(NOT_COPIED);
  };
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
  const inList = (act: (list: BlotterHandle) => void): boolean => {
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
        return inList(() => {
          search.focus();
          search.select();
        });
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
        cancelShown();
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
  onCleanup(() => {
    turn += 1;
    props.acts(null);
  });
  const isListFocused = () => document.activeElement?.getAttribute("role") === "grid";

  const empty = () => {
    const { find } = view.filter();
    if (find !== "")
      return (
        <>
          No order here has “{find}” in one of its names.{" "}
          <button type="button" class="link" onClick={() => void lookUp(find.trim())}>
            Enter asks the venue
          </button>
        </>
      );
    if (venue.orders.size > 0) return "No order is like that.";
    return EMPTY[venue.connection().state];
  };

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
        <div class="orders card">
          <Filters
            view={view}
            cancelling={cancelling()}
            lookUp={(text) => void lookUp(text)}
            cancelShown={cancelShown}
            copyShown={() => void copyShown()}
            leave={focusList}
            searchRef={(input) => {
              search = input;
            }}
          />
          <Blotter
            view={view}
            selected={chosen()}
            nowUs={() => venue.nowUs()}
            empty={empty()}
            foot={<OlderOrders venue={venue} extent={extent()} />}
            select={select}
            openStory={open}
            enterStory={enter}
            lacksTerms={(order) => venue.lacksTerms(order)}
            isCancelling={(id) => leaving().has(id)}
            cancel={(order) => void cancelOne(order.id)}
            amend={({ id }) => amend(id)}
            ref={(blotter) => {
              list = blotter;
            }}
          />
        </div>
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
              isCancelling={leaving().has(id())}
              amending={amending() === id()}
              cancel={(order) => void cancelOne(order.id)}
            />
          )}
        </Show>
      ),
    },
  ];

  return <Panels panels={panels} narrow={narrow()} front={address.place.panel} show={(panel) => move({ panel })} />;
}

/** ` (status Pending, symbol begins with EUR)`; nothing where the list shows all. */
function told({ status, symbol, find }: Filter): string {
  const filters = [
    status === null ? "" : `status ${STATUS_WORD[status]}`,
    symbol.trim() === "" ? "" : `symbol begins with ${symbol.trim().toUpperCase()}`,
    find.trim() === "" ? "" : `id or client order id contains “${find.trim()}”`,
  ].filter((filter) => filter !== "");
  return filters.length === 0 ? "" : ` (${filters.join(", ")})`;
}

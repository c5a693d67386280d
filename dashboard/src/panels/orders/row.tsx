// One order as a row of the blotter.

import { createMemo, Show, untrack } from "solid-js";
import { venueName } from "../../api/here";
import type { Order } from "../../model/change";
import { grouped, shortened } from "../../model/decimal";
import { clock, short, span } from "../../model/format";
import { priceOf, sizeOf, type Terms, TYPE_WORD } from "../../model/terms";
import type { Pace } from "../../model/venue_time";
import { linkTo, NOWHERE } from "../../shell/address";
import { zone } from "../../shell/preferences";
import { StatusMark } from "../status";

export interface Sight {
  readonly order: Order;
  /** Its place, counted from the oldest: it keeps it as newer ones come. */
  readonly place: number;
}

export interface RowProps {
  /** The element's id, whatever order it shows. */
  readonly name: string;
  /** What the row shows now; undefined while it is not needed. */
  readonly sight: () => Sight | undefined;
  readonly selected: string | null;
  /** How many rows there are, in sight or not. */
  readonly count: () => number;
  readonly nowUs: () => number;
  readonly pace: () => Pace;
  openStory(id: string): void;
  isCancelling(id: string): boolean;
  cancel(order: Order): void;
  amend(order: Order): void;
  /** How far above its sheet's lower edge a place is. */
  bottomPx(place: number): number;
}

export function Row(props: RowProps) {
  return (
    <Show when={props.sight() !== undefined || undefined}>
      <Cells {...props} />
    </Show>
  );
}

function Cells(props: RowProps) {
  // The last one that was in sight: an element that is about to go shows what it showed.
  const order = createMemo<Order>((before) => props.sight()?.order ?? (before as Order));
  const place = createMemo<number>((before) => props.sight()?.place ?? (before as number));
  const id = () => order().id;
  const accepted = () => {
    const { acceptedUs } = order();
    return acceptedUs === null ? "—" : clock(acceptedUs, zone.value(), props.nowUs());
  };
  return (
    <div
      class="row order"
      role="row"
      id={props.name}
      data-id={id()}
      data-status={order().status}
      aria-rowindex={props.count() - place() + 1}
      aria-selected={props.selected === id()}
      tabindex={-1}
      style={{ bottom: `${props.bottomPx(place())}px` }}
      onClick={(event) => {
        if ((event.target as Element).closest("a") !== null) {
          // Into another tab or window the link leads by itself; here all else stays as it is.
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          props.openStory(id());
        } else if (getSelection()?.isCollapsed !== false) {
          // Text that is selected is to be copied.
          props.openStory(id());
        }
      }}
    >
      <span role="gridcell">
        <StatusMark status={order().status} state={order().terms?.state} />
      </span>
      <span role="gridcell" class="side-cell" data-side={order().terms?.side}>
        {sideWord(order().terms)}
      </span>
      <span role="gridcell" class="symbol" title={order().symbol.length > 8 ? order().symbol : undefined}>
        {order().symbol}
      </span>
      <span role="gridcell" class="number quantity">
        {sizeOf(order())}
      </span>
      <span role="gridcell" class="number filled">
        {filled(order().terms)}
      </span>
      <span role="gridcell" class="type">
        {typeWord(order().terms)}
      </span>
      <span role="gridcell" class="number price">
        {priced(order().terms)}
      </span>
      <span role="gridcell" class="client" title={order().clientOrderId ?? undefined}>
        {order().clientOrderId ?? ""}
      </span>
      <span role="gridcell" class="time">
        {accepted()}
      </span>
      <span role="gridcell" class="number delay">
        {delay(order())}
        {/* Made anew for each order and pace: a bar that fills keeps the time at which it began. */}
        <Show keyed when={waitsLong(order()) ? `${id()} ${props.pace().speed} ${props.pace().standsUs}` : null}>
          <Wait order={order()} nowUs={props.nowUs()} speed={props.pace().speed} />
        </Show>
      </span>
      <span role="gridcell" class="number late">
        {late(order())}
      </span>
      <span role="gridcell" class="number change">
        {order().seq}
      </span>
      <span role="gridcell" class="id">
        <a
          href={linkTo({ ...NOWHERE, venue: venueName(), order: id() })}
          aria-label={`Story of order ${short(id())}`}
          tabindex={-1}
        >
          {short(id())}
        </a>
      </span>
      <span role="gridcell" class="act">
        <button
          type="button"
          class="cancel amends"
          hidden={order().status !== "PENDING"}
          tabindex={-1}
          aria-label={`Amend ${order().symbol} ${order().quantity}`}
          title="Amend or replace (e)"
          onClick={(event) => {
            event.stopPropagation();
            props.amend(order());
          }}
        >
          ✎
        </button>
        <button
          type="button"
          class="cancel"
          hidden={order().status !== "PENDING"}
          disabled={props.isCancelling(id())}
          tabindex={-1}
          aria-label={`Cancel ${order().symbol} ${order().quantity}`}
          title={props.isCancelling(id()) ? "Cancelling…" : "Cancel (x)"}
          onClick={(event) => {
            event.stopPropagation();
            props.cancel(order());
          }}
        >
          {props.isCancelling(id()) ? "…" : "✕"}
        </button>
      </span>
    </div>
  );
}

/** Each bar that fills is a layer that the browser draws anew with each frame: a short wait does without. */
const LONG_US = 2_000_000;

function waitsLong({ status, acceptedUs, dueUs }: Order): boolean {
  return status === "PENDING" && acceptedUs !== null && dueUs !== null && dueUs - acceptedUs >= LONG_US;
}

/** How much of a pending order's delay is over: a bar that fills by itself as the venue's time passes, without a script. */
function Wait(props: { readonly order: Order; readonly nowUs: number; readonly speed: number }) {
  const { acceptedUs, dueUs } = props.order;
  // Later it fills by itself.
  const nowUs = untrack(() => props.nowUs);
  const begun = acceptedUs ?? nowUs;
  const ms = (us: number) => `${us / 1000 / (props.speed || 1)}ms`;
  return (
    <span
      class="wait"
      style={{
        "animation-duration": ms(Math.max((dueUs ?? begun) - begun, 1)),
        "animation-delay": ms(Math.min(begun - nowUs, 0)),
        "animation-play-state": props.speed === 0 ? "paused" : "running",
      }}
    />
  );
}

function sideWord(terms: Terms | null): string {
  return terms === null ? "" : terms.side === "buy" ? "Buy" : "Sell";
}

function typeWord(terms: Terms | null): string {
  return terms === null ? "" : TYPE_WORD[terms.type];
}

/** What it traded at; before that what it waits for. */
function priced(terms: Terms | null): string {
  return terms === null ? "" : terms.averagePrice === null ? priceOf(terms) : shortened(terms.averagePrice);
}

function filled(terms: Terms | null): string {
  return terms === null || terms.filled === "0" ? "" : grouped(terms.filled);
}

/** How long it was to wait. */
function delay({ acceptedUs, dueUs }: Order): string {
  return acceptedUs === null || dueUs === null ? "—" : span(dueUs - acceptedUs);
}

/** How late it executed; one that waits for its price is not late. */
function late({ status, dueUs, closedUs, terms }: Order): string {
  if (terms !== null && terms.type !== "market") return "";
  return status !== "EXECUTED" || dueUs === null || closedUs === null ? "" : span(Math.max(closedUs - dueUs, 0));
}

// One order as a row of the blotter.

import { createMemo, Show } from "solid-js";
import type { Order } from "../../model/change";
import { clock, short, span, whole } from "../../model/format";
import { linkTo } from "../../shell/route";
import { ROW_PX } from "./blotter";
import { StatusMark } from "./status";

export interface RowProps {
  readonly id: string;
  /** The order and its place, counted from the oldest; undefined once it has left the sight. */
  readonly sight: () => { readonly order: Order; readonly place: number } | undefined;
  readonly selected: boolean;
  /** How many rows there are. */
  readonly count: () => number;
  readonly nowUs: () => number;
  openStory(id: string): void;
  cancel(order: Order): void;
}

export function Row(props: RowProps) {
  // The last one that was in sight: an element that is about to go shows what it showed.
  const order = createMemo<Order>((before) => props.sight()?.order ?? (before as Order));
  const place = createMemo<number>((before) => props.sight()?.place ?? (before as number));
  return (
    <div
      class="row order"
      role="row"
      id={`row-${props.id}`}
      data-id={props.id}
      data-status={order().status}
      aria-rowindex={props.selected ? props.count() - place() + 1 : undefined}
      aria-selected={props.selected}
      tabindex={-1}
      style={{ bottom: `${place() * ROW_PX}px` }}
      onClick={() => props.openStory(props.id)}
    >
      <span role="gridcell">
        <StatusMark status={order().status} />
      </span>
      <span role="gridcell" class="symbol">
        {order().symbol}
      </span>
      <span role="gridcell" class="number quantity">
        {whole(order().quantity)}
      </span>
      <span role="gridcell" class="wide time">
        {when(order().acceptedUs, clock)}
      </span>
      <span role="gridcell" class="number delay">
        {delay(order())}
        <Show when={order().status === "PENDING" && waitUs(order()) >= WAIT_SHOWN_US}>
          <Wait order={order()} nowUs={props.nowUs()} />
        </Show>
      </span>
      <span role="gridcell" class="number wide">
        {late(order())}
      </span>
      <span role="gridcell" class="number wide faint">
        {order().seq}
      </span>
      <span role="gridcell" class="medium id">
        <a
          href={linkTo({ room: "orders", order: props.id })}
          aria-label={`Story of order ${short(props.id)}`}
          tabindex={-1}
        >
          {short(props.id)}
        </a>
      </span>
      <span role="gridcell" class="act">
        <Show when={order().status === "PENDING"}>
          <button
            type="button"
            class="cancel"
            tabindex={-1}
            aria-label={`Cancel ${order().symbol} ${order().quantity}`}
            title="Cancel (x)"
            onClick={(event) => {
              event.stopPropagation();
              props.cancel(order());
            }}
          >
            ✕
          </button>
        </Show>
      </span>
    </div>
  );
}

/** Shorter waits are over before a bar says anything, and hundreds of moving bars cost more than all the rest. */
const WAIT_SHOWN_US = 2_000_000;

function waitUs({ acceptedUs, dueUs }: Order): number {
  return acceptedUs === null || dueUs === null ? 0 : dueUs - acceptedUs;
}

/** How much of a pending order's delay is over: a bar that fills by itself, without a script. */
function Wait(props: { readonly order: Order; readonly nowUs: number }) {
  const { acceptedUs, dueUs } = props.order;
  const begun = acceptedUs ?? props.nowUs;
  return (
    <span
      class="wait"
      style={{
        "animation-duration": `${Math.max((dueUs ?? begun) - begun, 1) / 1000}ms`,
        "animation-delay": `${Math.min(begun - props.nowUs, 0) / 1000}ms`,
      }}
    />
  );
}

function when(us: number | null, write: (us: number) => string): string {
  return us === null ? "—" : write(us);
}

/** The delay that was drawn. */
function delay({ acceptedUs, dueUs }: Order): string {
  return acceptedUs === null || dueUs === null ? "—" : span(dueUs - acceptedUs);
}

/** How late it executed. */
function late({ status, dueUs, closedUs }: Order): string {
  return status !== "EXECUTED" || dueUs === null || closedUs === null ? "" : span(Math.max(closedUs - dueUs, 0));
}

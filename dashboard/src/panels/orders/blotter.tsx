// The blotter: a grid of orders, newest first, of which only the rows in sight exist. Rows keep their elements while
// they move, so that each frame changes little.

import { createVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type { Order } from "../../model/change";
import { whole, zoneName } from "../../model/format";
import { age } from "../../model/orders";
import type { Pace } from "../../model/venue_time";
import { density, zone } from "../../shell/preferences";
import { Row, type Sight } from "./row";
import type { View } from "./view";

/** The head of the list, which stays above the rows. */
const HEAD_PX = 30;
/** The height of a row, in two densities. */
const ROW_PX = { roomy: 34, dense: 24 };
/** Rows drawn beyond what is in sight, on either side. */
const OVERSCAN = 6;
/** The virtual list is told of rows in steps: it measures all of them anew whenever their number changes. */
const STEP = 1024;
/** By then the rows that an address leads to have come. */
const RESTORED_MS = 2_000;
/** Rows are made so many at a time. */
const SLOTS = 8;
/** Rows stand on a sheet of twice so many, and it is laid anew when so many more have come. */
const SHEET = 512;

export interface BlotterProps {
  readonly view: View;
  readonly selected: string | null;
  readonly nowUs: () => number;
  readonly pace: () => Pace;
  readonly empty: JSX.Element;
  /** What stands below the oldest row. */
  readonly foot: JSX.Element;
  select(id: string): void;
  openStory(id: string): void;
  /** Goes on to it with the keyboard. */
  enterStory(id: string): void;
  /** An order in sight lacks its terms. */
  lacksTerms(order: Order): void;
  /** Whether a cancellation of the order is on its way. */
  isCancelling(id: string): boolean;
  cancel(order: Order): void;
  amend(order: Order): void;
  /** Takes what moves the choice from elsewhere, and the keyboard. */
  ref(blotter: BlotterHandle): void;
}

export interface BlotterHandle {
  /** Chooses the row so many further down. */
  move(by: number): void;
  focus(): void;
}

export function Blotter(props: BlotterProps) {
  let scroller!: HTMLDivElement;
  const count = () => props.view.shown().rows.length;
  const rowPx = () => ROW_PX[density.value()];
  const stepped = createMemo(() => Math.ceil(count() / STEP) * STEP);
  const virtual = createVirtualizer({
    get count() {
      return stepped();
    },
    getScrollElement: () => scroller,
    estimateSize: rowPx,
    overscan: OVERSCAN,
  });
  createEffect(on(rowPx, () => virtual.measure(), { defer: true }));

  /** So many rows have an element, more only as more come in sight. */
  const slots = createMemo(
    (before: number) => Math.max(before, Math.ceil(virtual.getVirtualItems().length / SLOTS) * SLOTS),
    0,
  );

  /** The rows in sight, each in the slot that its place gives it: while others come and go it stays there, and the slot
   * of one that goes is taken by one that comes. Places are counted from the oldest. */
  const inSight = createMemo(
    () => {
      const { rows } = props.view.shown();
      const sight = new Array<Sight | undefined>(slots());
      const top = rows.length - 1 - (virtual.getVirtualItems()[0]?.index ?? 0);
      for (let place = top; place > top - sight.length; place--) {
        const order = rows[place];
        if (order !== undefined) sight[place % sight.length] = { order, place };
      }
      return sight;
    },
    undefined,
    { equals: false },
  );
  createEffect(() => {
    const lacking = inSight().find((sight) => sight !== undefined && sight.order.terms === null);
    if (lacking !== undefined) props.lacksTerms(lacking.order);
  });
  /** The place in the middle of the sheet on which the rows stand. The sheet moves down as others come, and no row on it
   * does: the browser draws the new ones and moves the picture of the rest. */
  const sheet = createMemo(() => {
    const newest = inSight().reduce((most, sight) => Math.max(most, sight?.place ?? 0), 0);
    return Math.floor(newest / SHEET) * SHEET;
  });
  const rowId = (slot: number) => `row-${slot}`;
  /** The rows from top to bottom, for whoever hears them: elements keep their slots' order. */
  const inOrder = () =>
    inSight()
      .map((sight, slot) => ({ place: sight?.place ?? -1, slot }))
      .filter(({ place }) => place >= 0)
      .sort((a, b) => b.place - a.place)
      .map(({ slot }) => rowId(slot))
      .join(" ");
  const chosen = () => {
    const slot = inSight().findIndex((sight) => sight !== undefined && sight.order.id === props.selected);
    return slot < 0 ? undefined : rowId(slot);
  };

  const rowAtTop = () => {
    const { rows } = props.view.shown();
    return rows[rows.length - 1 - Math.floor(scroller.scrollTop / rowPx())];
  };
  const scrolled = () => {
    if (restoring) return;
    props.view.follow(scroller.scrollTop < rowPx() / 2);
    props.view.lookAt(rowAtTop());
  };
  const [toTop, setToTop] = createSignal(0);
  createEffect(on(toTop, () => scroller.scrollTo({ top: 0 }), { defer: true }));
  // Another filter is another list: it is looked at from its beginning.
  createEffect(on(props.view.filter, () => setToTop((n) => n + 1), { defer: true }));
  const showNewest = () => {
    props.view.follow(true);
    setToTop((n) => n + 1);
  };
  // A page that is opened at a row scrolls there as soon as that and all above it have come, unless the reader is quicker.
  let restoring = props.view.spot() !== null;
  const [waited, setWaited] = createSignal(false);
  if (restoring) setTimeout(() => setWaited(true), RESTORED_MS);
  createEffect(() => {
    const [spot, { rows, newer }] = [props.view.spot(), props.view.shown()];
    const [oldest, newest] = [rows[0], rows[rows.length - 1]];
    if (!restoring || spot === null || oldest === undefined || newest === undefined || age(oldest) > spot.top) return;
    // The edge itself may not be among the rows that the filters let through.
    if (age(newest) < spot.newest && newer === 0 && !waited()) return;
    const place = rows.findLastIndex((order) => age(order) <= spot.top);
    queueMicrotask(() => {
      scroller.scrollTop = (rows.length - 1 - place) * rowPx();
      // The scroll is told of with the next frame.
      requestAnimationFrame(() => requestAnimationFrame(() => (restoring = false)));
    });
  });
  const takeOver = () => (restoring = false);

  /** Chooses the row so many further down; where none is chosen, the first in sight, or where it goes to the end that. */
  const move = (by: number) => {
    const { rows } = props.view.shown();
    if (rows.length === 0) return;
    const at = rows.findLastIndex((order) => order.id === props.selected);
    const first = Math.floor(scroller.scrollTop / rowPx());
    const place =
      at < 0 && Number.isFinite(by) ? first : Math.min(Math.max(rows.length - 1 - at + by, 0), rows.length - 1);
    const order = rows[rows.length - 1 - place];
    if (order === undefined) return;
    props.select(order.id);
    const [top, height] = [scroller.scrollTop, scroller.clientHeight];
    const [above, below] = [place * rowPx(), HEAD_PX + (place + 1) * rowPx() - height];
    if (top > above) scroller.scrollTop = above;
    else if (top < below) scroller.scrollTop = below;
  };
  const page = () => Math.max(Math.floor(scroller.clientHeight / rowPx()) - 1, 1);
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(page()),
    PageUp: () => move(-page()),
    Home: () => move(Number.NEGATIVE_INFINITY),
    End: () => move(Number.POSITIVE_INFINITY),
    Enter: () => props.selected !== null && props.enterStory(props.selected),
  };
  const pressed = (event: KeyboardEvent) => {
    const action = keys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLButtonElement && event.key === "Enter") return;
    event.preventDefault();
    action();
  };
  /** What is selected across rows is copied from top to bottom, and its cells apart: elements stand in slots' order. */
  const copied = (event: ClipboardEvent) => {
    const selection = getSelection();
    if (selection === null || event.clipboardData === null) return;
    const rows = [...scroller.querySelectorAll("[role=row]")].filter((row) => selection.containsNode(row, true));
    if (rows.length < 2) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", rowsAsText(rows));
  };
  /** A row that is clicked leaves the list sooner or later: the keyboard is not to go with it. */
  const keepFocus = (event: FocusEvent) => {
    if (event.target !== scroller) scroller.focus({ preventScroll: true });
  };

  props.ref({ move, focus: () => scroller.focus({ preventScroll: true }) });
  const largest = createMemo(() => inSight().reduce((most, sight) => Math.max(most, sight?.order.quantity ?? 0), 0));
  /** As wide as the longest number in sight: none is ever cut. */
  const digits = createMemo(() => Math.max(8, whole(largest()).length));

  return (
    <div class="blotter" data-following={props.view.following()}>
      <div
        class="blotter-grid"
        role="grid"
        aria-label="Orders"
        aria-rowcount={count() + 1}
        aria-activedescendant={chosen()}
        tabindex={0}
        onKeyDown={pressed}
        onCopy={copied}
        onFocusIn={keepFocus}
        ref={scroller}
        onScroll={scrolled}
        onWheel={takeOver}
        onPointerDown={takeOver}
        data-long={digits() > 12}
        style={{ "--row": `${rowPx()}px`, "--digits": digits() }}
      >
        <div class="blotter-head row" role="row" aria-rowindex={1}>
          <span role="columnheader">Status</span>
          <span role="columnheader" class="side-cell">
            Side
          </span>
          <span role="columnheader" class="symbol">
            Symbol
          </span>
          <span role="columnheader" class="number quantity">
            Quantity
          </span>
          <span role="columnheader" class="number filled">
            Filled
          </span>
          <span role="columnheader" class="type">
            Type
          </span>
          <span role="columnheader" class="number price">
            Price
          </span>
          <span role="columnheader" class="client">
            Client order id
          </span>
          <span role="columnheader" class="time">
            Accepted, {zoneName(zone.value(), props.nowUs())}
          </span>
          <span role="columnheader" class="number delay">
            Delay
          </span>
          <span role="columnheader" class="number late">
            Late
          </span>
          <span role="columnheader" class="number change">
            Change
          </span>
          <span role="columnheader" class="id">
            Id
          </span>
          <span role="columnheader" class="act">
            <span class="unseen">Amend, cancel</span>
          </span>
        </div>
        <div class="blotter-rows" style={{ height: `${count() * rowPx()}px` }}>
          <div
            class="blotter-sheet"
            role="rowgroup"
            aria-owns={inOrder()}
            style={{
              top: `${-SHEET * rowPx()}px`,
              height: `${2 * SHEET * rowPx()}px`,
              transform: `translateY(${(count() - sheet()) * rowPx()}px)`,
            }}
          >
            <For each={Array.from({ length: slots() }, (_, slot) => slot)}>
              {(slot) => (
                <Row
                  name={rowId(slot)}
                  sight={() => inSight()[slot]}
                  selected={props.selected}
                  count={count}
                  nowUs={props.nowUs}
                  pace={props.pace}
                  openStory={props.openStory}
                  isCancelling={props.isCancelling}
                  cancel={props.cancel}
                  amend={props.amend}
                  bottomPx={(place) => (place - sheet() + SHEET) * rowPx()}
                />
              )}
            </For>
          </div>
        </div>
        <div class="blotter-foot">{props.foot}</div>
      </div>
      <Show when={count() === 0}>
        <p class="blotter-empty">{props.empty}</p>
      </Show>
      <Show when={!props.view.following() && props.view.shown().newer > 0}>
        <button type="button" class="newer" onClick={showNewest}>
          ↑ {whole(props.view.shown().newer)} newer
        </button>
      </Show>
    </div>
  );
}

/** Rows from top to bottom, a line each, cells apart by tabs. */
function rowsAsText(rows: readonly Element[]): string {
  const place = (row: Element) => Number(row.getAttribute("aria-rowindex"));
  const cells = (row: Element) => [...row.children].slice(0, -1).map((cell) => cell.textContent?.trim() ?? "");
  return rows
    .toSorted((a, b) => place(a) - place(b))
    .map((row) => cells(row).join("\t"))
    .join("\n");
}

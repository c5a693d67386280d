// The blotter: a grid of orders, newest first, of which only the rows in sight exist. Rows keep their elements while
// they move, so that each frame changes little.

import { createVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import type { Order } from "../../model/change";
import { whole } from "../../model/format";
import { ROW_PX, Row, type Sight } from "./row";
import type { View } from "./view";

/** The head of the list, which stays above the rows. */
const HEAD_PX = 30;
/** Rows drawn beyond what is in sight, on either side. */
const OVERSCAN = 6;
/** The virtual list is told of rows in steps: it measures all of them anew whenever their number changes. */
const STEP = 1024;
/** Rows are made so many at a time. */
const SLOTS = 8;

export interface BlotterProps {
  readonly view: View;
  readonly selected: string | null;
  readonly nowUs: () => number;
  readonly empty: string;
  select(id: string): void;
  openStory(id: string): void;
  cancel(order: Order): void;
  gridRef(grid: HTMLDivElement): void;
}

export function Blotter(props: BlotterProps) {
  let scroller!: HTMLDivElement;
  const count = () => props.view.shown().rows.length;
  const stepped = createMemo(() => Math.ceil(count() / STEP) * STEP);
  const virtual = createVirtualizer({
    get count() {
      return stepped();
    },
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });

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

  const scrolled = () => {
    props.view.follow(scroller.scrollTop < ROW_PX / 2);
  };
  const [toTop, setToTop] = createSignal(0);
  createEffect(on(toTop, () => scroller.scrollTo({ top: 0 }), { defer: true }));
  // Another filter is another list: it is looked at from its beginning.
  createEffect(on(props.view.filter, () => setToTop((n) => n + 1), { defer: true }));
  const showNewest = () => {
    props.view.follow(true);
    setToTop((n) => n + 1);
  };

  /** Selects the row so many further down; where none is selected, the first, or the last where it goes to the end. */
  const move = (by: number) => {
    const { rows } = props.view.shown();
    if (rows.length === 0) return;
    const at = rows.findLastIndex((order) => order.id === props.selected);
    const place = at < 0 && Number.isFinite(by) ? 0 : Math.min(Math.max(rows.length - 1 - at + by, 0), rows.length - 1);
    const order = rows[rows.length - 1 - place];
    if (order === undefined) return;
    props.select(order.id);
    const [top, height] = [scroller.scrollTop, scroller.clientHeight];
    const [above, below] = [place * ROW_PX, HEAD_PX + (place + 1) * ROW_PX - height];
    if (top > above) scroller.scrollTop = above;
    else if (top < below) scroller.scrollTop = below;
  };
  const page = () => Math.max(Math.floor(scroller.clientHeight / ROW_PX) - 1, 1);
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(page()),
    PageUp: () => move(-page()),
    Home: () => move(Number.NEGATIVE_INFINITY),
    End: () => move(Number.POSITIVE_INFINITY),
    Enter: () => props.selected !== null && props.openStory(props.selected),
  };
  const pressed = (event: KeyboardEvent) => {
    const action = keys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLButtonElement && event.key === "Enter") return;
    event.preventDefault();
    action();
  };
  /** A row that is clicked leaves the list sooner or later: the keyboard is not to go with it. */
  const keepFocus = (event: FocusEvent) => {
    if (event.target !== scroller) scroller.focus({ preventScroll: true });
  };

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
        onFocusIn={keepFocus}
        ref={(grid) => {
          scroller = grid;
          props.gridRef(grid);
        }}
        onScroll={scrolled}
      >
        <div class="blotter-head row" role="row" aria-rowindex={1}>
          <span role="columnheader">Status</span>
          <span role="columnheader">Symbol</span>
          <span role="columnheader" class="number">
            Quantity
          </span>
          <span role="columnheader" class="wide">
            Accepted
          </span>
          <span role="columnheader" class="number">
            Delay
          </span>
          <span role="columnheader" class="number wide">
            Late
          </span>
          <span role="columnheader" class="number wide">
            Change
          </span>
          <span role="columnheader" class="medium">
            Id
          </span>
          <span role="columnheader" class="act" aria-label="Cancel" />
        </div>
        <div class="blotter-rows" role="rowgroup" aria-owns={inOrder()} style={{ height: `${count() * ROW_PX}px` }}>
          <For each={Array.from({ length: slots() }, (_, slot) => slot)}>
            {(slot) => (
              <Row
                name={rowId(slot)}
                sight={() => inSight()[slot]}
                selected={props.selected}
                count={count}
                nowUs={props.nowUs}
                openStory={props.openStory}
                cancel={props.cancel}
              />
            )}
          </For>
        </div>
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

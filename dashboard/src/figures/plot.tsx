// uPlot as a part of the page: as large as its box, in the page's colours, told of in a sentence, gone with its room.
// It draws when its data change, which is once a second, and never between.

import { createEffect, onCleanup, onMount, Show, untrack } from "solid-js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./plot.css";
import { createLook, type Look } from "./plot_look";

export type PlotOptions = Omit<uPlot.Options, "width" | "height">;

/** The height of the labels below, and the width of those on the left: the same for all, so that plots line up. */
const X_AXIS = 26;
const Y_AXIS = 50;
/** Room at the top and on the right for half a label. */
export const PADDING: uPlot.Padding = [8, 22, 0, 0];

export function Plot(props: {
  /** What the plot shows now, in a sentence. */
  label: string;
  data: uPlot.AlignedData;
  /** What it looks like; the plot is made anew when something changes that is read here. */
  options: (look: Look) => PlotOptions;
  /** Told which point the pointer is at: its place in the data. */
  onPoint?: (index: number | null) => void;
  /** Whose time of day the axis below tells. */
  zone?: string;
}) {
  let box!: HTMLDivElement;
  onMount(() => {
    const look = createLook(() => box);
    let plot: uPlot | undefined;
    createEffect(() => {
      const options = props.options(look());
      const made = untrack(
        () => new uPlot({ ...options, ...sizeOf(box), ...pointing(props.onPoint) }, props.data, box),
      );
      plot = made;
      onCleanup(() => made.destroy());
    });
    createEffect(() => plot?.setData(props.data));
    const resized = new ResizeObserver(() => plot?.setSize(sizeOf(box)));
    resized.observe(box);
    onCleanup(() => resized.disconnect());
  });
  return (
    <div class="plot">
      <div class="plot-canvas" role="img" aria-label={props.label} ref={box} />
      <Show when={props.zone}>
        <span class="plot-zone" title="Whose time of day the axis tells">
          {props.zone}
        </span>
      </Show>
    </div>
  );
}

function sizeOf(box: HTMLElement): { width: number; height: number } {
  return { width: Math.max(1, box.clientWidth), height: Math.max(1, box.clientHeight) };
}

/** A line that follows the pointer; nothing is selected or zoomed. */
function pointing(onPoint: ((index: number | null) => void) | undefined): Partial<PlotOptions> {
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false } },
    hooks: { setCursor: [(plot) => onPoint?.(plot.cursor.idx ?? null)] },
  };
}

/** An axis without clutter: labels, and on the left one thin line at each. */
export function xAxis(look: Look, more: uPlot.Axis): uPlot.Axis {
  return { ...axis(look), size: X_AXIS, gap: 8, grid: { show: false }, ...more };
}

export function yAxis(look: Look, more: uPlot.Axis): uPlot.Axis {
  const grid = { stroke: look.colour("--plot-grid"), width: 1 };
  return { ...axis(look), size: Y_AXIS, gap: 8, space: 34, grid, ...more };
}

function axis(look: Look): uPlot.Axis {
  return { stroke: look.colour("--faint"), font: look.font, ticks: { show: false } };
}

/** How a line is dashed where colours do not tell lines apart; as the marks of the legend are. */
export type Dash = "solid" | "dashed" | "dotted";
const DASHES: Readonly<Record<Dash, number[]>> = { solid: [], dashed: [7, 4], dotted: [2, 3] };

/** A line: null is a gap, undefined is passed over. A point between two gaps is a dot. */
export function line(look: Look, token: string, dash: Dash, more: uPlot.Series = {}): uPlot.Series {
  const stroke = look.colour(token);
  return {
    stroke,
    width: 1.5,
    dash: look.dashed ? DASHES[dash] : [],
    spanGaps: false,
    points: { show: () => false, filter: (plot, series) => alone(plot.data[series] ?? []), size: 3, fill: stroke },
    ...more,
  };
}

/** The points that have no other to be joined with on either side. */
function alone(points: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let [run, last] = [0, -1];
  for (let at = 0; at <= points.length; at++) {
    const point = at === points.length ? null : points[at];
    if (point === undefined) continue;
    if (point !== null) {
      run += 1;
      last = at;
      continue;
    }
    if (run === 1) found.push(last);
    run = 0;
  }
  return found;
}

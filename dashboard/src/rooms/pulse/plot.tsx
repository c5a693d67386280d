// uPlot as a part of the page: as large as its box, in the page's colours, told of in a sentence, gone with its room.
// It draws when its data change, which is once a second, and never between.

import { createEffect, onCleanup, onMount, untrack } from "solid-js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { createLook, type Look } from "./look";

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
  return <div class="pulse-plot" role="img" aria-label={props.label} ref={box} />;
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
  const grid = { stroke: look.colour("--line"), width: 1 };
  return { ...axis(look), size: Y_AXIS, gap: 8, space: 34, grid, ...more };
}

function axis(look: Look): uPlot.Axis {
  return { stroke: look.colour("--faint"), font: look.font, ticks: { show: false } };
}

/** The last five minutes, told by how long ago: the same labels at the same places, while the data wander. */
export function agoAxis(look: Look): uPlot.Axis {
  return xAxis(look, {
    splits: (plot) => (plot.width < 380 ? [-240, -120, 0] : [-240, -180, -120, -60, 0]),
    values: (_, splits) => splits.map((s) => (s === 0 ? "now" : `−${-s / 60} min`)),
  });
}

export function line(stroke: string, more: uPlot.Series = {}): uPlot.Series {
  return { stroke, width: 1.5, points: { show: false }, ...more };
}

// Times of day in the zone that the reader chose, with its name.

import type uPlot from "uplot";
import { timeOfDay, type Zone, zoneName } from "../model/format";
import { xAxis } from "./plot";
import type { Look } from "./plot_look";
import { timeSplits } from "./time_splits";

/** `15:31:02 UTC`. */
export function when(seconds: number, zone: Zone): string {
  return `${timeOfDay(seconds * 1e6, zone)} ${zoneName(zone, seconds * 1e6)}`;
}

/** Room for half a label at the left, where the zone's name stands. */
const LEFT_PX = 14;

export function timeAxis(look: Look, zone: Zone): uPlot.Axis {
  return xAxis(look, {
    splits: (plot, _, min, max) => {
      const width = plot.bbox.width / devicePixelRatio;
      const room = ((max - min) * LEFT_PX) / Math.max(1, width);
      return timeSplits(min, max, width, zone).filter((split) => split >= min + room);
    },
    values: (_, splits) => {
      const whole = splits.every((split) => split % 60 === 0);
      return splits.map((split) => timeOfDay(split * 1e6, zone).slice(0, whole ? 5 : 8));
    },
  });
}

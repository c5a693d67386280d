// Where the labels of an axis of time stand: at round times of day, in whatever zone, as many as there is room for.

import type { Zone } from "../model/format";

/** How wide a label is, with room around it: as hours and minutes. */
const LABEL_PX = 68;
const STEPS_S = [10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];

/** Seconds since 1970, ascending, from `fromS` to `toS`. */
export function timeSplits(fromS: number, toS: number, widthPx: number, zone: Zone): number[] {
  const most = Math.max(1, Math.floor(widthPx / LABEL_PX));
  const step = STEPS_S.find((step) => (toS - fromS) / step <= most) ?? 86_400;
  // Half past of one zone is the full hour of another.
  const aheadS = zone === "utc" ? 0 : -new Date(toS * 1000).getTimezoneOffset() * 60;
  const splits: number[] = [];
  for (let at = Math.ceil((fromS + aheadS) / step) * step - aheadS; at <= toS; at += step) splits.push(at);
  return splits;
}

// How many requests were refused since the reader last looked at the list of them. This browser keeps when that was.

import { createSignal } from "solid-js";
import type { Rejected } from "../../live/reject_feed";
import { keep, kept } from "../../shell/kept";

const NAME = "rejects.seen";

const [seenUs, setSeenUs] = createSignal(Number(kept(NAME) ?? 0));

/** The list is looked at: what is in it now is known. */
export function look(rejected: Rejected): void {
  const newest = rejected.kind === "known" ? rejected.all[0] : undefined;
  if (newest === undefined || newest.atUs === seenUs()) return;
  setSeenUs(newest.atUs);
  keep(NAME, String(newest.atUs));
}

export function unseen(rejected: Rejected): number {
  if (rejected.kind !== "known") return 0;
  const first = rejected.all.findIndex(({ atUs }) => atUs <= seenUs());
  return first < 0 ? rejected.all.length : first;
}

// What stands below the oldest row: how much of what the venue can list the page holds, and how to have more of it.

import { Match, Show, Switch } from "solid-js";
import type { Venue } from "../../live/venue";
import { whole } from "../../model/format";

export interface Extent {
  /** How many the page holds. */
  readonly held: number;
  /** How many the venue can list, where it tells. */
  readonly listed: number | null;
  readonly is: "all" | "the newest" | "more than the venue knows" | "unknown";
}

/** How what the page holds stands to what the venue can list. */
export function extentOf(venue: Venue): Extent {
  venue.frame();
  const [held, listed] = [venue.orders.size, venue.total()];
  if (listed === null) return { held, listed, is: "unknown" };
  if (listed < held && venue.orders.forgotten.any) return { held, listed, is: "more than the venue knows" };
  // The venue counts every two seconds: what it accepted since is not yet in.
  return { held, listed, is: listed > held ? "the newest" : "all" };
}

/** In a word or two, for a title. */
export function extentInShort({ held, listed, is }: Extent): string {
  if (held === 0) return "";
  if (is === "the newest") return `newest ${whole(held)} of ${whole(listed ?? 0)}`;
  return is === "all" ? whole(held) : `${whole(held)} seen`;
}

export function OlderOrders(props: { readonly venue: Venue; readonly extent: Extent }) {
  const { venue } = props;
  const extent = () => props.extent;
  const state = () => venue.olderState();
  const failure = () => {
    const now = state();
    return now.kind === "failed" ? now.refusal.message : null;
  };
  return (
    <Show when={extent().held > 0}>
      <p>
        <Show when={extent().is === "all"}>All orders that the venue can list: {whole(extent().held)}.</Show>
        <Show when={extent().is === "unknown"}>
          {whole(extent().held)} seen: the venue has not told how many it can list.
        </Show>
        <Show when={extent().is === "more than the venue knows"}>
          The page saw {whole(extent().held)}; the venue has forgotten all but {whole(extent().listed ?? 0)}.
        </Show>
        <Show when={extent().is === "the newest"}>
          The newest {whole(extent().held)} of {whole(extent().listed ?? 0)}.{" "}
          <Switch>
            <Match when={state().kind === "loading"}>Older ones come…</Match>
            <Match when={state().kind === "full"}>The page holds no more: History finds the others by time.</Match>
            <Match when={state().kind === "not offered"}>This venue lists its oldest orders first: GET /orders.</Match>
            <Match when={state().kind !== "none left"}>
              <button type="button" class="link" onClick={() => void venue.older()}>
                Older ones
              </button>
            </Match>
          </Switch>
          <Show when={failure()}>{(why) => <span class="fault"> {why()}</span>}</Show>
        </Show>
      </p>
    </Show>
  );
}

// How the room of the market shares the screen: on a wall all of it, on a desk the watchlist as a picker and the tape as a
// tab of the ladder, on a tablet two columns, on a phone one panel at a time with tabs at the foot.

import { type Accessor, createSignal, createUniqueId, For, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { type Panel, Tabs } from "../../shell/panels";

export type Size = "wall" | "desk" | "tablet" | "phone";

const SIZES: readonly (readonly [Size, string])[] = [
  ["wall", "(min-width: 1800px)"],
  ["desk", "(min-width: 1200px)"],
  ["tablet", "(min-width: 700px)"],
];

export function createSize(): Accessor<Size> {
  const queries = SIZES.map(([, query]) => matchMedia(query));
  const now = (): Size => SIZES[queries.findIndex(({ matches }) => matches)]?.[0] ?? "phone";
  const [size, setSize] = createSignal(now());
  const changed = () => setSize(now());
  for (const query of queries) query.addEventListener("change", changed);
  onCleanup(() => {
    for (const query of queries) query.removeEventListener("change", changed);
  });
  return size;
}

/** What stands below the chart; on a phone all of it is one tab, with tabs of its own. */
export const BELOW = ["orders", "fills", "positions", "rejects", "wire"] as const;
export type Below = (typeof BELOW)[number];
export type Part = "watch" | "chart" | "ladder" | "tape" | "ticket" | "story" | Below;

export function isBelow(part: Part): part is Below {
  return BELOW.some((below) => below === part);
}

/** Where each part stands: parts in one place have tabs above them, or stand below each other. */
interface Place {
  readonly at: string;
  readonly parts: readonly Part[];
}

const PLACES: Readonly<Record<Exclude<Size, "phone">, readonly Place[]>> = {
  wall: [
    { at: "watch", parts: ["watch"] },
    { at: "chart", parts: ["chart"] },
    { at: "ladder", parts: ["ladder"] },
    { at: "tape", parts: ["tape"] },
    { at: "orders", parts: BELOW },
    { at: "side", parts: ["ticket"] },
    { at: "story", parts: ["story"] },
  ],
  desk: [
    { at: "chart", parts: ["chart"] },
    { at: "ladder", parts: ["ladder", "tape"] },
    { at: "orders", parts: BELOW },
    { at: "side", parts: ["ticket"] },
    { at: "story", parts: ["story"] },
  ],
  tablet: [
    { at: "chart", parts: ["chart"] },
    { at: "ladder", parts: ["ladder", "tape", "ticket", "story"] },
    { at: "orders", parts: BELOW },
  ],
};

const PHONE: readonly Part[] = ["chart", "ladder", "tape", "ticket", "orders", "watch"];
export const TITLES: Readonly<Record<Part, string>> = {
  watch: "List",
  chart: "Chart",
  ladder: "Ladder",
  tape: "Tape",
  ticket: "Ticket",
  story: "Story",
  orders: "Orders",
  fills: "Fills",
  positions: "Positions",
  rejects: "Rejects",
  wire: "Wire",
};

export interface LayoutProps {
  readonly size: Size;
  /** The parts in front of their places. */
  readonly front: readonly Part[];
  /** A story is told: without one it takes no room. */
  readonly told: boolean;
  show(part: Part): void;
  content(part: Part): JSX.Element;
  /** A figure beside the part's title; empty where there is none. */
  mark(part: Part): string;
}

export function Layout(props: LayoutProps) {
  const places = () =>
    (props.size === "phone" ? [] : PLACES[props.size]).filter(({ at }) => at !== "story" || props.told);
  return (
    <Switch>
      <Match when={props.size === "phone"}>
        <Stack {...props} at="phone" parts={props.told ? [...PHONE, "story"] : PHONE} foot />
      </Match>
      <Match when={props.size}>
        <div class="market-grid" data-size={props.size}>
          <For each={places()}>{(place) => <Stack {...props} at={place.at} parts={place.parts} foot={false} />}</For>
        </div>
      </Match>
    </Switch>
  );
}

/** Parts in one place: one of them in front. */
function Stack(props: LayoutProps & { readonly at: string; readonly parts: readonly Part[]; readonly foot: boolean }) {
  const id = createUniqueId();
  const parts = () => props.parts.filter((part) => part !== "story" || props.told);
  /** The tab that has the part. */
  const tabOf = (part: Part): Part => (props.foot && isBelow(part) ? "orders" : part);
  const front = () => props.front.map(tabOf).find((part) => parts().includes(part)) ?? (parts()[0] as Part);
  const panels = () =>
    parts().map(
      (name): Panel => ({
        name,
        title: TITLES[name],
        place: "middle",
        content: () => props.content(name),
        mark: () => props.mark(name),
      }),
    );
  const tabs = () => (
    <Tabs id={id} foot={props.foot} panels={panels()} front={front()} show={(name) => props.show(name as Part)} />
  );
  const tabbed = () => parts().length > 1;
  return (
    <div class="market-place" data-at={props.at}>
      <Show when={tabbed() && !props.foot}>{tabs()}</Show>
      <Show keyed when={front()}>
        {(part) => (
          <Show
            when={!props.foot || !isBelow(part)}
            fallback={<Stack {...props} at="below" parts={BELOW} foot={false} />}
          >
            <section
              class="market-part card"
              id={`${id}-panel`}
              role={tabbed() ? "tabpanel" : undefined}
              aria-label={TITLES[part]}
              data-part={part}
            >
              {props.content(part)}
            </section>
          </Show>
        )}
      </Show>
      <Show when={tabbed() && props.foot}>{tabs()}</Show>
    </div>
  );
}

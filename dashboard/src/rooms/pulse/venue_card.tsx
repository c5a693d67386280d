// The venue itself: which one it is, since when it runs, and what it was told to be.

import { createMemo, Index, Show } from "solid-js";
import { addressOf } from "../../api/here";
import { bytes, modelInBrief, routeDelayInWords, UNKNOWN, uptime } from "../../figures/format";
import { readDelayModel } from "../../model/delay_model";
import { whole } from "../../model/format";
import type { VenueInfo } from "../../model/prometheus";
import { Amount, Card, Empty, Fact, Mark } from "./card";
import type { CardProps } from "./props";
import { UNREAD } from "./venue_cards";

export function VenueCard(props: CardProps) {
  const info = createMemo(() => props.reading()?.info ?? null);
  // By the machine's clock, whatever the venue's shows.
  const up = createMemo(() => {
    const [started, now] = [props.reading()?.startedMs ?? null, props.reading()?.machineMs ?? null];
    return started === null || now === null ? UNKNOWN : uptime((now - started) / 1e3);
  });
  const size = (figure: number | null | undefined) => (typeof figure === "number" ? bytes(figure) : UNKNOWN);
  return (
    <Card
      title="Venue"
      span="half"
      figures={<Amount value={up()} unit={up() === UNKNOWN ? "" : "up"} />}
      note={addressOf("").replace(/^\w+:\/\/|\/$/g, "")}
      asOf={props.asOf()}
    >
      <Show
        when={info()}
        fallback={<Empty>{props.reading() === null ? UNREAD : "The venue tells nothing of itself."}</Empty>}
      >
        {(info) => (
          <>
            <Show when={isSlowed(info())}>
              <p class="pulse-alert">
                <Mark />
                {routeDelay(info())}: <code>--route-delay</code>
              </p>
            </Show>
            <dl class="pulse-facts pulse-columns">
              <Index each={facts(info())}>{(fact) => <Fact name={fact()[0]}>{fact()[1]}</Fact>}</Index>
              <Show when={info().durable}>
                <Fact name="Data folder">{size(props.reading()?.storeBytes)}</Fact>
                <Fact name="Free on its disk" bad={props.marks().disk}>
                  {size(props.reading()?.storeFreeBytes)}
                </Fact>
              </Show>
            </dl>
            <Show when={!tellsAll(info())}>
              <p class="pulse-aside">–: this version of the venue does not tell.</p>
            </Show>
          </>
        )}
      </Show>
    </Card>
  );
}

/** Wanted, but slow: whoever does not know of it takes the venue for broken. */
export function isSlowed(info: VenueInfo | null | undefined): boolean {
  return info != null && !["", "none"].includes(info.routeDelay);
}

function routeDelay({ routeDelay }: VenueInfo): string {
  const model = readDelayModel(routeDelay);
  const words = model === null ? `every request waits ${routeDelay} first` : routeDelayInWords(model);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Versions that tell how much they hold tell all that they were told to be. */
function tellsAll({ history, maxOrders }: VenueInfo): boolean {
  return history !== null || maxOrders !== null;
}

function facts(info: VenueInfo): readonly (readonly [name: string, value: string])[] {
  const orElse = (value: string | null, otherwise: string) => value ?? (tellsAll(info) ? otherwise : UNKNOWN);
  return [
    ["Version", info.version || UNKNOWN],
    ["Keeps orders", info.durable ? "in a data folder" : "in memory only"],
    ["Delay", delay(info.delay)],
    ["Long-pending delay", delay(info.longDelay)],
    ["Route delay", info.routeDelay === "none" ? "none" : delay(info.routeDelay)],
    ["Seed", orElse(info.seed, "drawn anew at each start")],
    ["History", orElse(figure(info.history, "changes"), "all changes")],
    ["Orders at most", orElse(figure(info.maxOrders), "no limit")],
    ["Closed orders", retention(info, orElse(null, info.durable ? "never removed" : "forgotten beyond that"))],
    ["Rejects kept", orElse(figure(info.rejects), "none")],
  ];
}

/** As on the command line where this page does not read it. */
function delay(text: string): string {
  const model = readDelayModel(text);
  return model === null ? text || UNKNOWN : modelInBrief(model);
}

function figure(text: string | null, unit = ""): string | null {
  if (text === null || !/^\d+$/.test(text)) return text;
  return `${whole(Number(text))}${unit === "" ? "" : ` ${unit}`}`;
}

function retention({ retain, retainOrders }: VenueInfo, otherwise: string): string {
  const told = (value: string | null) => value !== null && value !== "never" && value !== "all";
  const limits = [
    told(retain) ? `kept for ${retain}` : null,
    told(retainOrders) ? `the newest ${figure(retainOrders)} kept` : null,
  ].filter((limit) => limit !== null);
  return limits.length > 0 ? limits.join(", ") : otherwise;
}

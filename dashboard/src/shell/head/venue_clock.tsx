// The venue's time, to the second, and whose time of day the page tells: one choice for all of it.

import { createMemo } from "solid-js";
import type { Venue } from "../../live/venue";
import { timeOfDay, zoneName } from "../../model/format";
import { zone } from "../preferences";

export function VenueClock(props: { readonly venue: Venue }) {
  const mode = () => props.venue.clock.word()?.mode ?? null;
  const nowUs = createMemo(() => {
    props.venue.beat();
    props.venue.clock.word();
    return props.venue.nowUs();
  });
  const name = () => zoneName(zone.value(), nowUs());
  const other = () => (zone.value() === "utc" ? "this machine's time zone" : "UTC");
  return (
    <button
      type="button"
      class="button quiet venue-clock"
      title={`The venue's time${mode() === "real" ? ", which is real" : ""}. All times are in ${name()}; press for ${other()}`}
      onClick={zone.next}
    >
      <span class="venue-clock-time">{timeOfDay(nowUs(), zone.value())}</span>{" "}
      <span class="venue-clock-zone">
        {name()} {mode()}
      </span>
      <span class="unseen">
        : times are in {name()}; change to {other()}
      </span>
    </button>
  );
}

// What the room is given. It re-reads on each beat and keeps nothing.

import type { Health } from "../../live/health";
import type { Latencies } from "../../model/latency";
import type { Reading } from "../../model/prometheus";
import type { Pulse } from "../../model/pulse";
import type { Span, SpanName } from "../../model/span";

export interface PulseProps {
  pulse: Pulse;
  /** What this page's own requests took. */
  latencies: Latencies;
  /** Changes once a second: the time to read again. */
  beat: () => number;
  /** Now on the venue's clock, in microseconds. */
  nowUs: () => number;
  /** A time of the page (Date.now()) on the venue's clock, in microseconds. */
  onVenueUs: (ms: number) => number;
  /** The readings of `/metrics` of the last minute, the oldest first. */
  readings: () => readonly Reading[];
  /** How the venue fares, and what is to be marked for it. */
  health: () => Health;
  /** Whether this page is one of the venue's subscribers. */
  live: () => boolean;
  /** How far back the plots go. */
  range: () => SpanName;
  setRange: (range: SpanName) => void;
}

/** What each card is given. */
export interface CardProps extends PulseProps {
  /** The newest reading; null before the first. */
  reading: () => Reading | null;
  /** The reading of about a minute ago, or the first one; null before the second. */
  before: () => Reading | null;
  /** The words beside figures that are amiss. */
  marks: () => Health["marks"];
  /** Of when the newest reading is, where that is too long ago: "as of 15:31:02 UTC". */
  asOf: () => string | null;
  span: () => Span;
}

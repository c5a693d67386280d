// What the room is given. It re-reads on each beat and keeps nothing.

import type { Reading } from "../../model/prometheus";
import type { Pulse } from "../../model/pulse";

export interface PulseProps {
  pulse: Pulse;
  /** Changes once a second: the time to read again. */
  beat: () => number;
  /** Now on the venue's clock, in microseconds. */
  nowUs: () => number;
  /** The newest reading of `/metrics`; null before the first. */
  reading: () => Reading | null;
  /** The reading of about a minute ago, or the first one; null before the second. */
  before: () => Reading | null;
}

// What kind of delay an order was given: the venue tells how it was configured, and the order how long it waits. Nothing
// is said that the two do not bear out.

import { type DelayModel, readDelayModel } from "../../model/delay_model";
import { span } from "../../model/format";
import type { VenueInfo } from "../../model/prometheus";

type Delays = Pick<VenueInfo, "delay" | "longDelay"> | null;

/** `without a delay`, `after the fixed delay of 500 ms`, `after a delay of 312 ms, drawn when it was accepted`. */
export function delayInWords(us: number, delays: Delays): string {
  const of = origin(us, delays);
  const long = of?.long ? "long " : "";
  switch (of?.model.kind) {
    case undefined:
      return `after a delay of ${span(us)}`;
    case "none":
      return "without a delay";
    case "fixed":
      return `after the ${long || "fixed "}delay of ${rounded(us)}`;
    default:
      return `after a ${long}delay of ${span(us)}, drawn when it was accepted`;
  }
}

/** Whether the order was placed to be long pending, as far as its delay shows that. */
export function isLong(us: number, delays: Delays): boolean {
  return origin(us, delays)?.long === true;
}

/** Which of the venue's two models it is from; null where that is open. */
function origin(us: number, delays: Delays): { readonly model: DelayModel; readonly long: boolean } | null {
  const models = [
    { model: readDelayModel(delays?.delay ?? ""), long: false },
    { model: readDelayModel(delays?.longDelay ?? ""), long: true },
  ];
  const fitting = models.flatMap(({ model, long }) => (model !== null && gives(model, us) ? [{ model, long }] : []));
  // A number to the microsecond that was configured is hardly one that was drawn.
  const exact = fitting.filter(({ model }) => model.kind === "none" || model.kind === "fixed");
  const [only, ...others] = exact.length > 0 ? exact : fitting;
  return others.length > 0 ? null : (only ?? null);
}

function gives(model: DelayModel, us: number): boolean {
  switch (model.kind) {
    case "none":
      return us === 0;
    case "fixed":
      return us === model.us;
    case "uniform":
      return us >= model.minUs && us <= model.maxUs;
    case "log-normal":
      return true;
  }
}

/** A delay as it was configured: `5 s`, not `5.00 s`. */
function rounded(us: number): string {
  return span(us).replace(/\.(\d*?)0+ /, (_, digits: string) => (digits === "" ? " " : `.${digits} `));
}

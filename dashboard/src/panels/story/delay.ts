// What kind of delay an order was given: the venue tells how it was configured, and the order how long it waits. Nothing
// is said that the two do not bear out.

import { spoken } from "../../figures/format";
import { DelayKinds } from "../../model/delay_kinds";
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
      return `after the ${long || "fixed "}delay of ${spoken(us)}`;
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
  const usual = readDelayModel(delays?.delay ?? "");
  const long = readDelayModel(delays?.longDelay ?? "");
  const kind = new DelayKinds(usual, long).kindOf(us);
  const model = kind === "long" ? long : usual;
  return kind === null || model === null ? null : { model, long: kind === "long" };
}

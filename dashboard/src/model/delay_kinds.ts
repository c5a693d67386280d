// Which of the two delays of a venue an order was given: the usual one or the long one. The venue does not say; what was
// drawn tells, as far as the two cannot be the same.

import type { DelayModel } from "./delay_model";

interface Range {
  readonly fromUs: number;
  readonly toUs: number;
}

/** So many standard deviations of the logarithm leave out one order in a million. */
const FAR = 4.9;

export class DelayKinds {
  private readonly usual: Range | null;
  private readonly long: Range | null;

  /** Null where a model is not known. */
  constructor(usual: DelayModel | null, long: DelayModel | null) {
    this.usual = usual && rangeOf(usual);
    this.long = long && rangeOf(long);
  }

  /** Whether the two overlap, so that an order may be of either: then it counts as usual. */
  get mixture(): boolean {
    const { usual, long } = this;
    if (usual === null || long === null) return false;
    // Of a range, hardly an order hits the one delay of the other to the microsecond.
    return usual.fromUs <= long.toUs && long.fromUs <= usual.toUs && isPoint(usual) === isPoint(long);
  }

  /** Whether a delay that was drawn can only be a long one. */
  isLong(drawnUs: number): boolean {
    return this.kindOf(drawnUs) === "long";
  }

  /** Which of the two a delay that was drawn is of; null where it may be of either, or is of neither. */
  kindOf(drawnUs: number): "usual" | "long" | null {
    const usual = this.usual !== null && holds(this.usual, drawnUs) ? this.usual : null;
    const long = this.long !== null && holds(this.long, drawnUs) ? this.long : null;
    // A number to the microsecond that was configured is hardly one that was drawn.
    if (usual !== null && long !== null)
      return isPoint(usual) === isPoint(long) ? null : isPoint(usual) ? "usual" : "long";
    return usual !== null ? "usual" : long !== null ? "long" : null;
  }
}

function rangeOf(model: DelayModel): Range {
  switch (model.kind) {
    case "none":
      return { fromUs: 0, toUs: 0 };
    case "fixed":
      return { fromUs: model.us, toUs: model.us };
    case "uniform":
      return { fromUs: model.minUs, toUs: model.maxUs };
    case "log-normal": {
      const far = Math.exp(FAR * model.sigma);
      return { fromUs: model.medianUs / far, toUs: model.medianUs * far };
    }
  }
}

function isPoint({ fromUs, toUs }: Range): boolean {
  return fromUs === toUs;
}

/** Times are rounded to a microsecond. */
function holds({ fromUs, toUs }: Range, us: number): boolean {
  return us >= fromUs - 1 && us <= toUs + 1;
}

// What the pulse tells: figures of the last seconds, of steps of seconds, and of all of them together.

/** One figure for each of the last full seconds, the oldest first; zero where nothing happened, null where that is not
 * known. */
export interface OrderSeries {
  /** When the newest of them began, in seconds since 1970. */
  readonly newestS: number;
  readonly accepted: (number | null)[];
  readonly executed: (number | null)[];
  readonly cancelled: (number | null)[];
}

/** One point for each step of seconds, the oldest first. */
export interface Steps {
  /** How many changes were counted in all of them. */
  readonly counted: number;
  /** When each of them ended, in seconds since 1970; the newest may still run. */
  readonly endsS: number[];
  /** Whether enough of the step was heard: where it was not, there is a gap. */
  readonly heard: boolean[];
  /** Orders per second; null where the step was not heard. */
  readonly accepted: (number | null)[];
  readonly executed: (number | null)[];
  readonly cancelled: (number | null)[];
  /** From due time to execution, in microseconds; null where nothing was executed. */
  readonly p50Us: (number | null)[];
  readonly p99Us: (number | null)[];
  readonly maxUs: (number | null)[];
}

export interface Totals {
  /** How many full seconds the figures cover: fewer than asked for where the pulse is younger, or did not hear all. */
  readonly seconds: number;
  readonly accepted: number;
  readonly executed: number;
  readonly cancelled: number;
  /** Orders accepted per second; null where none of the seconds was heard. */
  readonly ordersPerS: number | null;
  /** From acceptance to execution, of orders of the usual delay; null where no such order is known. */
  readonly averageUs: number | null;
  /** The standard deviation of the same orders. */
  readonly deviationUs: number | null;
  /** Executed orders that had been given the long delay, and how long they took. */
  readonly long: { readonly count: number; readonly averageUs: number | null };
  /** Whether the usual and the long delay overlap: then long ones are among the usual. */
  readonly mixture: boolean;
  /** From due time to execution; null where no such order is known. */
  readonly lateP50Us: number | null;
  readonly lateP99Us: number | null;
  readonly lateMaxUs: number | null;
}

/** Execution delays of orders of the usual delay, gathered for a plot. */
export interface DelayHistogram {
  readonly counts: number[];
  /** How many are in the bins of the plot. */
  readonly within: number;
  /** How many are longer than the plot goes. */
  readonly beyond: number;
}

// What the page and the worker that places its traffic say to each other.

/** What orders are like. */
export interface Mix {
  readonly symbols: readonly string[];
  /** The share, 0 to 1, that is long pending. */
  readonly longShare: number;
  /** The share, 0 to 1, that is cancelled soon after it was placed. */
  readonly cancelledShare: number;
}

export interface Settings {
  /** Orders a second. */
  readonly rate: number;
  readonly mix: Mix;
}

export type ToWorker =
  /** Begin, or go on with other settings. */
  | { readonly type: "run"; readonly orders: string; readonly run: string; readonly settings: Settings }
  | { readonly type: "stop" };

export type FromWorker =
  | {
      readonly type: "report";
      /** Orders placed a second, over the last five. */
      readonly achieved: number;
      /** Orders placed since it was begun. */
      readonly placed: number;
      /** Whether the venue answers; where it does not none are placed. */
      readonly answered: boolean;
    }
  /** It ended by itself: the venue refused an order. */
  | { readonly type: "refused"; readonly message: string };

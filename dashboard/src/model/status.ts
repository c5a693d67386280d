// The statuses, and each in a word.

import type { Status } from "./change";

export const STATUSES: readonly Status[] = ["PENDING", "EXECUTED", "CANCELLED"];

export const STATUS_WORD: Readonly<Record<Status, string>> = {
  PENDING: "Pending",
  EXECUTED: "Executed",
  CANCELLED: "Cancelled",
};

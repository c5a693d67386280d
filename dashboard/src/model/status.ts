// A status in words.

import type { Status } from "./change";

export const STATUS_WORD: Readonly<Record<Status, string>> = {
  PENDING: "Pending",
  EXECUTED: "Executed",
  CANCELLED: "Cancelled",
};

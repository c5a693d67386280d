// What a refused request says, as text: for a row, for a search.

import type { Fault, Reject } from "../../model/reject";

/** `GET /orders?limit=x`. */
export function asked({ method, path, query }: Reject): string {
  return `${method} ${path}${query ? `?${query}` : ""}`;
}

export interface Said {
  /** Where in the request: `body quantity`; empty where it is about all of it. */
  readonly place: string;
  readonly message: string;
}

/** What is wrong, fault by fault. */
export function faults({ detail }: Reject): readonly Said[] {
  if (typeof detail === "string") return [{ place: "", message: detail }];
  return detail.map(({ loc, msg }: Fault) => ({ place: loc.map(String).join(" "), message: msg }));
}

export interface Wanted {
  readonly status: number | null;
  readonly find: string;
}

export function fitting(all: readonly Reject[], { status, find }: Wanted): readonly Reject[] {
  const wanted = find.trim().toLowerCase();
  if (status === null && wanted === "") return all;
  return all.filter((reject) => {
    if (status !== null && reject.status !== status) return false;
    const told = [
      asked(reject),
      reject.sent ?? "",
      ...faults(reject).flatMap(({ place, message }) => [place, message]),
    ];
    return told.some((text) => text.toLowerCase().includes(wanted));
  });
}

// Where the reader is: the address's part after `#`, so that every place is a link that can be shared.

import { type Accessor, createSignal } from "solid-js";

export type Route = { readonly room: "orders"; readonly order: string | null } | { readonly room: "pulse" };

/** Reads `#/`, `#/orders/{id}` and `#/pulse`; anything else is the first of them. */
export function readRoute(hash: string): Route {
  const [room, id] = hash.replace(/^#\/?/, "").split("/");
  if (room === "pulse") return { room: "pulse" };
  return { room: "orders", order: room === "orders" && id ? decode(id) : null };
}

export function linkTo(route: Route): string {
  if (route.room === "pulse") return "#/pulse";
  return route.order === null ? "#/" : `#/orders/${encodeURIComponent(route.order)}`;
}

export function go(route: Route): void {
  location.hash = linkTo(route);
}

export function followRoute(): Accessor<Route> {
  const [route, setRoute] = createSignal(readRoute(location.hash));
  addEventListener("hashchange", () => setRoute(readRoute(location.hash)));
  return route;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

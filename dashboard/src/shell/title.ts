// The window's title and icon: the order in sight or the room, and first of all whether something is wrong.

import { createEffect } from "solid-js";
import type { Venue } from "../live/venue";
import { whole } from "../model/format";
import { STATUS_WORD } from "../panels/status";
import type { Address } from "./address";
import { ROOM_TITLE } from "./head/head";

export function followTitle(venue: Venue, address: Address): void {
  const about = (): string => {
    const { order: id, room } = address.place;
    venue.frame();
    const order = id === null ? undefined : venue.orders.find(id);
    if (order === undefined) return ROOM_TITLE[room];
    return `${order.symbol} ${whole(order.quantity)} ${STATUS_WORD[order.status].toLowerCase()}`;
  };
  createEffect(() => {
    const wrong = venue.connection().state === "offline" ? "Offline: " : "";
    document.title = `${wrong}${about()} – Tradepit`;
  });
}

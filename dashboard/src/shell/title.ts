// The window's title and icon: the order in sight or the room, and before that whether something is amiss.

import { createEffect, createMemo } from "solid-js";
import { MAIN, venueName } from "../api/here";
import type { Health } from "../live/health";
import type { Venue } from "../live/venue";
import { whole } from "../model/format";
import { STATUS_WORD } from "../model/status";
import type { Address } from "./address";
import { ROOM_TITLE } from "./head/head";

/** By shape, since a tab shows little of a colour. */
const MARK: Record<Health["level"], string> = { good: "", warn: "▲ ", bad: "✕ " };

export function followTitle(venue: Venue, address: Address): void {
  const about = createMemo((): string => {
    const { order: id, room } = address.place;
    venue.frame();
    const order = id === null ? undefined : venue.orders.find(id);
    if (order === undefined) return ROOM_TITLE[room];
    return `${order.symbol} ${whole(order.quantity)} ${STATUS_WORD[order.status].toLowerCase()}`;
  });
  const level = createMemo(() => venue.health().level);
  createEffect(() => {
    document.title = `${MARK[level()]}${about()} – ${venueName() === MAIN ? "" : `${venueName()} – `}Tradepit`;
  });
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  const usual = icon?.href ?? "";
  createEffect(() => {
    if (icon !== null) icon.href = level() === "good" ? usual : markedIcon(level() === "bad");
  });
}

/** A triangle, or a cross: what is amiss is seen among many tabs. */
function markedIcon(bad: boolean): string {
  const shape = bad ? `<path d="M7 7l18 18M25 7L7 25"/>` : `<path d="M16 5l12 22H4z" fill="%23c07a00"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="${bad ? "%23b3261e" : "%23c07a00"}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round">${shape}</svg>`;
  return `data:image/svg+xml,${svg}`;
}

// Looking an order up by what the reader typed or pasted: among those shown, and where it is not there at the venue.

import type { Venue } from "../../live/venue";
import { whole } from "../../model/format";
import type { Address } from "../../shell/address";
import type { View } from "./view";

export interface LookUpOf {
  readonly venue: Pick<Venue, "findOrder">;
  readonly address: Pick<Address, "place">;
  readonly view: View;
  open(id: string): void;
  say(message: string): void;
}

/** An answer that is late, after something else was looked for or chosen, changes nothing. */
export function createLookUp({ venue, address, view, open, say }: LookUpOf): (text: string) => Promise<void> {
  let turn = 0;
  return async (text) => {
    if (text === "") return;
    turn += 1;
    const [asked, chosen, room] = [turn, address.place.order, address.place.room];
    const found = await venue.findOrder(text);
    if (turn !== asked || address.place.order !== chosen || address.place.room !== room) return;
    // What was looked for by a command is not what the list is filtered by.
    const [first, ...others] = view.filter().find.trim() === text.trim() ? view.shown().rows : [];
    if (found.kind === "found") open(found.order.id);
    else if (found.kind === "failed") say(found.refusal.message);
    else if (first === undefined) say(`The venue knows no order “${text}”: neither its id nor a client's name for it.`);
    else if (others.length === 0) open(first.id);
    else say(`${whole(others.length + 1)} orders have “${text}” in one of their names; none is called so.`);
  };
}

// What stands below the chart: the orders of the chosen symbol and their fills, what the chosen account holds, what the
// venue refused, and what was sent of the chosen order.

import type { Accessor, JSX } from "solid-js";
import type { SchemaListedFill } from "../../api/schema";
import { calm } from "../../figures/calm";
import type { Venue } from "../../live/venue";
import { whole } from "../../model/format";
import type { Cancelling } from "../../panels/cancelling";
import { OrderList, type OrderListHandle } from "../../panels/orders/list";
import { extentOf } from "../../panels/orders/older";
import type { View } from "../../panels/orders/view";
import { Rejects } from "../../panels/rejects/rejects";
import { unseen } from "../../panels/rejects/unseen";
import { Wire } from "../../panels/wire/wire";
import type { Address } from "../../shell/address";
import type { Asking } from "../../shell/confirm";
import { Fills } from "./fills";
import { Held } from "./held";
import type { Below } from "./layout";

export interface BelowOf {
  readonly venue: Venue;
  readonly address: Address;
  readonly asking: Asking;
  readonly view: View;
  readonly cancelling: Cancelling;
  readonly fills: Accessor<readonly SchemaListedFill[]>;
  say(message: string): void;
  lookUp(text: string): void;
  open(order: string): void;
  amend(order: string): void;
  /** Takes the list, whenever it is drawn anew. */
  list(list: OrderListHandle): void;
}

export interface BelowParts {
  content(part: Below): JSX.Element;
  /** A figure beside a part's title. */
  mark(part: Below): string;
}

export function createBelow(of: BelowOf): BelowParts {
  const { venue, address, view } = of;
  const extent = calm(() => extentOf(venue));
  const content = (part: Below): JSX.Element => {
    switch (part) {
      case "orders":
        return (
          <OrderList
            venue={venue}
            view={view}
            cancelling={of.cancelling}
            selected={address.place.order}
            extent={extent()}
            say={of.say}
            lookUp={of.lookUp}
            select={(order) => address.move({ order, instance: null })}
            open={of.open}
            enter={of.open}
            cancel={(order) => void of.cancelling.one(order)}
            amend={of.amend}
            ref={of.list}
          />
        );
      case "fills":
        return (
          <Fills
            symbol={address.place.instrument}
            fills={of.fills()}
            venue={venue}
            link={(order) => address.link({ order, instance: null })}
          />
        );
      case "positions":
        return <Held address={address} asking={of.asking} say={of.say} />;
      case "rejects":
        return <Rejects venue={venue} address={address} leave={() => (document.activeElement as HTMLElement).blur()} />;
      case "wire":
        return <Wire venue={venue} address={address} />;
    }
  };
  /** How many of its orders are open, and how many refusals are new. */
  const mark = (part: Below): string => {
    const count = { orders: view.figures().counts.PENDING, rejects: unseen(venue.rejects()) }[part as string] ?? 0;
    return count === 0 ? "" : whole(count);
  };
  return { content, mark };
}

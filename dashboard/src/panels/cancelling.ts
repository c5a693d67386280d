// Cancelling orders from a list or a story: which are under way, what is asked before many of them go, and what is said
// where one was not cancelled.

import { type Accessor, createSignal } from "solid-js";
import { cancel } from "../api/rest";
import type { Venue } from "../live/venue";
import type { Order } from "../model/change";
import { short, whole } from "../model/format";
import type { Asking } from "../shell/confirm";

export interface Cancelling {
  /** Orders whose cancellation is on its way. */
  readonly leaving: Accessor<ReadonlySet<string>>;
  /** Other work on many orders is under way. */
  readonly busy: Accessor<boolean>;
  one(id: string): Promise<void>;
  /** Cancels those of them that are pending. Asks first: an order may be of any client. */
  many(orders: readonly Order[], which: string): void;
}

export interface CancellingOf {
  readonly venue: Pick<Venue, "orders" | "jobs">;
  readonly asking: Asking;
  say(message: string): void;
}

export function createCancelling({ venue, asking, say }: CancellingOf): Cancelling {
  const [leaving, setLeaving] = createSignal<ReadonlySet<string>>(new Set());
  const busy = () => venue.jobs.current()?.state === "running";
  return {
    leaving,
    busy,
    one: async (id) => {
      if (leaving().has(id)) return;
      setLeaving((ids) => new Set(ids).add(id));
      const answer = await cancel(id);
      setLeaving((ids) => new Set([...ids].filter((other) => other !== id)));
      if (!answer.ok) say(`Order ${short(id)} was not cancelled: ${answer.refusal.message}`);
    },
    many: (orders, which) => {
      const ids = orders.map(({ id }) => id).filter((id) => venue.orders.find(id)?.status === "PENDING");
      if (ids.length === 0) return;
      if (busy()) return say("Other work on orders is under way: wait for it, or stop it.");
      asking.ask({
        title: `Cancel ${whole(ids.length)} pending ${ids.length === 1 ? "order" : "orders"}?`,
        text: `${which}, whoever placed them: other clients' orders too. What executes meanwhile stays executed.`,
        yes: `Cancel ${whole(ids.length)}`,
        does: () => venue.jobs.cancel(ids),
      });
    },
  };
}

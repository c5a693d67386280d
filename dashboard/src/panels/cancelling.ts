// Cancelling one order from a list or a story: which are under way, and what is said where one was not cancelled.

import { type Accessor, createSignal } from "solid-js";
import { cancel } from "../api/rest";
import { short } from "../model/format";

export interface Cancelling {
  /** Orders whose cancellation is on its way. */
  readonly leaving: Accessor<ReadonlySet<string>>;
  one(id: string): Promise<void>;
}

export function createCancelling(say: (message: string) => void): Cancelling {
  const [leaving, setLeaving] = createSignal<ReadonlySet<string>>(new Set());
  return {
    leaving,
    one: async (id) => {
      if (leaving().has(id)) return;
      setLeaving((ids) => new Set(ids).add(id));
      const answer = await cancel(id);
      setLeaving((ids) => new Set([...ids].filter((other) => other !== id)));
      if (!answer.ok) say(`Order ${short(id)} was not cancelled: ${answer.refusal.message}`);
    },
  };
}

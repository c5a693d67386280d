// What happened to a symbol's instrument, of late and from now on: its kept changes, heard on the channel `instruments`.
// Of all that the venue keeps only the newest changes are gone through: more would be a long way for a few flags.

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { table } from "../api/rest";
import type { InstrumentFrame } from "../model/venue_events";
import { Channel } from "./channel";

/** So many of the venue's newest changes are gone through. */
const CHANGES = 50_000;
/** So many of the newest events are kept. */
const KEPT = 500;

/** In the order of their numbers. */
export function createEventFeed(symbol: Accessor<string>): Accessor<readonly InstrumentFrame[]> {
  const [told, tell] = createSignal<readonly InstrumentFrame[]>([]);
  createEffect(
    on(symbol, (symbol) => {
      let current = symbol !== "";
      let timer: ReturnType<typeof setTimeout> | undefined;
      let waiting: InstrumentFrame[] = [];
      tell([]);
      // Many come at once when the past is told.
      const takeOver = () => {
        timer = undefined;
        const known = new Set(told().map(({ number }) => number));
        const fresh = waiting.filter(({ number }) => !known.has(number));
        waiting = [];
        // Told again after the connection was away.
        if (fresh.length > 0) tell((before) => [...before, ...fresh].slice(-KEPT));
      };
      const channel = new Channel({
        frame: (text) => {
          const frame = JSON.parse(text) as InstrumentFrame & { readonly channel: string };
          if (frame.channel !== "instruments") return;
          waiting.push(frame);
          timer ??= setTimeout(takeOver);
        },
        opened: () => {},
      });
      const begin = async () => {
        const newest = await table("order=desc&limit=1");
        const number = newest.ok ? (newest.value.orders[0]?.number ?? 0) : 0;
        if (!current) return;
        const after = Math.max(0, number - CHANGES);
        channel.listen(`channels=instruments&symbols=${encodeURIComponent(symbol)}&after=${after}`);
      };
      if (current) void begin();
      onCleanup(() => {
        current = false;
        clearTimeout(timer);
        channel.listen(null);
      });
    }),
  );
  return told;
}

// The candles of a symbol as far as they are in sight: the newest at first, older ones as the reader looks back, and the
// last of them again once a second, as it grows.

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { bars as askBars } from "../api/exchange";
import { type Candle, joinedCandles, readCandle, SECONDS } from "../model/candles";

type Timeframe = keyof typeof SECONDS;

const PAGE = 500;
/** More are not held. */
const HELD = 10_000;
const ASK_MS = 1_000;

export interface CandleFeed {
  /** The oldest first; null before the first answer. */
  readonly candles: Accessor<readonly Candle[] | null>;
  /** The venue tells no bars. */
  readonly isRefused: Accessor<boolean>;
  older(): void;
}

export function createCandleFeed(
  symbol: Accessor<string>,
  timeframe: Accessor<Timeframe>,
  nowUs: () => number,
): CandleFeed {
  const [candles, setCandles] = createSignal<readonly Candle[] | null>(null);
  const [isRefused, setRefused] = createSignal(false);
  let older = () => {};
  createEffect(
    on([symbol, timeframe], ([symbol, timeframe]) => {
      let [current, asking, begun]: [boolean, boolean, boolean] = [true, false, false];
      const length = SECONDS[timeframe];
      setCandles(null);
      const ask = async (query: string): Promise<number | null> => {
        const answer = await askBars(symbol, `timeframe=${timeframe}&${query}`);
        if (!current) return null;
        setRefused(!answer.ok && answer.refusal.status !== 0);
        if (!answer.ok) return null;
        const told = answer.value.map(readCandle);
        setCandles((held) => joinedCandles(held ?? [], told));
        return told.length;
      };
      older = async () => {
        const first = candles()?.[0];
        if (asking || begun || first === undefined || (candles()?.length ?? 0) > HELD) return;
        asking = true;
        const count = await ask(`end=${new Date(first.atS * 1000).toISOString()}&limit=${PAGE}`);
        asking = false;
        // There are none before.
        begun = count !== null && count < PAGE;
      };
      const turn = async () => {
        if (document.hidden) return;
        const last = candles()?.at(-1);
        // What was missed is asked for with it.
        const missed = last === undefined ? PAGE : Math.ceil((nowUs() / 1e6 - last.atS) / length) + 2;
        await ask(`limit=${Math.min(PAGE, Math.max(2, missed))}`);
      };
      void turn();
      const timer = setInterval(turn, ASK_MS);
      onCleanup(() => {
        current = false;
        clearInterval(timer);
      });
    }),
  );
  return { candles, isRefused, older: () => older() };
}

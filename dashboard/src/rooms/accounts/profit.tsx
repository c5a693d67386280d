// What each symbol brought: bars to either side of zero, of those in one currency on one scale.

import { createEffect, createSignal, Index, on, onCleanup, Show } from "solid-js";
import { activities } from "../../api/exchange";
import type { SchemaPosition } from "../../api/schema";
import { gain, wayOf } from "../../model/decimal";
import { whole } from "../../model/format";
import { Flows, type SymbolProfit } from "../../model/profit";

const PAGE = 1_000;
/** An account that traded more often is not summed from its beginning. */
const PAGES = 50;
const ASK_MS = 2_000;
/** More are not drawn. */
const DRAWN = 12;

export function ProfitBySymbol(props: { readonly id: string; readonly positions: readonly SchemaPosition[] }) {
  const [flows, setFlows] = createSignal(new Flows(), { equals: false });
  createEffect(
    on(
      () => props.id,
      (id) => {
        const mine = new Flows();
        let [current, timer]: [boolean, ReturnType<typeof setTimeout> | undefined] = [true, undefined];
        setFlows(mine);
        const ask = async () => {
          for (let pages = 0; current && !document.hidden && mine.count < PAGE * PAGES && pages < PAGES; pages++) {
            const after = mine.newest === null ? "" : `&after=${mine.newest}`;
            const answer = await activities(id, `limit=${PAGE}${after}`);
            if (!current || !answer.ok) break;
            mine.add(answer.value);
            setFlows(mine);
            if (answer.value.length < PAGE) break;
          }
          if (current) timer = setTimeout(ask, ASK_MS);
        };
        void ask();
        onCleanup(() => {
          current = false;
          clearTimeout(timer);
        });
      },
    ),
  );
  const profits = () => flows().profits(props.positions);
  const drawn = () => {
    const all = profits();
    return all.length <= DRAWN ? all : [...all.slice(0, DRAWN / 2), ...all.slice(-DRAWN / 2)];
  };
  return (
    <section class="card profit" aria-label="Profit by symbol">
      <header class="card-head">
        <h2>Profit by symbol</h2>
        <p class="faint">
          {flows().count >= PAGE * PAGES
            ? `of the first ${whole(flows().count)} movements`
            : "of all its fills and fees"}
        </p>
      </header>
      <Show when={drawn().length > 0} fallback={<p class="exchange-empty">It has traded nothing yet.</p>}>
        <ul class="profit-bars">
          <Index each={drawn()}>
            {(one) => (
              <li data-symbol={one().symbol}>
                <span class="profit-symbol">{one().symbol}</span>
                <span class="profit-bar" aria-hidden="true" data-way={wayOf(text(one()))}>
                  <i style={{ width: `${share(one(), profits()) * 50}%` }} />
                </span>
                <span class="profit-amount" data-way={wayOf(text(one()))}>
                  {gain(text(one()))} <span class="faint">{one().currency}</span>
                </span>
              </li>
            )}
          </Index>
        </ul>
      </Show>
    </section>
  );
}

function text({ profit }: SymbolProfit): string {
  return profit.toFixed(2);
}

function share({ profit, currency }: SymbolProfit, all: readonly SymbolProfit[]): number {
  const most = Math.max(...all.filter((one) => one.currency === currency).map((one) => Math.abs(one.profit)));
  return most === 0 ? 0 : Math.abs(profit) / most;
}

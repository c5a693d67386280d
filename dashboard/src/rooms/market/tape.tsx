// The tape: trades of the chosen symbol as they come, the newest first. Those of clients are marked among the house's own.

import { For, Show } from "solid-js";
import type { SchemaTrade } from "../../api/schema";
import { brief } from "../../model/decimal";
import { timeOfDay } from "../../model/format";
import { isOfClients } from "../../model/tape";
import { readTime } from "../../model/time";
import { zone } from "../../shell/preferences";

/** More are not drawn. */
const DRAWN = 60;

export function TapeOf(props: { readonly symbol: string; readonly trades: readonly SchemaTrade[] }) {
  return (
    <section class="tape scrolls" aria-label="Tape" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Quantity
            </th>
            <th scope="col">Side</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.trades.slice(0, DRAWN)}>
            {(trade) => (
              <tr data-trade={trade.trade_id}>
                <td>{timeOfDay(readTime(trade.at), zone.value())}</td>
                <td class="number" data-way={trade.side === "buy" ? "up" : "down"}>
                  {trade.price}
                </td>
                <td class="number">{brief(trade.qty)}</td>
                <td class="side-cell" data-side={trade.side}>
                  {trade.side === "buy" ? "Buy" : "Sell"}
                  <Show when={isOfClients(trade)}>
                    <span class="tape-mine" title="A client's order was part of it">
                      {" "}
                      ●
                    </span>
                  </Show>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <Show when={props.trades.length === 0}>
        <p class="exchange-empty">No trade in {props.symbol} yet.</p>
      </Show>
    </section>
  );
}

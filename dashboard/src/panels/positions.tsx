// What an account holds, what that is worth at the mark, and what it made. Amounts are of the instrument's own currency.

import { Index, Show } from "solid-js";
import { closePosition } from "../api/exchange";
import type { SchemaPosition } from "../api/schema";
import { gain, grouped, money, shortened, wayOf } from "../model/decimal";
import type { Asking } from "../shell/confirm";

export interface PositionsProps {
  readonly account: string;
  readonly positions: readonly SchemaPosition[] | null;
  /** The symbol that is looked at. */
  readonly chosen?: string;
  readonly asking: Asking;
  say(message: string): void;
  /** Positions are to be asked for at once. */
  again(): void;
  /** Where an instrument's market is. */
  market(symbol: string): string;
}

export function Positions(props: PositionsProps) {
  const close = ({ symbol, qty }: SchemaPosition) =>
    props.asking.ask({
      title: `Close ${symbol}?`,
      text: `A market order for all ${grouped(qty.replace("-", ""))} of it; the account's open orders for ${symbol} are cancelled first.`,
      yes: "Close it",
      does: async () => {
        const answer = await closePosition(props.account, symbol);
        if (!answer.ok) props.say(`${symbol} was not closed: ${answer.refusal.message}`);
        props.again();
      },
    });
  return (
    <Show
      when={(props.positions ?? []).length > 0}
      fallback={<p class="exchange-empty">{props.positions === null ? "…" : "The account holds nothing but money."}</p>}
    >
      <div class="exchange-scroll">
        <table class="exchange-table" aria-label="Positions">
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <th scope="col" class="number">
                Quantity
              </th>
              <th scope="col" class="number least">
                Average
              </th>
              <th scope="col" class="number">
                Mark
              </th>
              <th scope="col" class="number lesser">
                Value
              </th>
              <th scope="col" class="number">
                Unrealized
              </th>
              <th scope="col" class="number lesser">
                Realized
              </th>
              <th scope="col">
                <span class="unseen">Close</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.positions ?? []}>
              {(position) => (
                <tr data-symbol={position().symbol} data-chosen={position().symbol === props.chosen}>
                  <th scope="row">
                    <a class="exchange-order" href={props.market(position().symbol)}>
                      {position().symbol}
                    </a>
                  </th>
                  <td class="number">{grouped(position().qty).replace("-", "−")}</td>
                  <td class="number least">{shortened(position().average_price ?? "–")}</td>
                  <td class="number">{shortened(position().mark)}</td>
                  <td class="number lesser">{money(position().market_value)}</td>
                  <td class="number" data-way={wayOf(position().unrealized)}>
                    {gain(position().unrealized)}
                  </td>
                  <td class="number lesser" data-way={wayOf(position().realized)}>
                    {gain(position().realized)}
                  </td>
                  <td class="exchange-acts">
                    <button
                      type="button"
                      class="cancel"
                      aria-label={`Close ${position().symbol}`}
                      title="Close by a market order"
                      onClick={() => close(position())}
                    >
                      ✕
                    </button>
                  </td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

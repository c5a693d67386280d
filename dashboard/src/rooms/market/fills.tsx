// What clients' orders traded in the chosen symbol, the newest first.

import { Index, Show } from "solid-js";
import type { SchemaListedFill } from "../../api/schema";
import type { Venue } from "../../live/venue";
import { grouped } from "../../model/decimal";
import { clock, short } from "../../model/format";
import { readTime } from "../../model/time";
import { zone } from "../../shell/preferences";

const SHOWN = 50;

export function Fills(props: {
  readonly symbol: string;
  /** The oldest first. */
  readonly fills: readonly SchemaListedFill[];
  readonly venue: Pick<Venue, "nowUs">;
  link(order: string): string;
}) {
  const newest = () => props.fills.slice(-SHOWN).reverse();
  return (
    <Show
      when={newest().length > 0}
      fallback={<p class="exchange-empty">No order was filled in {props.symbol} yet.</p>}
    >
      <div class="exchange-scroll scrolls" tabindex={0}>
        <table class="exchange-table" aria-label="Fills">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Order</th>
              <th scope="col" class="number">
                Quantity
              </th>
              <th scope="col" class="number">
                Price
              </th>
              <th scope="col" class="lesser">
                Account
              </th>
              <th scope="col" class="lesser">
                As
              </th>
              <th scope="col" class="number lesser">
                Fee
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={newest()}>
              {(fill) => (
                <tr data-trade={fill().trade_id}>
                  <td class="mono">{clock(readTime(fill().at), zone.value(), props.venue.nowUs())}</td>
                  <td>
                    <a class="exchange-order" href={props.link(fill().order_id)}>
                      <span class="side-cell" data-side={fill().side}>
                        {fill().side === "buy" ? "Bought" : "Sold"}
                      </span>{" "}
                      <span class="mono faint">{short(fill().order_id)}</span>
                    </a>
                  </td>
                  <td class="number">{grouped(fill().qty)}</td>
                  <td class="number">{fill().price}</td>
                  <td class="lesser">{fill().account}</td>
                  <td class="lesser">{fill().liquidity}</td>
                  <td class="number lesser">{fill().fee}</td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

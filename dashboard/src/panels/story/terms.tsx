// What an order is on the exchange: its type and prices, how far it is filled and how that came, what it belongs to; and
// how it is amended. Asked for anew whenever the order has changed.

import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from "solid-js";
import { shown } from "../../api/exchange";
import type { SchemaFill, SchemaOrder, SchemaShownOrder } from "../../api/schema";
import type { Order } from "../../model/change";
import { grouped } from "../../model/decimal";
import { exact, short } from "../../model/format";
import { priceOf, readTerms, TYPE_WORD } from "../../model/terms";
import { readTime } from "../../model/time";
import { zone } from "../../shell/preferences";
import { Amend } from "./amend";

export interface TermsProps {
  readonly order: Order;
  readonly isPast: boolean;
  /** Whether it is to be amended at once. */
  readonly amending: boolean;
  link(order: string): string;
}

/** An order that fills often is not asked for with each fill. */
const ASK_EVERY_MS = 250;

export function TermsOf(props: TermsProps) {
  const [told, tell] = createSignal<SchemaShownOrder | null>(null);
  const changed = createMemo(() => `${props.order.id} ${props.order.seq} ${props.order.terms?.number}`);
  let askedMs = Number.NEGATIVE_INFINITY;
  createEffect(
    on([changed, () => props.isPast], ([, isPast]) => {
      if (isPast) return;
      let current = true;
      const ask = async () => {
        askedMs = performance.now();
        const answer = await shown(props.order.id);
        if (current && answer.ok) tell(answer.value);
      };
      const timer = setTimeout(ask, Math.max(0, askedMs + ASK_EVERY_MS - performance.now()));
      onCleanup(() => {
        current = false;
        clearTimeout(timer);
      });
    }),
  );
  const order = () => {
    const now = told();
    return now?.id === props.order.id ? now : null;
  };
  return (
    <Show when={order()}>
      {(order) => (
        <>
          <dl class="facts">
            <For each={factsOf(order())}>
              {([name, value]) => (
                <>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </>
              )}
            </For>
            <For each={relativesOf(order())}>
              {([name, id]) => (
                <>
                  <dt>{name}</dt>
                  <dd>
                    <a class="mono" href={props.link(id)}>
                      {short(id)}
                    </a>
                  </dd>
                </>
              )}
            </For>
          </dl>
          <Show when={(order().fills ?? []).length > 0}>
            <Fills of={order().fills ?? []} />
          </Show>
          <Show when={order().status === "PENDING" && !props.isPast}>
            <Amend order={order()} open={props.amending} link={props.link} done={(after) => tell({ ...after })} />
          </Show>
        </>
      )}
    </Show>
  );
}

/** In the venue's words where it has some; a plain order has few. */
function factsOf(order: SchemaOrder): readonly (readonly [string, string])[] {
  const terms = readTerms(order);
  const price = terms === null ? "" : priceOf(terms);
  const of = order.qty === null ? `${order.notional} of money` : grouped(order.qty);
  const facts: readonly (readonly [string, string | null])[] = [
    ["Order", `${order.side === "buy" ? "Buy" : "Sell"}, ${TYPE_WORD[order.type].toLowerCase()}`],
    ["Price", price || null],
    ["Best since it arrived", order.hwm],
    ["In force", order.time_in_force === "gtc" && order.type === "market" ? null : order.time_in_force],
    ["Expires", order.expires_at === null ? null : exact(readTime(order.expires_at), zone.value())],
    ["Post only", order.post_only ? "yes" : null],
    ["State", order.reason === null ? order.state : `${order.state}: ${order.reason}`],
    ["Filled", `${grouped(order.filled_qty)} of ${of}`],
    ["Average price", order.average_price],
    ["Account", order.account],
    ["Class", order.order_class === "simple" ? null : order.order_class],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

function relativesOf({ parent, legs, replaces, replaced_by }: SchemaOrder): readonly (readonly [string, string])[] {
  const named: readonly (readonly [string, string | null])[] = [
    ["Leg of", parent],
    ...(legs ?? []).map((leg, at) => [at === 0 ? "Its legs" : "", leg] as const),
    ["In place of", replaces],
    ["Replaced by", replaced_by],
  ];
  return named.flatMap(([name, id]) => (id === null ? [] : [[name, id] as const]));
}

function Fills(props: { readonly of: readonly SchemaFill[] }) {
  return (
    <div class="fills">
      <table>
        <caption>Fills</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Quantity
            </th>
            <th scope="col" class="number">
              Fee
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.of}>
            {(fill) => (
              <tr title={`${fill.liquidity}, trade ${fill.trade_id}, change ${fill.number}`}>
                <td>{exact(readTime(fill.at), zone.value()).slice(11, 23)}</td>
                <td class="number">{fill.price}</td>
                <td class="number">{grouped(fill.qty)}</td>
                <td class="number">{fill.fee}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

// Orders that work, of an account. What they are is heard; a row leads to its order's story, is amended
// and cancelled.

import { createMemo, For, Show } from "solid-js";
import { calm } from "../../figures/calm";
import type { Venue } from "../../live/venue";
import type { Order } from "../../model/change";
import { grouped } from "../../model/decimal";
import { clock, short, whole } from "../../model/format";
import { priceOf, TYPE_WORD } from "../../model/terms";
import { zone } from "../../shell/preferences";
import { StatusMark } from "../status";

/** More are not drawn: the list of all orders has them. */
const DRAWN = 100;

export interface WorkingProps {
  readonly venue: Pick<Venue, "orders" | "frame" | "nowUs">;
  readonly label: string;
  readonly empty: string;
  /** Which of those that are pending. */
  fits(order: Order): boolean;
  link(order: string): string;
  isCancelling(id: string): boolean;
  cancel(id: string): void;
  amend(id: string): void;
}

export function Working(props: WorkingProps) {
  const all = createMemo(
    () => {
      props.venue.frame();
      return props.venue.orders.all.filter((order) => order.status === "PENDING" && props.fits(order)).toReversed();
    },
    undefined,
    { equals: (one, other) => one.length === other.length && one.every((order, at) => order === other[at]) },
  );
  const drawn = calm(() => all().slice(0, DRAWN));
  return (
    <Show when={drawn().length > 0} fallback={<p class="exchange-empty">{props.empty}</p>}>
      <table class="exchange-table" aria-label={props.label}>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Order</th>
            <th scope="col" class="number">
              Filled of
            </th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="lesser">
              Client order id
            </th>
            <th scope="col" class="lesser">
              Accepted
            </th>
            <th scope="col">
              <span class="unseen">Amend, cancel</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={drawn()}>{(order) => <Row {...props} order={order} />}</For>
        </tbody>
      </table>
      <Show when={all().length > DRAWN}>
        <p class="exchange-empty">
          {DRAWN} of {whole(all().length)}: the list of orders has all.
        </p>
      </Show>
    </Show>
  );
}

function Row(props: WorkingProps & { readonly order: Order }) {
  const terms = () => props.order.terms;
  const name = () => `${props.order.symbol} ${props.order.quantity}`;
  return (
    <tr data-id={props.order.id}>
      <td>
        <StatusMark status={props.order.status} state={terms()?.state} />
      </td>
      <td>
        <a class="exchange-order" href={props.link(props.order.id)} title={`Story of order ${short(props.order.id)}`}>
          <span class="side-cell" data-side={terms()?.side}>
            {terms()?.side === "sell" ? "Sell" : "Buy"}
          </span>{" "}
          {props.order.symbol}
          <span class="faint"> {TYPE_WORD[terms()?.type ?? "market"].toLowerCase()}</span>
        </a>
      </td>
      <td class="number">
        <Show when={terms()?.filled !== "0"}>{grouped(terms()?.filled ?? "0")} / </Show>
        {grouped(terms()?.qty ?? String(props.order.quantity))}
      </td>
      <td class="number">{priceText(props.order)}</td>
      <td class="mono lesser">{props.order.clientOrderId ?? ""}</td>
      <td class="mono lesser">
        {props.order.acceptedUs === null ? "" : clock(props.order.acceptedUs, zone.value(), props.venue.nowUs())}
      </td>
      <td class="exchange-acts">
        <button
          type="button"
          class="cancel"
          aria-label={`Amend ${name()}`}
          title="Amend or replace"
          onClick={() => props.amend(props.order.id)}
        >
          ✎
        </button>
        <button
          type="button"
          class="cancel"
          disabled={props.isCancelling(props.order.id)}
          aria-label={`Cancel ${name()}`}
          title="Cancel"
          onClick={() => props.cancel(props.order.id)}
        >
          {props.isCancelling(props.order.id) ? "…" : "✕"}
        </button>
      </td>
    </tr>
  );
}

function priceText({ terms }: Order): string {
  return terms === null ? "" : priceOf(terms) || "market";
}

// Orders of the past as rows: what is not in sight costs next to nothing.

import { For } from "solid-js";
import type { SchemaOrder } from "../../api/schema";
import { clock, short, whole } from "../../model/format";
import { readTime } from "../../model/time";
import { zone } from "../../shell/preferences";
import { listKeys } from "../list_keys";
import { StatusMark } from "../status";

export interface RowsProps {
  readonly orders: readonly SchemaOrder[];
  readonly chosen: string | null;
  readonly nowUs: number;
  open(id: string): void;
  leave(): void;
}

export function Rows(props: RowsProps) {
  const time = (text: string | null | undefined) =>
    text == null ? "—" : clock(readTime(text), zone.value(), props.nowUs);
  const move = listKeys("button");
  return (
    <ul
      class="history-rows scrolls"
      aria-label="Orders found"
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          props.leave();
        } else move(event);
      }}
    >
      <For each={props.orders}>
        {(order, at) => (
          <li>
            <button
              type="button"
              class="history-row"
              data-id={order.id}
              aria-current={props.chosen === order.id}
              tabindex={at() === 0 ? 0 : -1}
              onClick={() => props.open(order.id)}
            >
              <StatusMark status={order.status} />
              <span class="symbol">{order.stoks}</span>
              <span class="number">{whole(order.quantity)}</span>
              <span class="mono history-name">{order.client_order_id ?? ""}</span>
              <span class="mono">{time(order.accepted_at)}</span>
              <span class="mono history-closed">{time(order.closed_at)}</span>
              <span class="mono history-id">{short(order.id)}</span>
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}

// What moved an account's cash, the newest first: fills, fees, transfers.

import { createSignal, createUniqueId, For, Index, Show } from "solid-js";
import { activities } from "../../api/exchange";
import type { SchemaActivity } from "../../api/schema";
import { createAsked } from "../../live/asked";
import type { Venue } from "../../live/venue";
import { gain, grouped, wayOf } from "../../model/decimal";
import { clock } from "../../model/format";
import { readTime } from "../../model/time";
import { zone } from "../../shell/preferences";

const SHOWN = 30;
const ASK_MS = 2_000;
const KINDS = [
  ["", "All"],
  ["fill", "Fills"],
  ["fee", "Fees"],
  ["transfer", "Transfers"],
] as const;

export function Activities(props: {
  readonly id: string;
  readonly venue: Pick<Venue, "nowUs">;
  story(order: string): string;
}) {
  const name = createUniqueId();
  const [kind, setKind] = createSignal("");
  const told = createAsked(() => {
    const [id, of] = [props.id, kind()];
    const filter = of === "" ? "" : `&kind=${of}`;
    return { of: `${id} ${of}`, ask: () => activities(id, `order=desc&limit=${SHOWN}${filter}`) };
  }, ASK_MS);
  return (
    <section class="card accounts-wide" aria-label="Activities">
      <header class="card-head">
        <h2>Activities</h2>
        <fieldset class="segments equity-spans">
          <legend class="unseen">Of which kind</legend>
          <For each={KINDS}>
            {([of, title]) => (
              <label class="segment">
                <input type="radio" class="unseen" name={name} checked={kind() === of} onChange={() => setKind(of)} />
                {title}
              </label>
            )}
          </For>
        </fieldset>
      </header>
      <Show
        when={(told.value() ?? []).length > 0}
        fallback={<p class="exchange-empty">{told.value() === null ? "…" : "Nothing moved its cash yet."}</p>}
      >
        <div class="exchange-scroll">
          <table class="exchange-table" aria-label="Activities">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">What</th>
                <th scope="col" class="number least">
                  Quantity
                </th>
                <th scope="col" class="number least">
                  Price
                </th>
                <th scope="col" class="number">
                  Amount
                </th>
                <th scope="col" class="number lesser">
                  Change
                </th>
              </tr>
            </thead>
            <tbody>
              <Index each={told.value() ?? []}>
                {(one) => (
                  <tr>
                    <td class="mono">{clock(readTime(one().at), zone.value(), props.venue.nowUs())}</td>
                    <td>
                      <What of={one()} story={props.story} />
                    </td>
                    <td class="number least">{one().qty === null ? "" : grouped(one().qty ?? "")}</td>
                    <td class="number least">{one().price ?? ""}</td>
                    <td class="number" data-way={wayOf(one().amount)}>
                      {gain(one().amount)} <span class="faint">{one().currency}</span>
                    </td>
                    <td class="number mono lesser">{one().number}</td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
        </div>
      </Show>
    </section>
  );
}

function What(props: { readonly of: SchemaActivity; story(order: string): string }) {
  return (
    <Show when={props.of.order_id} fallback={props.of.kind === "transfer" ? "Transfer" : props.of.kind}>
      {(order) => (
        <a class="exchange-order" href={props.story(order())}>
          <span class="side-cell" data-side={props.of.side ?? undefined}>
            {props.of.kind === "fee" ? "Fee" : props.of.side === "sell" ? "Sold" : "Bought"}
          </span>{" "}
          {props.of.symbol}
        </a>
      )}
    </Show>
  );
}

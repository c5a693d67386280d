// What the chosen account is worth, and its money.

import { Index, Show } from "solid-js";
import type { SchemaAccount } from "../../api/schema";
import { gain, grouped, money, wayOf } from "../../model/decimal";
import { kindOf } from "./list";

export function Summary(props: { readonly account: SchemaAccount; readonly asOf: string | null }) {
  const figures = () => {
    const { equity, buying_power, realized, unrealized, fees, exposure } = props.account;
    return [
      ["Equity", money(equity), null],
      ["Unrealized", gain(unrealized), wayOf(unrealized)],
      ["Realized", gain(realized), wayOf(realized)],
      ["Fees", money(fees), null],
      ["Exposure", money(exposure), null],
      ["Buying power", buying_power === null ? "unlimited" : money(buying_power), null],
    ] as const;
  };
  const balances = () => Object.entries(props.account.balances);
  return (
    <section class="card accounts-wide summary" aria-label="Summary">
      <header class="card-head">
        <h2>{props.account.id}</h2>
        <p class="faint">
          {kindOf(props.account)}, in {props.account.currency}
        </p>
        <Show when={props.asOf}>{(asOf) => <p class="as-of">{asOf()}</p>}</Show>
      </header>
      <dl class="summary-figures">
        <Index each={figures()}>
          {(figure) => (
            <div>
              <dt>{figure()[0]}</dt>
              <dd data-way={figure()[2] ?? undefined}>{figure()[1]}</dd>
            </div>
          )}
        </Index>
      </dl>
      <ul class="balances" aria-label="Balances">
        <Index each={balances()}>
          {(balance) => (
            <li>
              <span class="balance-code">{balance()[0]}</span>{" "}
              <span class="balance-total">{grouped(balance()[1].total).replace("-", "−")}</span>
              <Show when={wayOf(balance()[1].locked) !== "flat"}>
                <span class="faint"> {grouped(balance()[1].locked)} locked</span>
              </Show>
            </li>
          )}
        </Index>
      </ul>
    </section>
  );
}

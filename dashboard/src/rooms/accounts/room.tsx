// The room of accounts: what each has, and of the chosen one its positions, open orders, profit, and how that came.
// Amounts move with the market: they are asked for once a second while they are in sight.

import { createMemo, createSignal, Show } from "solid-js";
import { accounts, positions } from "../../api/exchange";
import type { SchemaAccount } from "../../api/schema";
import { createAsked } from "../../live/asked";
import type { Venue } from "../../live/venue";
import { timeOfDay, zoneName } from "../../model/format";
import { createCancelling } from "../../panels/cancelling";
import { Positions } from "../../panels/positions";
import { Working } from "../../panels/working/working";
import type { Address } from "../../shell/address";
import type { Asking } from "../../shell/confirm";
import { zone } from "../../shell/preferences";
import { Activities } from "./activities";
import { Equity } from "./equity";
import { NewAccount, Transfer } from "./forms";
import { AccountList } from "./list";
import { ProfitBySymbol } from "./profit";
import { Summary } from "./summary";
import "./accounts.css";

export interface AccountsProps {
  readonly venue: Venue;
  readonly address: Address;
  readonly asking: Asking;
  say(message: string): void;
}

/** Marks move ten times a second; amounts are read once. */
const ASK_MS = 1_000;
/** Without an answer for so long, what is shown is old. */
const OLD_MS = 3_500;

export function AccountsRoom(props: AccountsProps) {
  const { venue, address } = props;
  const id = () => address.place.account;
  const all = createAsked(() => ({ of: "accounts", ask: accounts }), ASK_MS);
  const held = createAsked(() => {
    const of = id();
    return { of, ask: () => positions(of) };
  }, ASK_MS);
  const account = createMemo((): SchemaAccount | null => all.value()?.find((one) => one.id === id()) ?? null);
  const cancelling = createCancelling(props);
  const [making, setMaking] = createSignal(false);
  const choose = (account: string) => address.move({ account }, { step: true });
  /** Of when the figures are, where that is too long ago. */
  const asOf = createMemo(() => {
    venue.beat();
    const atMs = all.atMs();
    if (atMs === null || Date.now() - atMs < OLD_MS) return null;
    const us = venue.onVenueUs(atMs);
    return `as of ${timeOfDay(us, zone.value())} ${zoneName(zone.value(), us)}`;
  });
  const story = (order: string) => address.link({ room: "orders", panel: null, order, instance: null });
  /** In the room of orders, with its story. */
  const amend = (order: string) => address.move({ room: "orders", panel: null, order, instance: null }, { step: true });

  return (
    <div class="accounts" data-stale={asOf() !== null}>
      <section class="card accounts-list" aria-label="Accounts">
        <header class="card-head">
          <h2>Accounts</h2>
          <button type="button" class="button quiet" title="Open an account" onClick={() => setMaking(!making())}>
            <span aria-hidden="true">+</span>
            <span class="unseen">Open an account</span>
          </button>
        </header>
        <Show when={making()}>
          <NewAccount
            opened={(account) => {
              setMaking(false);
              all.again();
              choose(account.id);
            }}
          />
        </Show>
        <AccountList
          accounts={all.value()}
          chosen={id()}
          choose={choose}
          link={(account) => address.link({ account })}
        />
      </section>
      <Show
        when={account()}
        fallback={
          <p class="card panel-empty" role="status">
            {all.value() === null ? (all.refusal()?.message ?? "…") : `The venue has no account “${id()}”.`}
          </p>
        }
      >
        {(account) => (
          <div class="accounts-of">
            <Summary account={account()} asOf={asOf()} />
            <Equity id={id()} venue={venue} />
            <ProfitBySymbol id={id()} positions={held.value() ?? []} />
            <section class="card accounts-wide" aria-label="Positions">
              <header class="card-head">
                <h2>Positions</h2>
              </header>
              <Positions
                account={id()}
                positions={held.value()}
                asking={props.asking}
                say={props.say}
                again={held.again}
                market={(symbol) => address.link({ room: "market", instrument: symbol, panel: null })}
              />
            </section>
            <section class="card accounts-wide" aria-label="Open orders">
              <header class="card-head">
                <h2>Open orders</h2>
              </header>
              <div class="exchange-scroll">
                <Working
                  venue={venue}
                  label="Open orders"
                  empty="No order of this account is open."
                  fits={(order) => (order.terms?.account ?? "default") === id()}
                  link={story}
                  isCancelling={(order) => cancelling.leaving().has(order)}
                  cancel={(order) => void cancelling.one(order)}
                  amend={amend}
                />
              </div>
            </section>
            <Activities id={id()} story={story} venue={venue} />
            <Show when={account().created_at !== null}>
              <Transfer account={account()} done={all.again} />
            </Show>
          </div>
        )}
      </Show>
    </div>
  );
}

// The accounts: what each is worth, and how that moves.

import { createSignal, Index, Show } from "solid-js";
import type { SchemaAccount } from "../../api/schema";
import { gain, money, wayOf } from "../../model/decimal";
import { whole } from "../../model/format";
import { listKeys } from "../../panels/list_keys";

/** More are found by name. */
const DRAWN = 100;

export function AccountList(props: {
  readonly accounts: readonly SchemaAccount[] | null;
  readonly chosen: string;
  choose(id: string): void;
  link(id: string): string;
}) {
  const [find, setFind] = createSignal("");
  const ordered = () => {
    const found = (props.accounts ?? []).filter(({ id }) => id.toLowerCase().includes(find().trim().toLowerCase()));
    // The venue's own come last: they are of interest to whoever checks its sums.
    return [...found.filter(isClients), ...found.filter((account) => !isClients(account))];
  };
  return (
    <>
      <Show when={(props.accounts?.length ?? 0) > 10}>
        <div class="accounts-find">
          <input
            class="field"
            type="search"
            aria-label="Account contains"
            placeholder="Find an account"
            value={find()}
            onInput={(event) => setFind(event.currentTarget.value)}
          />
        </div>
      </Show>
      <ul class="account-list" onKeyDown={listKeys("a")}>
        <Index each={ordered().slice(0, DRAWN)}>
          {(account) => (
            <li>
              <a
                class="account"
                href={props.link(account().id)}
                aria-current={account().id === props.chosen ? "true" : undefined}
              >
                <span class="account-name">{account().id}</span>
                <span class="account-equity">{money(account().equity)}</span>
                <span class="faint">{isClients(account()) ? kindOf(account()) : "of the venue"}</span>
                <span class="account-gain" data-way={wayOf(account().unrealized)}>
                  {gain(account().unrealized)}
                </span>
              </a>
            </li>
          )}
        </Index>
      </ul>
      <Show when={ordered().length > DRAWN}>
        <p class="exchange-empty">
          {DRAWN} of {whole(ordered().length)}
        </p>
      </Show>
    </>
  );
}

function isClients({ id }: SchemaAccount): boolean {
  return id !== "house" && id !== "fees";
}

/** `margin, 4 ×`, `spot`. */
export function kindOf({ kind, leverage, buying_power, id }: SchemaAccount): string {
  if (id === "default" && buying_power === null) return "unlimited";
  return kind === "spot" ? "spot" : `margin, ${leverage} ×`;
}

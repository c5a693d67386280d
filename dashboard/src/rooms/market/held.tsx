// What the chosen account holds, beside the market in which it can be closed: another account is chosen here as well.

import { createMemo, For } from "solid-js";
import { accounts, positions } from "../../api/exchange";
import { createAsked } from "../../live/asked";
import { Positions } from "../../panels/positions";
import type { Address } from "../../shell/address";
import type { Asking } from "../../shell/confirm";

export interface HeldProps {
  readonly address: Address;
  readonly asking: Asking;
  say(message: string): void;
}

/** Marks move ten times a second; amounts are read once. */
const ASK_MS = 1_000;
/** Accounts are opened seldom. */
const LISTED_MS = 5_000;

export function Held(props: HeldProps) {
  const { address } = props;
  const account = () => address.place.account;
  const all = createAsked(() => ({ of: "accounts", ask: accounts }), LISTED_MS);
  const held = createAsked(() => {
    const of = account();
    return { of, ask: () => positions(of) };
  }, ASK_MS);
  /** By name: a list that is told anew is no other list. */
  const names = createMemo(() => [...new Set([account(), ...(all.value() ?? []).map(({ id }) => id)])], undefined, {
    equals: (one, other) => one.join() === other.join(),
  });
  return (
    <>
      <header class="held-head">
        <label>
          Positions of{" "}
          <select class="field" onChange={(event) => address.move({ account: event.currentTarget.value })}>
            <For each={names()}>
              {(name) => (
                <option value={name} selected={name === account()}>
                  {name}
                </option>
              )}
            </For>
          </select>
        </label>
        <a href={address.link({ room: "accounts", panel: null })}>All of it</a>
      </header>
      <div class="market-rows scrolls">
        <Positions
          account={account()}
          positions={held.value()}
          chosen={address.place.instrument}
          asking={props.asking}
          say={props.say}
          again={held.again}
          market={(instrument) => address.link({ instrument, order: null })}
        />
      </div>
    </>
  );
}

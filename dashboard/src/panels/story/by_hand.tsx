// What is done to an open order by hand, as a test would: it arrives, trades, ends, is held or goes on. Whether its state
// allows it is for the venue to say.

import { createSignal, For, Show } from "solid-js";
import { act } from "../../api/made";
import type { Refusal } from "../../api/rest";
import { Field } from "../field";

/** What each does, by its name on the wire. */
const ACTS = [
  ["arrive", "Arrive", "It arrives now, however long it was to be on its way"],
  ["hold", "Hold", "It stays on its way until it is released"],
  ["release", "Release", "It is held no more, and arrives at once"],
  ["fill", "Fill", "It trades with the house: all that is open of it, or as much as is said"],
  ["reject", "Reject", "The exchange refuses it; before it has arrived"],
  ["expire", "Expire", "It ends, as if its time were over"],
  ["cancel", "Cancel", "It ends, as if the exchange had cancelled it"],
] as const;

type ActName = (typeof ACTS)[number][0];

/** What an act may say, and what it is called here. */
const TERMS: readonly (readonly [name: string, label: string, of: ActName])[] = [
  ["qty", "How much", "fill"],
  ["price", "At which price", "fill"],
  ["reason_text", "Why it is rejected", "reject"],
];

export function ByHand(props: { readonly id: string }) {
  const [typed, setTyped] = createSignal<Readonly<Record<string, string>>>({});
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const [busy, setBusy] = createSignal(false);
  const does = async (name: ActName) => {
    if (busy()) return;
    setBusy(true);
    const said = TERMS.filter(([term, , of]) => of === name && typed()[term]?.trim());
    const answer = await act(props.id, name, Object.fromEntries(said.map(([term]) => [term, typed()[term] ?? ""])));
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (answer.ok) setTyped({});
  };
  const unplaced = () => {
    const now = refusal();
    return now !== null && TERMS.every(([term]) => !now.fields.has(term)) ? now.message : null;
  };
  return (
    <details class="ticket-names by-hand">
      <summary>Make something happen</summary>
      <div class="ticket-fields">
        <For each={TERMS}>
          {([name, label]) => (
            <Field label={label} fault={refusal()?.fields.get(name)}>
              {(field) => (
                <input
                  {...field}
                  class="field"
                  autocomplete="off"
                  value={typed()[name] ?? ""}
                  onInput={(event) => setTyped({ ...typed(), [name]: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </For>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in */}
      <div class="story-acts" role="group" aria-label="Make something happen to the order">
        <For each={ACTS}>
          {([name, title, what]) => (
            <button type="button" class="button" title={what} aria-disabled={busy()} onClick={() => void does(name)}>
              {title}
            </button>
          )}
        </For>
      </div>
      <div role="status" class="ticket-outcome">
        <Show when={unplaced()}>{(message) => <p class="fault">{message()}</p>}</Show>
      </div>
    </details>
  );
}

// Amends an order in place, or places another one in its place: what is not changed is not said. What is wrong is for the
// venue to say, at its field.

import { createSignal, For, Show } from "solid-js";
import { amend, type Change, replace } from "../../api/exchange";
import type { Refusal } from "../../api/rest";
import type { SchemaOrder } from "../../api/schema";
import { Field } from "../field";

interface AmendProps {
  readonly order: SchemaOrder;
  /** Whether it is open from the beginning, with the keyboard in it. */
  readonly open: boolean;
  link(order: string): string;
  /** The venue's order after it. */
  done(order: SchemaOrder): void;
}

/** The fields that an order of its type has. */
const PRICES = [
  ["limit_price", "Limit price"],
  ["stop_price", "Stop price"],
  ["trail_price", "Trails by a price of"],
  ["trail_percent", "Trails by percent"],
] as const;

export function Amend(props: AmendProps) {
  const [typed, setTyped] = createSignal<Change>({});
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const [came, setCame] = createSignal<{ readonly what: string; readonly id: string } | null>(null);
  const [busy, setBusy] = createSignal(false);
  const now = (field: string): string => {
    const { order } = props;
    return field === "qty" ? (order.qty ?? String(order.quantity)) : (order[field as "limit_price"] ?? "");
  };
  const fields = () => [["qty", "Quantity"] as const, ...PRICES.filter(([field]) => props.order[field] !== null)];
  const said = (): Change =>
    Object.fromEntries(Object.entries(typed()).filter(([field, value]) => value.trim() !== now(field)));
  const send = async (what: "amended" | "replaced") => {
    if (busy()) return;
    setBusy(true);
    setCame(null);
    const answer = await (what === "amended" ? amend : replace)(props.order.id, said());
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    setTyped({});
    setCame({ what, id: answer.value.id });
    props.done(answer.value);
  };
  const fault = (field: string) =>
    refusal()?.fields.get(field) ?? (field === "qty" ? refusal()?.fields.get("quantity") : undefined);
  const unplaced = () => {
    const now = refusal();
    return now !== null && fields().every(([field]) => fault(field) === undefined) ? now.message : null;
  };
  return (
    <details class="ticket-names amend" open={props.open}>
      <summary>Amend or replace</summary>
      <form
        class="amend-form"
        aria-label="Amend the order"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          void send("amended");
        }}
      >
        <div class="ticket-fields">
          <For each={fields()}>
            {([name, label]) => (
              <Field label={label} fault={fault(name)}>
                {(field) => (
                  <input
                    {...field}
                    class="field mono"
                    inputmode="decimal"
                    autocomplete="off"
                    value={typed()[name] ?? now(name)}
                    onInput={(event) => setTyped({ ...typed(), [name]: event.currentTarget.value })}
                  />
                )}
              </Field>
            )}
          </For>
        </div>
        <div class="ticket-acts">
          <button type="submit" class="button" aria-disabled={busy()} title="The same order, at once">
            Amend
          </button>
          <button
            type="button"
            class="button"
            aria-disabled={busy()}
            title="Another order in its place, last in its queue"
            onClick={() => void send("replaced")}
          >
            Replace
          </button>
        </div>
        <div role="status" class="ticket-outcome">
          <Show when={unplaced()}>{(message) => <p class="fault">{message()}</p>}</Show>
          <Show when={came()}>
            {(came) => (
              <p>
                {came().what === "amended" ? "Amended." : "Replaced by "}
                <Show when={came().what === "replaced"}>
                  <a class="mono" href={props.link(came().id)}>
                    {came().id.slice(0, 8)}
                  </a>
                </Show>
              </p>
            )}
          </Show>
        </div>
      </form>
    </details>
  );
}

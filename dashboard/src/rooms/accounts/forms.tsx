// Opens an account, and moves money in and out of one. What is wrong is for the venue to say, at its field.

import { createSignal, Show } from "solid-js";
import { openAccount, transfer } from "../../api/exchange";
import type { Refusal } from "../../api/rest";
import type { SchemaAccount } from "../../api/schema";
import { Field } from "../../panels/field";

interface Sending {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
}

const IDLE: Sending = { busy: false, refusal: null };

export function NewAccount(props: { opened(account: SchemaAccount): void }) {
  const [now, setNow] = createSignal(IDLE);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (now().busy) return;
    const typed = new FormData(event.currentTarget);
    const said = (name: string) => String(typed.get(name) ?? "").trim() || undefined;
    const [cash, currency] = [said("cash"), said("currency")];
    setNow({ busy: true, refusal: null });
    const answer = await openAccount({
      id: said("id"),
      kind: said("kind"),
      currency,
      leverage: said("kind") === "spot" ? undefined : said("leverage"),
      cash: cash === undefined ? undefined : { [currency ?? "USD"]: cash },
    });
    setNow({ busy: false, refusal: answer.ok ? null : answer.refusal });
    if (answer.ok) props.opened(answer.value);
  };
  const fault = (field: string) => now().refusal?.fields.get(field);
  return (
    <form class="account-form" aria-label="Open an account" novalidate onSubmit={submit}>
      <Text name="id" label="Name" value="" fault={fault("id")} />
      <Field label="Kind" fault={fault("kind")}>
        {(field) => (
          <select {...field} class="field" name="kind">
            <option value="margin">Margin</option>
            <option value="spot">Spot</option>
          </select>
        )}
      </Field>
      <Text name="currency" label="Currency" value="USD" fault={fault("currency")} />
      <Text name="cash" label="Cash" value="100000" fault={fault("cash") ?? fault("cash.USD")} />
      <Text name="leverage" label="Leverage" value="1" fault={fault("leverage")} />
      <button type="submit" class="button primary" aria-disabled={now().busy}>
        Open account
      </button>
      <Said refusal={now().refusal} />
    </form>
  );
}

export function Transfer(props: { readonly account: SchemaAccount; done(): void }) {
  const [now, setNow] = createSignal(IDLE);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    if (now().busy) return;
    setNow({ busy: true, refusal: null });
    const said = (name: string) => String(typed.get(name) ?? "").trim();
    const answer = await transfer(props.account.id, said("currency"), said("amount"));
    setNow({ busy: false, refusal: answer.ok ? null : answer.refusal });
    if (!answer.ok) return;
    form.reset();
    props.done();
  };
  const fault = (field: string) => now().refusal?.fields.get(field);
  return (
    <section class="card accounts-wide" aria-label="Transfer">
      <header class="card-head">
        <h2>Transfer</h2>
        <p class="faint">below zero it goes out</p>
      </header>
      <form class="account-form transfer" aria-label="Transfer money" novalidate onSubmit={submit}>
        <Text name="amount" label="Amount" value="" fault={fault("amount")} />
        <Text name="currency" label="Currency" value={props.account.currency} fault={fault("currency")} />
        <button type="submit" class="button" aria-disabled={now().busy}>
          Transfer
        </button>
        <Said refusal={now().refusal} />
      </form>
    </section>
  );
}

function Text(props: { name: string; label: string; value: string; fault: string | undefined }) {
  return (
    <Field label={props.label} fault={props.fault}>
      {(field) => <input {...field} class="field mono" name={props.name} autocomplete="off" value={props.value} />}
    </Field>
  );
}

/** What is wrong, where that is not about a field. */
function Said(props: { readonly refusal: Refusal | null }) {
  return (
    <div role="status" class="account-said">
      <Show when={props.refusal?.fields.size === 0 && props.refusal}>
        {(refusal) => <p class="fault">{refusal().message}</p>}
      </Show>
    </div>
  );
}

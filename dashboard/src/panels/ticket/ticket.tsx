// The ticket: places an order. What is wrong with it is for the venue to say; it is shown at the field that it is about.
// What was typed is the address's: it outlives the room, and a reload.

import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { type OrderRecord, place, type Refusal } from "../../api/rest";
import { short, whole } from "../../model/format";
import type { Address, Draft } from "../../shell/address";

export interface TicketProps {
  readonly address: Address;
  symbolRef(input: HTMLInputElement): void;
  placed(record: OrderRecord): void;
  /** Puts the keyboard back into the list. */
  leave(): void;
}

type Outcome = { readonly placed: OrderRecord } | { readonly refused: Refusal } | null;

export function Ticket(props: TicketProps) {
  const draft = () => props.address.place.draft;
  /** What is changed is no longer what was refused. */
  const fill = (change: Partial<Draft>) => {
    props.address.move({ draft: { ...draft(), ...change } });
    setOutcome(null);
  };
  const [sending, setSending] = createSignal(false);
  const [outcome, setOutcome] = createSignal<Outcome>(null);
  const refused = () => {
    const now = outcome();
    return now !== null && "refused" in now ? now.refused : null;
  };
  const placed = () => {
    const now = outcome();
    return now !== null && "placed" in now ? now.placed : null;
  };
  const faultOf = (...fields: string[]) =>
    fields.map((field) => refused()?.fields.get(field)).find((fault) => fault !== undefined);
  let form!: HTMLFormElement;
  let submitter!: HTMLButtonElement;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (sending()) return;
    setSending(true);
    const answer = await place({
      stoks: draft().symbol.trim(),
      quantity: draft().quantity.trim(),
      longPending: draft().long,
    });
    setSending(false);
    setOutcome(answer.ok ? { placed: answer.value } : { refused: answer.refusal });
    if (answer.ok) {
      props.placed(answer.value);
      submitter.focus();
    } else form.querySelector<HTMLInputElement>("[aria-invalid=true]")?.focus();
  };

  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    props.leave();
  };

  return (
    <form class="card ticket" aria-label="Place an order" novalidate onSubmit={submit} onKeyDown={left} ref={form}>
      <h2>
        New order <kbd aria-hidden="true">n</kbd>
      </h2>
      <div class="ticket-fields">
        <Field label="Symbol" fault={faultOf("stoks", "symbol")}>
          {(field) => (
            <input
              {...field}
              class="field mono"
              name="symbol"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              ref={props.symbolRef}
              value={draft().symbol}
              onInput={(event) => fill({ symbol: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Quantity" fault={faultOf("quantity")}>
          {(field) => (
            <input
              {...field}
              class="field mono"
              name="quantity"
              inputmode="numeric"
              autocomplete="off"
              value={draft().quantity}
              onInput={(event) => fill({ quantity: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <label class="check">
        <input
          type="checkbox"
          name="long"
          checked={draft().long}
          onChange={(event) => fill({ long: event.currentTarget.checked })}
        />
        Long pending
        <span class="hint">to have time to cancel</span>
      </label>
      <button type="submit" class="button primary" aria-disabled={sending()} ref={submitter}>
        {sending() ? "Placing…" : "Place order"}
      </button>
      <p class="ticket-outcome" role="status">
        <Show when={placed()}>
          {(record) => (
            <>
              Placed {record().order.symbol} {whole(record().order.quantity)}:{" "}
              <a class="mono" href={props.address.link({ order: record().order.id })}>
                {short(record().order.id)}
              </a>
            </>
          )}
        </Show>
        <Show when={refused()?.fields.size === 0 ? refused() : null}>
          {(refusal) => <span class="fault">{refusal().message}</span>}
        </Show>
      </p>
    </form>
  );
}

interface FieldAttributes {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

function Field(props: {
  readonly label: string;
  readonly fault: string | undefined;
  readonly children: (field: FieldAttributes) => JSX.Element;
}) {
  const id = createUniqueId();
  const attributes: FieldAttributes = {
    id,
    get "aria-invalid"() {
      return props.fault !== undefined;
    },
    get "aria-describedby"() {
      return props.fault === undefined ? undefined : `${id}-fault`;
    },
  };
  return (
    <div class="labelled">
      <label for={id}>{props.label}</label>
      {props.children(attributes)}
      <Show when={props.fault}>
        <p class="fault" id={`${id}-fault`}>
          {props.fault}
        </p>
      </Show>
    </div>
  );
}

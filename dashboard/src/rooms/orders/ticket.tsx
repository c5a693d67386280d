// The ticket: places an order. What is wrong with it is for the venue to say; it is shown at the field that it is about.

import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { type OrderRecord, place, type Refusal } from "../../api/rest";
import { short, whole } from "../../model/format";
import { linkTo } from "../../shell/route";

export interface TicketProps {
  symbolRef(input: HTMLInputElement): void;
  placed(record: OrderRecord): void;
  /** Puts it away, where it lies over the list. */
  close(): void;
}

type Outcome = { readonly placed: OrderRecord } | { readonly refused: Refusal } | null;

export function Ticket(props: TicketProps) {
  const [symbol, setSymbol] = createSignal("EURUSD");
  const [quantity, setQuantity] = createSignal("100");
  const [long, setLong] = createSignal(false);
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

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (sending()) return;
    setSending(true);
    const answer = await place({ stoks: symbol().trim(), quantity: quantity().trim(), longPending: long() });
    setSending(false);
    setOutcome(answer.ok ? { placed: answer.value } : { refused: answer.refusal });
    if (answer.ok) {
      props.placed(answer.value);
      props.close();
    }
    if (!answer.ok) form.querySelector<HTMLInputElement>("[aria-invalid=true]")?.focus();
  };

  return (
    <form class="card ticket" aria-label="Place an order" novalidate onSubmit={submit} ref={form}>
      <h2>
        New order <kbd aria-hidden="true">n</kbd>
        <button type="button" class="button quiet ticket-close" aria-label="Close the ticket" onClick={props.close}>
          ✕
        </button>
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
              value={symbol()}
              onInput={(event) => setSymbol(event.currentTarget.value)}
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
              value={quantity()}
              onInput={(event) => setQuantity(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <label class="check">
        <input
          type="checkbox"
          name="long"
          checked={long()}
          onChange={(event) => setLong(event.currentTarget.checked)}
        />
        Long pending
        <span class="hint">to have time to cancel</span>
      </label>
      <button type="submit" class="button primary" disabled={sending()}>
        {sending() ? "Placing…" : "Place order"}
      </button>
      <p class="ticket-outcome" role="status">
        <Show when={placed()}>
          {(record) => (
            <>
              Placed {record().order.symbol} {whole(record().order.quantity)}:{" "}
              <a class="mono" href={linkTo({ room: "orders", order: record().order.id })}>
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

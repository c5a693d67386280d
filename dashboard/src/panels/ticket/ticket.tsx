// The ticket: places an order, or many of it. What is wrong with it is for the venue to say; it is shown at the field that
// it is about. What was typed is the address's: it outlives the room, and a reload.

import { createEffect, createMemo, createSignal, Show } from "solid-js";
import { type NewOrder, type Placed, place, type Refusal } from "../../api/rest";
import type { Job, Jobs } from "../../live/jobs";
import type { Address } from "../../shell/address";
import { type Draft, EMPTY_DRAFT } from "../../shell/draft";
import { Field } from "../field";
import { Kind, Legs, Prices, Sides, Size } from "./fields";
import { Outcome } from "./outcome";
import { isNamed, isShown, MOST, readTimes, requests, TIMES_FAULT } from "./requests";
import { type Form, Text } from "./text";

export interface TicketProps {
  readonly address: Address;
  readonly jobs: Jobs;
  /** Takes an order over that was placed. */
  placed(record: Placed): void;
  symbolRef(input: HTMLInputElement): void;
  /** Puts the keyboard back into the list. */
  leave(): void;
}

/** What came of what was sent. */
type Came =
  | { readonly placed: Placed }
  | { readonly refused: Refusal }
  /** Many are placed by a job. */
  | "job"
  | "busy"
  | "times"
  | null;

export function Ticket(props: TicketProps) {
  const draft = () => props.address.place.draft;
  const [sent, setSent] = createSignal<readonly NewOrder[]>([]);
  const [sending, setSending] = createSignal(false);
  const [came, setCame] = createSignal<Came>(null);
  /** What is changed is no longer what was refused. */
  const fill = (change: Partial<Draft>) => {
    props.address.move({ draft: { ...draft(), ...change } });
    setCame(null);
  };
  const job = createMemo((): Job | null => {
    const job = props.jobs.current();
    return came() === "job" && job?.kind === "place" ? job : null;
  });
  const refused = (): Refusal | null => {
    const now = came();
    if (now === "job") return job()?.refusal ?? null;
    return now !== null && typeof now === "object" && "refused" in now ? now.refused : null;
  };
  const placed = () => {
    const now = came();
    return now !== null && typeof now === "object" && "placed" in now ? now.placed : null;
  };
  const isBusy = () => sending() || job()?.state === "running";
  const faultOf = (...fields: string[]) =>
    fields.map((field) => refused()?.fields.get(field)).find((fault) => fault !== undefined);
  const fields: Form = { draft, fill, faultOf };
  let form!: HTMLFormElement;
  let submitter!: HTMLButtonElement;
  let names!: HTMLDetailsElement;
  let more!: HTMLDetailsElement;
  const focusFault = () => form.querySelector<HTMLInputElement>("[aria-invalid=true]")?.focus();

  const send = async (orders: readonly NewOrder[]) => {
    if (isBusy()) return;
    setSent(orders);
    const [only, ...others] = orders;
    if (only === undefined || others.length > 0) {
      setCame(props.jobs.place(orders) ? "job" : "busy");
      return submitter.focus();
    }
    const [written, focused] = [draft(), document.activeElement];
    setSending(true);
    const answer = await place(only);
    setSending(false);
    if (answer.ok) props.placed(answer.value);
    // Meanwhile the reader went on: the answer is about what is no longer there.
    if (draft() !== written) return;
    setCame(answer.ok ? { placed: answer.value } : { refused: answer.refusal });
    if (document.activeElement !== focused) return;
    if (answer.ok) submitter.focus();
    else focusFault();
  };
  /** Opened for what is in it, never folded: it may be typed in. */
  createEffect(() => {
    const { clientOrderId, idempotencyKey, times, orderClass, account } = draft();
    if (clientOrderId !== "" || idempotencyKey !== "" || times !== "1") names.open = true;
    if (orderClass !== EMPTY_DRAFT.orderClass || account !== EMPTY_DRAFT.account) more.open = true;
  });
  /** A fault of a field that the ticket does not show is said below it. */
  const unplaced = () => {
    const refusal = refused();
    return refusal !== null && [...refusal.fields.keys()].every((field) => !isShown(field)) ? refusal : null;
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const times = readTimes(draft().times);
    if (times !== null) return void send(requests(draft(), times));
    setCame("times");
    focusFault();
  };
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (!isBusy()) setCame(null);
    props.leave();
  };
  /** What a field was wrong with is wrong again. */
  const canSendAgain = () => came() !== null && !isBusy() && isNamed(sent()) && (refused()?.fields.size ?? 0) === 0;
  const times = () => readTimes(draft().times);

  return (
    <form class="card ticket" aria-label="Place an order" novalidate onSubmit={submit} onKeyDown={left} ref={form}>
      <h2>
        New order <kbd aria-hidden="true">n</kbd>
      </h2>
      <Sides {...fields} />
      <div class="ticket-fields">
        <Text {...fields} field="symbol" label="Symbol" faults={["stoks", "symbol"]} capitals ref={props.symbolRef} />
        <Size {...fields} />
        <Kind {...fields} />
        <Prices {...fields} />
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
      <details class="ticket-names" ref={more}>
        <summary>Account, and what follows it</summary>
        <div class="ticket-fields">
          <Legs {...fields} />
        </div>
      </details>
      <details class="ticket-names" ref={names}>
        <summary>Names, and how often</summary>
        <div class="ticket-fields">
          <Text {...fields} field="clientOrderId" label="Client order id" faults={["client_order_id"]} />
          <Text {...fields} field="idempotencyKey" label="Idempotency-Key" faults={["idempotency-key"]} />
          <Field label="Times" fault={came() === "times" ? TIMES_FAULT : undefined}>
            {(field) => (
              <input
                {...field}
                class="field mono"
                name="times"
                type="number"
                min={1}
                max={MOST}
                value={draft().times}
                onInput={(event) => fill({ times: event.currentTarget.value })}
              />
            )}
          </Field>
          <p class="hint">Of many, each name ends with a number: -1, -2, …</p>
        </div>
      </details>
      <div class="ticket-acts">
        <button type="submit" class="button primary" data-side={draft().side} aria-disabled={isBusy()} ref={submitter}>
          {isBusy() ? "Placing…" : (times() ?? 1) > 1 ? `Place ${times()} orders` : "Place order"}
        </button>
        <Show when={canSendAgain()}>
          <button
            type="button"
            class="button"
            title="The same request with the same names: nothing is placed twice"
            onClick={() => void send(sent())}
          >
            Send again
          </button>
        </Show>
      </div>
      <Outcome
        placed={placed()}
        job={job()}
        refusal={unplaced()}
        busy={came() === "busy"}
        link={(order) => props.address.link({ order, instance: null })}
        stop={() => props.jobs.stop()}
      />
    </form>
  );
}

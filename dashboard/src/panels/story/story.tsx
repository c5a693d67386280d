// An order's story: all that happened to it, with times and numbers, and who asked for it.

import { createEffect, createMemo, createResource, createSignal, For, Match, on, Show, Switch } from "solid-js";
import { type Answer, type OrderRecord, type Refusal, show } from "../../api/rest";
import type { Order } from "../../model/change";
import { whole } from "../../model/format";
import type { Orders } from "../../model/orders";
import { zone } from "../../shell/preferences";
import { StatusMark } from "../status";
import { events } from "./events";

export interface StoryProps {
  readonly id: string;
  readonly orders: Orders;
  readonly frame: () => number;
  /** Whether a cancellation of the order is on its way. */
  readonly isCancelling: boolean;
  close(): void;
  cancel(order: Order): void;
}

export function Story(props: StoryProps) {
  const id = () => props.id.toLowerCase();
  const [told] = createResource(id, async (id) => ({ id, answer: await show(id) }));
  /** What the venue answered; undefined until it has. While another order is asked for, the last one's is still there. */
  const answer = () => (told.latest?.id === id() ? told.latest.answer : undefined);
  const record = () => recordIn(answer());
  const refusal = () => refusalIn(answer());
  /** As announced, or as the venue told it: whichever is newer. */
  const order = createMemo<Order | undefined>(() => {
    props.frame();
    const [seen, told] = [props.orders.find(id()), record()?.order];
    if (seen === undefined || told === undefined) return seen ?? told;
    if (seen.seq <= told.seq) return told;
    return seen.acceptedUs === null ? { ...seen, ...beginning(told) } : seen;
  });
  let heading!: HTMLHeadingElement;
  createEffect(
    on(id, () => {
      heading.scrollIntoView({ block: "nearest" });
    }),
  );

  return (
    <section class="card story" aria-label="Order story">
      <header class="story-head">
        <h2 ref={heading} tabindex={-1}>
          <Show when={order()} fallback="Order">
            {(order) => (
              <>
                <span class="symbol">{order().symbol}</span> {whole(order().quantity)}
              </>
            )}
          </Show>
        </h2>
        <Show when={order()}>{(order) => <StatusMark status={order().status} />}</Show>
        <button type="button" class="button quiet story-close" aria-label="Close the story" onClick={props.close}>
          ✕
        </button>
      </header>
      <p class="story-id mono">{id()}</p>
      <Switch>
        <Match when={order()}>
          {(order) => (
            <Told order={order()} record={record()} isCancelling={props.isCancelling} cancel={props.cancel} />
          )}
        </Match>
        <Match when={refusal()}>
          {(refusal) => (
            <p class="fault" role="alert">
              {refusal().status === 404 ? "The venue knows no order with this id." : refusal().message}
            </p>
          )}
        </Match>
      </Switch>
    </section>
  );
}

function Told(props: {
  readonly order: Order;
  readonly record: OrderRecord | null;
  readonly isCancelling: boolean;
  cancel(order: Order): void;
}) {
  const [copied, setCopied] = createSignal("Copy link");
  const copy = async () => {
    // A browser lets a page copy over https and on this machine only.
    const done = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    setCopied(done ? "Copied" : "It is in the address bar");
    setTimeout(() => setCopied("Copy link"), 3_000);
  };
  return (
    <>
      <Scale order={props.order} />
      <ol class="events">
        <For each={events(props.order, zone.value())}>
          {(event) => (
            <li class="event" data-kind={event.kind}>
              <span class="event-what">{event.what}</span>
              <Show when={event.seq !== null}>
                <span class="event-seq mono">#{event.seq}</span>
              </Show>
              <time class="event-time mono">{event.time}</time>
              <Show when={event.note}>
                <span class="event-note">{event.note}</span>
              </Show>
            </li>
          )}
        </For>
      </ol>
      <dl class="facts">
        <dt>Client order id</dt>
        <dd class="mono">{props.record === null ? "…" : (props.record.clientOrderId ?? "none given")}</dd>
        <dt>Idempotency key</dt>
        <dd class="mono">{props.record === null ? "…" : (props.record.idempotencyKey ?? "none given")}</dd>
      </dl>
      <div class="story-acts">
        <button type="button" class="button" onClick={copy}>
          {copied()}
        </button>
        <a class="button" href={`orders/${props.order.id}`} target="_blank" rel="noopener">
          JSON
        </a>
        <Show when={props.order.status === "PENDING"}>
          <button
            type="button"
            class="button danger"
            disabled={props.isCancelling}
            onClick={() => props.cancel(props.order)}
          >
            {props.isCancelling ? "Cancelling…" : "Cancel order"} <kbd aria-hidden="true">x</kbd>
          </button>
        </Show>
      </div>
    </>
  );
}

/** Accepted, due and closed, drawn to scale. */
function Scale(props: { readonly order: Order }) {
  const share = () => {
    const { acceptedUs, dueUs, closedUs } = props.order;
    if (acceptedUs === null || dueUs === null) return null;
    const end = Math.max(dueUs, closedUs ?? dueUs);
    const whole = Math.max(end - acceptedUs, 1);
    return { due: (dueUs - acceptedUs) / whole, closed: closedUs === null ? null : (closedUs - acceptedUs) / whole };
  };
  return (
    <Show when={share()}>
      {(share) => (
        <div class="scale" data-status={props.order.status} aria-hidden="true">
          <span class="scale-run" style={{ width: `${(share().closed ?? 0) * 100}%` }} />
          <span class="scale-due" style={{ left: `${share().due * 100}%` }} />
        </div>
      )}
    </Show>
  );
}

function beginning({ acceptedSeq, acceptedUs, dueUs }: Order): Partial<Order> {
  return { acceptedSeq, acceptedUs, dueUs };
}

function recordIn(answer: Answer<OrderRecord> | undefined): OrderRecord | null {
  return answer?.ok ? answer.value : null;
}

function refusalIn(answer: Answer<OrderRecord> | undefined): Refusal | null {
  return answer === undefined || answer.ok ? null : answer.refusal;
}

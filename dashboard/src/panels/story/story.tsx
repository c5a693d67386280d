// An order's story: all that happened to it, with times and numbers, and who asked for it. What the venue has forgotten is
// told as the page saw it.

import { createEffect, createMemo, For, Match, on, Show, Switch, untrack } from "solid-js";
import { addressOf, here, venueName } from "../../api/here";
import type { OrderRecord } from "../../api/rest";
import { type Look, orderIn } from "../../live/look";
import type { Venue } from "../../live/venue";
import type { Order } from "../../model/change";
import { sizeOf } from "../../model/terms";
import { type Address, linkTo, NOWHERE } from "../../shell/address";
import { zone } from "../../shell/preferences";
import { framesAsWebsocat, getAsCurl, placeAsCurl } from "../commands";
import { type Copyable, CopyButtons } from "../copy";
import { StatusMark } from "../status";
import { ByHand } from "./by_hand";
import { delayInWords, isLong } from "./delay";
import { events, type StoryEvent } from "./events";
import { Scale } from "./scale";
import { TermsOf } from "./terms";

export interface StoryProps {
  readonly id: string;
  readonly venue: Pick<Venue, "look" | "instance" | "readings">;
  readonly address: Address;
  /** Whether a cancellation of the order is on its way. */
  readonly isCancelling: boolean;
  /** Whether it is to be amended at once. */
  readonly amending: boolean;
  close(): void;
  cancel(order: Order): void;
}

/** So much of a venue's id tells it apart in a link. */
const INSTANCE = 8;

export function Story(props: StoryProps) {
  const { venue, address } = props;
  const id = () => props.id.toLowerCase();
  const look = venue.look(id);
  const order = createMemo(() => orderIn(look()));
  /** The venue that the reader looked at when the order was chosen. */
  const begun = createMemo(on(id, () => untrack(venue.instance)));
  const instance = createMemo(() => venue.readings().at(-1)?.venueId?.slice(0, INSTANCE) ?? null);
  const isOfAnother = () => {
    const [linked, here] = [address.place.instance, instance()];
    return linked !== null && here !== null && linked.slice(0, INSTANCE) !== here;
  };
  let heading!: HTMLHeadingElement;
  createEffect(on(id, () => heading.scrollIntoView({ block: "nearest" })));

  return (
    <section class="card story" aria-label="Order story" aria-busy={look().kind === "asking"}>
      <header class="story-head">
        <h2 ref={heading} tabindex={-1}>
          <Show when={order()} fallback={look().kind === "asking" ? <Blank of="EURUSD 1,000" /> : "Order"}>
            {(order) => (
              <>
                <span class="symbol">{order().symbol}</span> {sizeOf(order())}
              </>
            )}
          </Show>
        </h2>
        <Show when={order()}>{(order) => <StatusMark status={order().status} state={order().terms?.state} />}</Show>
        <button type="button" class="button quiet story-close" aria-label="Close the story" onClick={props.close}>
          ✕
        </button>
      </header>
      <p class="story-id mono">{id()}</p>
      <Show when={isOfAnother()}>
        <p class="story-word" role="note">
          This link is of another venue (or of this one before it was started anew).
        </p>
      </Show>
      <Show when={word(look(), venue.instance() !== begun())}>
        {(word) => (
          <p class="story-word" role="alert">
            {word()}
          </p>
        )}
      </Show>
      <Switch>
        <Match when={order()}>
          {(order) => (
            <Told
              order={order()}
              look={look()}
              instance={instance()}
              delays={venue.readings().at(-1)?.info ?? null}
              isCancelling={props.isCancelling}
              amending={props.amending}
              link={(order) => address.link({ order, instance: null })}
              cancel={props.cancel}
            />
          )}
        </Match>
        <Match when={look().kind === "asking"}>
          <Awaited />
        </Match>
      </Switch>
    </section>
  );
}

/** What is to be said of an order that is not simply known. */
function word(look: Look, anew: boolean): string | null {
  switch (look.kind) {
    case "asking":
    case "known":
      return null;
    case "unknown":
      return "The venue knows no order with this id.";
    case "failed":
      return `${look.refusal.message} It is asked again.`;
    case "forgotten":
      return anew
        ? "This venue does not know the order any more: it was started anew. This is what the page saw."
        : "The venue has forgotten it; this is what the page saw.";
  }
}

interface ToldProps {
  readonly order: Order;
  readonly look: Look;
  readonly instance: string | null;
  readonly delays: Parameters<typeof delayInWords>[1];
  readonly isCancelling: boolean;
  readonly amending: boolean;
  link(order: string): string;
  cancel(order: Order): void;
}

function Told(props: ToldProps) {
  const record = (): OrderRecord | null => (props.look.kind === "known" ? props.look.record : null);
  const isPast = () => props.look.kind === "forgotten";
  const told = () =>
    events(props.order, { zone: zone.value(), delay: (us) => delayInWords(us, props.delays), isPast: isPast() });
  /** A name that the venue alone knows is open until it has answered, and lost where it no longer does. */
  const named = (name: string | null | undefined) =>
    name ?? (record() !== null ? "none given" : isPast() ? "not seen" : "…");
  const waits = () => {
    const { acceptedUs, dueUs } = props.order;
    return acceptedUs !== null && dueUs !== null && isLong(dueUs - acceptedUs, props.delays);
  };
  const link = () => linkTo({ ...NOWHERE, venue: venueName(), order: props.order.id, instance: props.instance });
  const whatever: readonly Copyable[] = [
    { name: "id", text: () => props.order.id },
    { name: "link", text: () => location.href.replace(/#.*|$/s, link()) },
    { name: "curl", text: () => getAsCurl(`orders/${props.order.id}`) },
  ];
  const placing: Copyable = { name: "curl that places it", text: () => placeAsCurl(known(), waits()) };
  const frames: Copyable = {
    name: "websocat",
    text: () => framesAsWebsocat(props.order.id, props.order.acceptedSeq),
  };
  const known = () => record() ?? { order: props.order, clientOrderId: null, idempotencyKey: null };
  return (
    <>
      <Scale order={props.order} />
      <Events of={told()} />
      <dl class="facts">
        <dt>Client order id</dt>
        <dd class="mono">{named(record()?.clientOrderId ?? props.order.clientOrderId)}</dd>
        <dt>Idempotency key</dt>
        <dd class="mono">{named(record()?.idempotencyKey)}</dd>
        <dt class="on-paper">Venue</dt>
        <dd class="on-paper mono">
          {addressOf("")}
          {props.instance === null ? "" : ` (${props.instance}…)`}
        </dd>
      </dl>
      <TermsOf order={props.order} isPast={isPast()} amending={props.amending} link={props.link} />
      <Show when={props.order.status === "PENDING" && !isPast()}>
        <ByHand id={props.order.id} />
      </Show>
      <div class="story-acts">
        <Show when={props.order.status === "PENDING" && !isPast()}>
          <button
            type="button"
            class="button danger"
            disabled={props.isCancelling}
            onClick={() => props.cancel(props.order)}
          >
            {props.isCancelling ? "Cancelling…" : "Cancel order"} <kbd aria-hidden="true">x</kbd>
          </button>
        </Show>
        <a class="button" href={here(`orders/${props.order.id}`)} target="_blank" rel="noopener">
          JSON
        </a>
        <button type="button" class="button" onClick={() => print()}>
          Print
        </button>
        <CopyButtons
          label="Copy"
          about={props.order.id}
          of={[...whatever, ...(record() === null ? [] : [placing]), frames]}
        />
      </div>
    </>
  );
}

function Events(props: { readonly of: readonly StoryEvent[] }) {
  return (
    <ol class="events">
      <For each={props.of}>
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
  );
}

/** The shape of a story that is to come, so that nothing jumps when it does. */
function Awaited() {
  return (
    <div class="story-awaited" aria-hidden="true">
      <div class="scale" />
      <ol class="events">
        <For each={["Accepted", "Will execute"]}>
          {(what) => (
            <li class="event">
              <Blank of={what} />
              <span class="event-time mono">
                <Blank of="2026-11-23 08:02:18.410496 UTC" />
              </span>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

function Blank(props: { readonly of: string }) {
  return <span class="blank">{props.of}</span>;
}

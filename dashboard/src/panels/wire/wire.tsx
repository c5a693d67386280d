// The wire: what was sent of the chosen order, to the letter. The frames of its changes as a WebSocket brings them, and
// beside them what REST says of it now.

import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from "solid-js";
import { type Reply, reply } from "../../api/rest";
import { orderIn } from "../../live/look";
import type { Venue } from "../../live/venue";
import { exact } from "../../model/format";
import { readTime } from "../../model/time";
import type { Address } from "../../shell/address";
import { zone } from "../../shell/preferences";
import { framesAsWebsocat, getAsCurl } from "../commands";
import { CopyButtons } from "../copy";
import { type Asked, asText, createFrames, type WireFrame } from "./frames";

export interface WireProps {
  readonly venue: Pick<Venue, "look" | "instance" | "reconnects">;
  readonly address: Address;
}

export function Wire(props: WireProps) {
  return (
    <div class="card wire">
      <Show
        keyed
        when={props.address.place.order?.toLowerCase()}
        fallback={<p class="panel-empty">Choose an order in the list, and what was sent of it is shown here.</p>}
      >
        {(id) => <Sent {...props} id={id} />}
      </Show>
    </div>
  );
}

function Sent(props: WireProps & { readonly id: string }) {
  const { venue, address } = props;
  const look = venue.look(() => props.id);
  /** Where its changes begin: known once the venue or the page has told of it. */
  const asked = createMemo(
    (): Asked | null => {
      const now = look();
      const order = orderIn(now);
      if (order === null && (now.kind === "asking" || now.kind === "failed")) return null;
      return { id: props.id, acceptedSeq: order?.acceptedSeq ?? null };
    },
    null,
    { equals: (one, other) => one?.id === other?.id && one?.acceptedSeq === other?.acceptedSeq },
  );
  const frames = createFrames(asked, () => [venue.instance(), venue.reconnects()]);
  const asksText = () => address.place.wireText;
  const shown = () => (asksText() ? frames().all.filter((frame) => frame.kind === "change") : frames().all);
  const isLost = () => frames().all.some(({ kind }) => kind === "lagged");
  const told = createReply(
    () => props.id,
    () => [frames().all.length, venue.instance()],
  );

  return (
    <>
      <header class="wire-head">
        <h2>
          Wire <span class="mono faint">{props.id}</span>
        </h2>
        <label class="check">
          <input
            type="checkbox"
            checked={asksText()}
            onChange={(event) => address.move({ wireText: event.currentTarget.checked })}
          />
          As text
          <span class="hint">without format=json</span>
        </label>
      </header>
      <div class="wire-sides">
        <section aria-label="Frames">
          <h3>
            WebSocket <span class="wire-state">{STATES[frames().state]}</span>
          </h3>
          <Show when={isLost()}>
            <p class="story-word">The venue no longer holds this order's changes: it says how far back it goes.</p>
          </Show>
          <ol class="wire-frames">
            <For each={shown()}>{(frame) => <Frame frame={frame} asksText={asksText()} />}</For>
          </ol>
          <Show when={frames().state === "open" && shown().length === 0 && !isLost()}>
            <p class="hint">Nothing was sent of it yet.</p>
          </Show>
          <CopyButtons
            label="Copy"
            of={[
              {
                name: "frames",
                text: () =>
                  shown()
                    .map((frame) => written(frame, asksText()))
                    .join("\n"),
              },
              { name: "websocat", text: () => framesAsWebsocat(props.id, asked()?.acceptedSeq ?? null) },
            ]}
          />
        </section>
        <section aria-label="REST">
          <h3>
            GET /orders/… <span class="wire-state">{told()?.status ?? "asking"}</span>
          </h3>
          <pre class="wire-raw mono">{told()?.text ?? "…"}</pre>
          <CopyButtons
            label="Copy"
            of={[
              { name: "reply", text: () => told()?.text ?? "" },
              { name: "curl", text: () => getAsCurl(`orders/${props.id}`) },
            ]}
          />
        </section>
      </div>
    </>
  );
}

const STATES = {
  opening: "opening",
  open: "open: what comes is added",
  refused: "refused, or no answer: tried again",
  closed: "closed by the venue: tried again",
};

function Frame(props: { readonly frame: WireFrame; readonly asksText: boolean }) {
  const time = () => (props.frame.at === null ? "no time" : exact(readTime(props.frame.at), zone.value()));
  return (
    <li class="wire-frame" data-kind={props.frame.kind}>
      <div class="wire-frame-head">
        <time class="mono">{time()}</time>
        <CopyButtons label="" of={[{ name: "frame", text: () => written(props.frame, props.asksText) }]} />
      </div>
      <pre class="wire-raw mono">{written(props.frame, props.asksText)}</pre>
    </li>
  );
}

function written(frame: WireFrame, asksText: boolean): string {
  return asksText ? (asText(frame) ?? "") : frame.raw;
}

/** What REST says of it, asked for again whenever something came. */
function createReply(id: () => string, when: () => unknown) {
  const [told, tell] = createSignal<{ readonly status: string; readonly text: string } | null>(null);
  createEffect(
    on([id, when], ([id]) => {
      let current = true;
      onCleanup(() => {
        current = false;
      });
      void reply(id).then((answer) => {
        if (!current) return;
        tell(answer.ok ? inWords(answer.value) : { status: "no answer", text: answer.refusal.message });
      });
    }),
  );
  return told;
}

function inWords({ status, text }: Reply) {
  return { status: String(status), text };
}

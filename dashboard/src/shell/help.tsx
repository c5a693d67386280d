// The help: what the keys do, and where everything else is.

import { For, Show } from "solid-js";
import { addressOf, here, socketOf } from "../api/here";

const KEYS: readonly (readonly [string, string])[] = [
  ["n, b, s", "new order: the ticket; to buy, to sell"],
  ["↑ ↓", "choose an order in the list, from anywhere"],
  ["Enter", "go on to its story"],
  ["e", "amend or replace the chosen order"],
  ["x", "cancel the chosen order"],
  ["X", "cancel all of its symbol (asks)"],
  ["p", "pause or resume the list"],
  ["/", "search"],
  ["Ctrl K", "find an order, or a command"],
  ["g m, g o, g a, g r, g p", "market, orders, accounts, rules and faults, pulse"],
  ["t m, t h, t d, t n", "let the venue's time go on: by a minute, an hour, a day, to what happens next"],
  ["t f", "freeze the venue's clock, or run it"],
  ["Esc", "out of a field into the list; close"],
  ["?", "this help"],
];

const PLACES: readonly (readonly [string, string])[] = [
  ["/docs", "the REST interface, to read and to try"],
  ["/openapi.json", "the same, for programs"],
  ["/asyncapi.json", "the WebSocket, for programs"],
  ["/metrics", "what the venue counts, for Prometheus"],
  ["/orders", "all orders, as JSON"],
  ["/rejects", "the newest requests that were refused"],
];

/** Where the licences are of what the page is built from; a page under development does not say. */
const licences = document.querySelector<HTMLLinkElement>("link[rel=license]")?.getAttribute("href") ?? null;

export function Help(props: { ref(dialog: HTMLDialogElement): void }) {
  let dialog!: HTMLDialogElement;
  return (
    <dialog
      class="help"
      aria-labelledby="help-title"
      ref={(element) => {
        dialog = element;
        props.ref(element);
      }}
    >
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" class="button quiet" aria-label="Close the help" onClick={() => dialog.close()}>
          ✕
        </button>
      </header>
      <dl>
        <For each={KEYS}>
          {([key, what]) => (
            <>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </>
          )}
        </For>
      </dl>
      <h2>From a terminal</h2>
      <pre tabindex={0}>
        {`curl -d '{"stoks": "EURUSD", "quantity": 5}' \\
  ${addressOf("orders")}
websocat '${socketOf("?format=json")}'`}
      </pre>
      <h2>Elsewhere</h2>
      <dl>
        <For each={PLACES}>
          {([path, what]) => (
            <>
              <dt>
                <a href={here(path.slice(1))}>{path}</a>
              </dt>
              <dd>{what}</dd>
            </>
          )}
        </For>
        <Show when={licences}>
          {(path) => (
            <>
              <dt>
                <a href={path()}>licences</a>
              </dt>
              <dd>of what this page is built from; its charts: TradingView Lightweight Charts™</dd>
            </>
          )}
        </Show>
      </dl>
    </dialog>
  );
}

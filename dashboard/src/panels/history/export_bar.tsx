// Saves what the history is asked for, all of it: its progress, how to stop it, and what came of it.

import { For, Show } from "solid-js";
import { whole } from "../../model/format";
import type { Asked } from "./asking";
import { type Exported, exporter, MOST } from "./export";
import { FORMATS } from "./files";

export function ExportBar(props: { readonly asked: Asked }) {
  const state = () => exporter.state();
  const runs = () => state()?.state === "running";
  return (
    <div class="history-export">
      <span class="hint">Export as filtered</span>
      <For each={FORMATS}>
        {(format) => (
          <button
            type="button"
            class="copy-button"
            disabled={runs()}
            title={`All pages, newest first, at most ${whole(MOST)} orders`}
            onClick={() => exporter.start(props.asked, format)}
          >
            {format}
          </button>
        )}
      </For>
      <Show when={runs()}>
        <span class="hint">{inWords(state())}</span>
      </Show>
      <span role="status" class="hint">
        {runs() ? "" : inWords(state())}
      </span>
      <Show when={runs()}>
        <button type="button" class="link" onClick={() => exporter.stop()}>
          Stop
        </button>
      </Show>
    </div>
  );
}

function inWords(exported: Exported | null): string {
  const count = whole(exported?.orders ?? 0);
  switch (exported?.state) {
    case undefined:
      return "";
    case "running":
      return `${count} orders…`;
    case "saved":
      return `${count} orders saved.`;
    case "full":
      return `The newest ${count} orders saved: a file ends there. Narrow the times for older ones.`;
    case "stopped":
      return `Stopped after ${count} orders: nothing was saved.`;
    case "failed":
      return `Nothing was saved, after ${count} orders: ${exported?.message ?? ""}`;
  }
}

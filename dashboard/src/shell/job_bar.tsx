// How a long piece of work does, in whatever room: its progress, how to stop it, and what came of it.

import { Show } from "solid-js";
import type { Job, Jobs } from "../live/jobs";
import { whole } from "../model/format";

export function JobBar(props: { readonly jobs: Jobs }) {
  const job = () => props.jobs.current();
  return (
    <Show when={job()}>
      {(job) => (
        <p class="job" role="status" data-state={job().state}>
          <Show
            when={job().state === "running"}
            fallback={
              <>
                <span>{result(job())}</span>
                <button
                  type="button"
                  class="button quiet"
                  aria-label="Dismiss the result"
                  onClick={() => props.jobs.dismiss()}
                >
                  ✕
                </button>
              </>
            }
          >
            <span>
              Cancelling: {whole(job().done)} of {whole(job().of)}
            </span>
            <progress aria-label="Cancelling" max={job().of} value={job().done} />
            <button type="button" class="link" onClick={() => props.jobs.stop()}>
              Stop
            </button>
          </Show>
        </p>
      )}
    </Show>
  );
}

/** `380 cancelled, 20 had been closed before.` */
function result({ state, of, done, cancelled, alreadyClosed, failed, refusal }: Job): string {
  const parts = [
    `${whole(cancelled)} cancelled`,
    alreadyClosed > 0 ? `${whole(alreadyClosed)} closed before` : "",
    failed > 0 ? `${whole(failed)} failed (${refusal?.message ?? "no answer"})` : "",
    done < of ? `${whole(of - done)} not tried` : "",
  ];
  const words = { running: "", done: "Done: ", stopped: "Stopped: ", "given up": "Given up: " }[state];
  return words + parts.filter((part) => part !== "").join(", ");
}

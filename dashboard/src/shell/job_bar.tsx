// How a long piece of work does, in whatever room: its progress, how to stop it, and what came of it.

import { Show } from "solid-js";
import type { Job, Jobs } from "../live/jobs";
import { whole } from "../model/format";

export function JobBar(props: { readonly jobs: Jobs }) {
  const job = () => props.jobs.current();
  return (
    <Show when={job()}>
      {(job) => (
        <p class="job" data-state={job().state}>
          {/* There before the result is: so it is told to who hears the page, and the progress is not. */}
          <span role="status">{job().state === "running" ? "" : result(job())}</span>
          <Show
            when={job().state === "running"}
            fallback={
              <button
                type="button"
                class="button quiet"
                aria-label="Dismiss the result"
                onClick={() => props.jobs.dismiss()}
              >
                ✕
              </button>
            }
          >
            <span>
              {DOING[job().kind]}: {whole(job().done)} of {whole(job().of)}
            </span>
            <progress aria-label={DOING[job().kind]} max={job().of} value={job().done} />
            <button type="button" class="link" onClick={() => props.jobs.stop()}>
              Stop
            </button>
          </Show>
        </p>
      )}
    </Show>
  );
}

const DOING = { cancel: "Cancelling", place: "Placing" };

/** `Done: 380 cancelled, 20 closed before`. */
export function result(job: Job): string {
  const { kind, state, of, done, failed, refusal } = job;
  const some = (count: number, what: string) => (count > 0 ? `${whole(count)} ${what}` : "");
  const parts = [
    kind === "cancel" ? `${whole(job.cancelled)} cancelled` : `${whole(job.placed)} placed`,
    some(job.alreadyClosed, "closed before"),
    some(job.placedBefore, "placed before"),
    some(failed, `failed (${refusal?.message ?? "no answer"})`),
    some(of - done, "not tried"),
  ];
  const words = { running: "", done: "Done: ", stopped: "Stopped: ", "given up": "Given up: " }[state];
  return words + parts.filter((part) => part !== "").join(", ");
}

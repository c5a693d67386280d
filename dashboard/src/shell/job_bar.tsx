// How a long piece of work does, in whatever room: its progress, how to stop it, and what came of it.

import { Show } from "solid-js";
import { type Jobs, result } from "../live/jobs";
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

// What came of a ticket: the order that was placed, or had been before; how far many of them are; why nothing was.

import { Match, Show, Switch } from "solid-js";
import type { Placed, Refusal } from "../../api/rest";
import type { Job } from "../../live/jobs";
import { short, whole } from "../../model/format";
import { result } from "../../shell/job_bar";

export interface OutcomeProps {
  readonly placed: Placed | null;
  readonly job: Job | null;
  /** One that is not about a field. */
  readonly refusal: Refusal | null;
  /** Another job runs. */
  readonly busy: boolean;
  /** The link to an order's story. */
  link(order: string): string;
  stop(): void;
}

export function Outcome(props: OutcomeProps) {
  return (
    <div class="ticket-outcome" role="status">
      <Switch>
        <Match when={props.placed}>
          {(placed) => (
            <p>
              {placed().replayed ? "Placed before: this is the first reply, " : "Placed "}
              {placed().order.symbol} {whole(placed().order.quantity)}:{" "}
              <a class="mono" href={props.link(placed().order.id)}>
                {short(placed().order.id)}
              </a>
            </p>
          )}
        </Match>
        <Match when={props.job}>
          {(job) => (
            <Show
              when={job().state === "running"}
              fallback={<p classList={{ fault: job().failed > 0 }}>{result(job())}</p>}
            >
              <p class="ticket-progress">
                <progress aria-label="Placed" max={job().of} value={job().done} />
                <span>
                  {whole(job().done)} of {whole(job().of)}
                </span>
                <button type="button" class="link" onClick={props.stop}>
                  Stop
                </button>
              </p>
            </Show>
          )}
        </Match>
        <Match when={props.busy}>
          <p class="fault">Other work on orders is under way: let it end, or stop it in the foot.</p>
        </Match>
        <Match when={props.refusal}>{(refusal) => <p class="fault">{refusal().message}</p>}</Match>
      </Switch>
    </div>
  );
}

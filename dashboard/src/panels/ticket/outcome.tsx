// What came of a ticket: the order that was placed, or had been before; how far many of them are; why nothing was.

import { Match, Show, Switch } from "solid-js";
import type { Placed, Refusal } from "../../api/rest";
import { type Job, result } from "../../live/jobs";
import { short, whole } from "../../model/format";

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
  const running = () => (props.job?.state === "running" ? props.job : null);
  return (
    <div class="ticket-outcome">
      {/* What came of it is said once; how far it is, is not said with every order. */}
      <Show when={running()}>
        {(job) => (
          <p class="ticket-progress">
            <progress aria-label="Placed" max={job().of} value={job().done} />
            <span>
              {whole(job().done)} of {whole(job().of)}
            </span>
            <button type="button" class="link" onClick={props.stop}>
              Stop
            </button>
          </p>
        )}
      </Show>
      <div role="status">
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
          <Match when={running() === null && props.job}>
            {(job) => <p classList={{ fault: job().failed > 0 }}>{ended(job())}</p>}
          </Match>
          <Match when={props.busy}>
            <p class="fault">Other work on orders is under way: let it end, or stop it in the foot.</p>
          </Match>
          <Match when={props.refusal}>{(refusal) => <p class="fault">{refusal().message}</p>}</Match>
        </Switch>
      </div>
    </div>
  );
}

/** A fault that stands at its field is not told twice. */
function ended(job: Job): string {
  if (job.refusal === null || job.refusal.fields.size === 0) return result(job);
  return job.placed === 0 ? "None was placed." : `${whole(job.placed)} were placed before one was refused.`;
}

// Requests: what was asked of the venue in the last minute, by route and method, and how fast it answered.

import { createMemo, Index, type JSX, Show } from "solid-js";
import { milliseconds, rate, share, UNKNOWN } from "../../figures/format";
import { ratesBetween } from "../../model/rates";
import { Amount, Card, Empty, Mark } from "./card";
import type { CardProps } from "./props";

export function RequestsCard(props: CardProps) {
  const rates = createMemo(() => {
    const [before, now] = [props.before(), props.reading()];
    return before === null || now === null ? null : ratesBetween(before, now);
  });
  const rows = () => rates()?.requests ?? [];
  const perS = () => {
    const all = rates();
    return all === null ? UNKNOWN : rate(all.requests.reduce((sum, request) => sum + request.perS, 0));
  };
  return (
    <Card
      title="Requests"
      span="full"
      figures={<Amount value={perS()} unit="/s" />}
      note={covered(rates()?.seconds)}
      asOf={props.asOf()}
    >
      <Show
        when={rows().length > 0}
        fallback={
          <Empty>
            {rates() === null ? "Rates follow with the second reading of the venue's metrics." : "No request yet."}
          </Empty>
        }
      >
        <table class="pulse-table">
          <thead>
            <tr>
              <th scope="col">Route</th>
              <th scope="col">Method</th>
              <th scope="col">Per second</th>
              <th scope="col">
                p50 <span class="pulse-unit">ms</span>
              </th>
              <th scope="col">
                p99 <span class="pulse-unit">ms</span>
              </th>
              <th scope="col">Errors</th>
            </tr>
          </thead>
          <tbody>
            <Index each={rows()}>
              {(row) => (
                <tr classList={{ "pulse-idle": row().count === 0 }}>
                  <th scope="row">{breakable(row().route)}</th>
                  <td>{row().method}</td>
                  <td>{rate(row().perS)}</td>
                  <td>{milliseconds(row().p50S)}</td>
                  <td>{milliseconds(row().p99S)}</td>
                  <td classList={{ "pulse-bad": (row().errors ?? 0) > 0 }}>
                    <Show when={(row().errors ?? 0) > 0}>
                      <Mark />
                    </Show>
                    {share(row().errors)}
                  </td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </Show>
    </Card>
  );
}

/** A route that breaks, if it must, before a slash. */
export function breakable(route: string): JSX.Element[] {
  return route.split(/(?=\/)/).flatMap((part) => [<wbr />, part]);
}

function covered(seconds: number | undefined): string {
  if (seconds === undefined) return "By route and method";
  return `By route and method, over the last ${seconds >= 55 && seconds <= 65 ? "minute" : `${Math.round(seconds)} s`}`;
}

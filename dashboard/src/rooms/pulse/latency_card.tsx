// Latency as a client sees it: how long this page's own requests took, and its orders to come back over the WebSocket,
// beside what the venue counted of the same routes, whoever asked.

import { createMemo, Index, Show } from "solid-js";
import { count, duration, UNKNOWN, written } from "../../figures/format";
import { ON_SOCKET, type RouteLatency } from "../../model/latency";
import { ratesBetween } from "../../model/rates";
import { Amount, Card, Empty } from "./card";
import type { CardProps } from "./props";
import { breakable } from "./requests_card";
import { isSlowed } from "./venue_card";

export function LatencyCard(props: CardProps) {
  const rows = createMemo(() => {
    props.beat();
    return props.latencies.told(performance.now());
  });
  const all = createMemo(() => {
    props.beat();
    return props.latencies.requests(performance.now());
  });
  const venue = createMemo(() => {
    const [before, now] = [props.before(), props.reading()];
    const requests = before === null || now === null ? [] : (ratesBetween(before, now)?.requests ?? []);
    return new Map(requests.map((request) => [`${request.method} ${request.route}`, request]));
  });
  const covered = () => {
    props.beat();
    const seconds = props.latencies.coveredS(performance.now());
    return seconds >= 300 ? "five minutes" : `the last ${Math.round(seconds)} s`;
  };
  const counted = ({ route }: RouteLatency, of: "p50S" | "p99S") => {
    const s = venue().get(route)?.[of] ?? null;
    return s === null ? UNKNOWN : written(s * 1e6);
  };
  return (
    <Card
      title="Latency, as this page sees it"
      span="half"
      figures={
        <>
          <Amount {...duration(inUs(all()?.p50))} />
          <span class="pulse-plusminus">·</span>
          <Amount {...duration(inUs(all()?.p99))} bad={isSlowed(props.reading()?.info) ? "slowed" : undefined} />
        </>
      }
      note={`p50 · p99 of its requests, over ${covered()}`}
      asOf={props.asOf()}
    >
      <Show when={rows().length > 0} fallback={<Empty>No request of this page was answered yet.</Empty>}>
        <div class="pulse-scroll">
          <table class="pulse-table pulse-latency">
            <thead>
              <tr>
                <td />
                <th scope="colgroup" colspan="3">
                  This page
                </th>
                <th scope="colgroup" colspan="2">
                  The venue
                </th>
              </tr>
              <tr>
                <th scope="col">Request</th>
                <th scope="col">p50</th>
                <th scope="col">p99</th>
                <th scope="col">max</th>
                <th scope="col">p50</th>
                <th scope="col">p99</th>
              </tr>
            </thead>
            <tbody>
              <Index each={rows()}>
                {(row) => (
                  <tr>
                    <th scope="row">
                      {row().route === ON_SOCKET ? "order → its WebSocket frame" : breakable(row().route)}{" "}
                      <span class="pulse-times">×{count(row().count)}</span>
                    </th>
                    <td>{written(row().p50 * 1e3)}</td>
                    <td>{written(row().p99 * 1e3)}</td>
                    <td>{written(row().max * 1e3)}</td>
                    <td>{counted(row(), "p50S")}</td>
                    <td>{counted(row(), "p99S")}</td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
        </div>
        <p class="pulse-aside">
          The venue's are its own, of everybody's requests in the last minute. What is above them is the way between.
        </p>
      </Show>
    </Card>
  );
}

function inUs(ms: number | undefined): number | null {
  return ms === undefined ? null : ms * 1e3;
}

// Orders per second: accepted, executed and cancelled over five minutes. Each second is drawn as the average of the five
// that end with it: a single order is no peak, and a few of them are no fence.

import { createMemo, createSignal, Show } from "solid-js";
import { rate } from "../../figures/format";
import { FEWER, smoothed } from "../../figures/smoothed";
import { WINDOW_S } from "../../model/pulse";
import { Amount, Card, Empty, Keys } from "./card";
import type { Look } from "./look";
import { agoAxis, line, PADDING, Plot, type PlotOptions, yAxis } from "./plot";
import type { PulseProps } from "./props";

const POINTS = WINDOW_S - FEWER;
const AGES = Array.from({ length: POINTS }, (_, at) => at - POINTS + 1);

export function OrdersCard(props: PulseProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const series = createMemo(() => {
    props.beat();
    const { accepted, executed, cancelled } = props.pulse.orders(props.nowUs());
    return { accepted: smoothed(accepted), executed: smoothed(executed), cancelled: smoothed(cancelled) };
  });
  const minute = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 60);
  });
  const any = () =>
    [series().accepted, series().executed, series().cancelled].some((of) => of.some((n) => (n ?? 0) > 0));
  const at = () => pointed() ?? POINTS - 1;
  const figure = (of: (number | null)[]) => rate(of[at()] ?? 0);
  const label = () => {
    const { accepted, executed, cancelled } = series();
    const last = (of: (number | null)[]) => rate(of.at(-1) ?? 0);
    return `Orders per second over the last five minutes. Now ${last(accepted)} accepted, ${last(executed)} executed and ${last(cancelled)} cancelled; over the last minute ${rate(minute().ordersPerS)} accepted.`;
  };
  return (
    <Card
      title="Orders per second"
      span="half"
      figures={<Amount value={rate(minute().ordersPerS)} unit="/s" />}
      note="Accepted, last minute. Lines average 5 s"
    >
      <Show when={any()} fallback={<Empty>No order was accepted in the last five minutes.</Empty>}>
        <Keys
          keys={[
            { kind: "accepted", name: "accepted", value: figure(series().accepted) },
            { kind: "executed", name: "executed", value: figure(series().executed) },
            { kind: "cancelled", name: "cancelled", value: figure(series().cancelled) },
          ]}
          at={pointed() === null ? "" : ago(-(AGES[at()] ?? 0))}
        />
        <Plot
          label={label()}
          data={[AGES, series().accepted, series().executed, series().cancelled]}
          options={options}
          onPoint={setPointed}
        />
      </Show>
    </Card>
  );
}

/** How long ago the pointer is. */
export function ago(seconds: number): string {
  return `−${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}

function options(look: Look): PlotOptions {
  return {
    padding: PADDING,
    scales: { x: { time: false, range: [-WINDOW_S, 0] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [agoAxis(look), yAxis(look, { values: (_, splits) => splits.map((split) => split.toLocaleString("en")) })],
    series: [
      {},
      line(look.colour("--plot-3"), { fill: look.colour("--plot-3", 9) }),
      line(look.colour("--plot-1")),
      line(look.colour("--plot-4")),
    ],
  };
}

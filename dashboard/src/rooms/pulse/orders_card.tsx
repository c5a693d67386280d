// Orders per second: accepted, executed and cancelled, second by second over five minutes.

import { createMemo, createSignal, Show } from "solid-js";
import type uPlot from "uplot";
import { WINDOW_S } from "../../model/pulse";
import { Amount, Card, Empty, Keys } from "./card";
import { count, counted, rate } from "./format";
import type { Look } from "./look";
import { agoAxis, line, Plot, type PlotOptions, yAxis } from "./plot";
import type { PulseProps } from "./props";

const AGES = Array.from({ length: WINDOW_S }, (_, at) => at - WINDOW_S + 1);

export function OrdersCard(props: PulseProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const series = createMemo(() => {
    props.beat();
    return props.pulse.orders(props.nowUs());
  });
  const minute = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 60);
  });
  const any = () => [series().accepted, series().executed, series().cancelled].some((of) => of.some((n) => n > 0));
  const at = () => pointed() ?? WINDOW_S - 1;
  const figure = (of: number[]) => rate(of[at()] ?? 0);
  const label = () => {
    const { accepted, executed, cancelled } = series();
    const last = (of: number[]) => of.at(-1) ?? 0;
    return `Orders per second over the last five minutes. In the last second ${counted(last(accepted), "order")} accepted, ${last(executed)} executed and ${last(cancelled)} cancelled; ${rate(minute().ordersPerS)} per second over the last minute.`;
  };
  return (
    <Card
      title="Orders per second"
      span="half"
      figures={<Amount value={rate(minute().ordersPerS)} unit="/s" />}
      note="accepted, over the last minute"
    >
      <Show when={any()} fallback={<Empty>No order was accepted in the last five minutes.</Empty>}>
        <Keys
          keys={[
            { kind: "accepted", name: "accepted", value: figure(series().accepted) },
            { kind: "executed", name: "executed", value: figure(series().executed) },
            { kind: "cancelled", name: "cancelled", value: figure(series().cancelled) },
          ]}
          at={ago(pointed() === null ? null : -(AGES[at()] ?? 0))}
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

/** How long ago the pointer is; nothing where it is nowhere. */
export function ago(seconds: number | null): string {
  if (seconds === null) return "";
  return `−${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}

function options(look: Look): PlotOptions {
  return {
    padding: [8, 14, 0, 0],
    scales: { x: { time: false, range: [-WINDOW_S, 0] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [agoAxis(look), yAxis(look, { values: wholes })],
    series: [
      {},
      line(look.colour("--plot-3"), { fill: look.colour("--plot-3", 9) }),
      line(look.colour("--plot-1")),
      line(look.colour("--plot-4")),
    ],
  };
}

/** Whole numbers only: there is no half an order. */
function wholes(_: uPlot, splits: number[]): string[] {
  return splits.map((split) => (split % 1 === 0 ? count(split) : ""));
}

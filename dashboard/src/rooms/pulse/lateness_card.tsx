// Lateness: how long after its due time an order was executed, over time; on a logarithmic axis, because what matters is
// how many times as late.

import { createMemo, createSignal, Show } from "solid-js";
import type uPlot from "uplot";
import { WINDOW_S } from "../../model/pulse";
import { Amount, Card, Empty, Keys } from "./card";
import { duration, spoken } from "./format";
import type { Look } from "./look";
import { ago } from "./orders_card";
import { agoAxis, line, Plot, type PlotOptions, yAxis } from "./plot";
import type { PulseProps } from "./props";

/** How many seconds a point stands for: enough orders for a 99th percentile to mean something. */
const STEP_S = 5;

export function LatenessCard(props: PulseProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const series = createMemo(() => {
    props.beat();
    return props.pulse.lateness(props.nowUs(), STEP_S);
  });
  const minute = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 60);
  });
  const data = createMemo((): uPlot.AlignedData => {
    const { agesS, p50Us, p99Us } = series();
    return [agesS.map((age) => -age), p50Us.map(inMs), p99Us.map(inMs)];
  });
  const newest = () => series().p50Us.findLastIndex((point) => point !== null);
  const figure = (of: (number | null)[]) => spoken(of[pointed() ?? newest()] ?? null);
  const label = () =>
    `Lateness over the last five minutes, in points of ${STEP_S} seconds. Over the last minute half of the orders were executed within ${spoken(minute().lateP50Us)} of their due time, and 99 of 100 within ${spoken(minute().lateP99Us)}.`;
  return (
    <Card
      title="Lateness"
      span="half"
      figures={<Amount {...duration(minute().lateP99Us)} />}
      note="99th percentile, over the last minute"
    >
      <Show when={newest() >= 0} fallback={<Empty>No order was executed in the last five minutes.</Empty>}>
        <Keys
          keys={[
            { kind: "middle", name: "p50", value: figure(series().p50Us) },
            { kind: "tail", name: "p99", value: figure(series().p99Us) },
          ]}
          at={ago(pointed() === null ? null : (series().agesS[pointed() ?? 0] ?? 0))}
        />
        <Plot label={label()} data={data()} options={options} onPoint={setPointed} />
      </Show>
    </Card>
  );
}

/** A logarithm has no zero: what is on time is drawn as a microsecond late. */
function inMs(us: number | null): number | null {
  return us === null ? null : Math.max(us, 1) / 1e3;
}

function options(look: Look): PlotOptions {
  return {
    padding: [8, 14, 0, 0],
    scales: { x: { time: false, range: [-WINDOW_S, 0] }, y: { distr: 3, range: (_, min, max) => decades(min, max) } },
    axes: [
      agoAxis(look),
      yAxis(look, {
        splits: (_, __, min, max) => ticks(min, max),
        values: (_, splits) => splits.map((ms) => spoken(ms * 1e3)),
        filter: (_, splits) => splits,
      }),
    ],
    series: [
      {},
      line(look.colour("--plot-3"), { spanGaps: true }),
      line(look.colour("--plot-2"), { spanGaps: true, fill: look.colour("--plot-2", 7) }),
    ],
  };
}

/** Whole powers of ten around the data, at least two of them. */
function decades(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0.1, 10];
  const from = Math.floor(Math.log10(min));
  const to = Math.max(from + 2, Math.ceil(Math.log10(max)));
  return [10 ** from, 10 ** to];
}

function ticks(min: number, max: number): number[] {
  const first = Math.round(Math.log10(min));
  return Array.from({ length: Math.round(Math.log10(max)) - first + 1 }, (_, at) => 10 ** (first + at));
}

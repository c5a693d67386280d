// Lateness: how long after its due time an order was executed, over time; on a logarithmic axis, because what matters is
// how many times as late.

import { createMemo, createSignal, Show } from "solid-js";
import type uPlot from "uplot";
import { duration, spoken, written } from "../../figures/format";
import { WINDOW_S } from "../../model/pulse";
import { Amount, Card, Empty, Keys } from "./card";
import type { Look } from "./look";
import { ago } from "./orders_card";
import { agoAxis, line, PADDING, Plot, type PlotOptions, yAxis } from "./plot";
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
  const figure = (of: (number | null)[]) => written(of[pointed() ?? newest()] ?? null);
  const pointedAt = () => {
    const point = pointed();
    return point === null ? "" : ago(series().agesS[point] ?? 0);
  };
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
          at={pointedAt()}
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
    padding: PADDING,
    scales: { x: { time: false, range: [-WINDOW_S, 0] }, y: { distr: 3, range: (_, min, max) => bounds(min, max) } },
    axes: [
      agoAxis(look),
      yAxis(look, {
        splits: (_, __, min, max) => ticks(min, max),
        values: (_, splits) => splits.map((ms) => spoken(ms * 1e3)),
        filter: (_, splits) => splits,
      }),
    ],
    series: [{}, line(look.colour("--plot-3"), { spanGaps: true }), line(look.colour("--plot-2"), { spanGaps: true })],
  };
}

/** Bounds of 1, 2 or 5 times a power of ten around the data, wide enough that the axis has labels. */
function bounds(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0.1, 10];
  const from = steps(min / 10, min).at(-1) ?? min;
  const to = steps(max, max * 10)[0] ?? max;
  return [from, Math.max(to, from * 20)];
}

function ticks(min: number, max: number): number[] {
  const all = steps(min, max);
  return all.length <= 5 ? all : all.filter((ms) => Math.abs(Math.log10(ms) % 1) < 1e-9);
}

/** All of 1, 2, 5, 10, 20 … from `min` to `max`, be they ever so little off. */
function steps(min: number, max: number): number[] {
  const powers = Array.from({ length: 16 }, (_, at) => 10 ** (at - 5));
  return powers
    .flatMap((power) => [power, power * 2, power * 5])
    .filter((ms) => ms >= min * (1 - 1e-9) && ms <= max * (1 + 1e-9));
}

// Lateness: how long after its due time an order was executed, over time; on a logarithmic axis, because what matters is
// how many times as late.

import { createMemo, createSignal, Show } from "solid-js";
import type uPlot from "uplot";
import { duration, spoken, written } from "../../figures/format";
import { line, PADDING, Plot, type PlotOptions, yAxis } from "../../figures/plot";
import type { Look } from "../../figures/plot_look";
import { timeAxis, when } from "../../figures/plot_times";
import { zoneName } from "../../model/format";
import { spanInWords } from "../../model/span";
import { zone } from "../../shell/preferences";
import { Amount, Card, Empty, Keys } from "./card";
import { steps as inWords } from "./orders_card";
import type { CardProps } from "./props";

/** How many seconds a point stands for at least: enough orders for a 99th percentile to mean something. */
const STEP_S = 5;

export function LatenessCard(props: CardProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const stepS = () => Math.max(STEP_S, props.span().stepS);
  const series = createMemo(() => {
    props.beat();
    return props.pulse.steps(props.nowUs(), stepS(), props.span().seconds);
  });
  const minute = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 60);
  });
  const data = createMemo(() => {
    const { endsS, heard, p50Us, p99Us } = series();
    // Where nothing was executed the line goes on; where the venue was not heard there is a gap.
    const points = (us: (number | null)[]) =>
      us.map((late, at) => (late === null && heard[at] ? undefined : inMs(late)));
    return [endsS, points(p50Us), points(p99Us)] as uPlot.AlignedData;
  });
  const newest = () => series().p50Us.findLastIndex((point) => point !== null);
  const figure = (of: (number | null)[]) => written(of[pointed() ?? newest()] ?? null);
  const pointedAt = () => {
    const endS = series().endsS[pointed() ?? -1];
    return endS === undefined ? "" : when(endS, zone.value());
  };
  const label = () =>
    `Lateness over ${spanInWords(props.span())}, in points of ${inWords(stepS())}. Over the last minute half of the orders were executed within ${spoken(minute().lateP50Us)} of their due time, and 99 of 100 within ${spoken(minute().lateP99Us)}.`;
  return (
    <Card
      title="Lateness"
      span="half"
      figures={<Amount {...duration(minute().lateP99Us)} bad={props.marks().late} />}
      note={`99th percentile, last minute. Points of ${inWords(stepS())}`}
      asOf={props.asOf()}
    >
      <Show when={newest() >= 0} fallback={<Empty>No order was executed in {spanInWords(props.span())}.</Empty>}>
        <Keys
          keys={[
            { kind: "middle", name: "p50", value: figure(series().p50Us) },
            { kind: "tail", name: "p99", value: figure(series().p99Us) },
          ]}
          at={pointedAt()}
        />
        <Plot
          label={label()}
          data={data()}
          options={(look) => options(look, props.span().seconds)}
          onPoint={setPointed}
          zone={zoneName(zone.value(), props.nowUs())}
        />
      </Show>
    </Card>
  );
}

/** A logarithm has no zero: what is on time is drawn as a microsecond late. */
function inMs(us: number | null): number | null {
  return us === null ? null : Math.max(us, 1) / 1e3;
}

function options(look: Look, seconds: number): PlotOptions {
  return {
    padding: PADDING,
    scales: {
      x: { time: false, range: (_, __, max) => [max - seconds, max] },
      y: { distr: 3, range: (_, min, max) => bounds(min, max) },
    },
    axes: [
      timeAxis(look, zone.value()),
      yAxis(look, {
        splits: (_, __, min, max) => ticks(min, max),
        values: (_, splits) => splits.map((ms) => spoken(ms * 1e3)),
        filter: (_, splits) => splits,
      }),
    ],
    series: [{}, line(look, "--plot-3", "solid"), line(look, "--plot-2", "dashed")],
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

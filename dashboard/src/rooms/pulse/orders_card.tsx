// Orders per second: accepted, executed and cancelled. Over five minutes each second is drawn as the average of the five
// that end with it: a single order is no peak, and a few of them are no fence. Beyond that a point is a step's average.

import { createMemo, createSignal, Show } from "solid-js";
import { rate } from "../../figures/format";
import { line, PADDING, Plot, type PlotOptions, yAxis } from "../../figures/plot";
import type { Look } from "../../figures/plot_look";
import { timeAxis, when } from "../../figures/plot_times";
import { FEWER, smoothed } from "../../figures/smoothed";
import { zoneName } from "../../model/format";
import { spanInWords } from "../../model/span";
import { zone } from "../../shell/preferences";
import { Amount, Card, Empty, Keys } from "./card";
import type { CardProps } from "./props";

/** What a point stands for, for the note. */
export function steps(stepS: number): string {
  return stepS < 60 ? `${stepS} s` : `${stepS / 60} min`;
}

export function OrdersCard(props: CardProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const series = createMemo(() => {
    props.beat();
    const { seconds, stepS } = props.span();
    if (stepS > 1) return props.pulse.steps(props.nowUs(), stepS, seconds);
    const { newestS, accepted, executed, cancelled } = props.pulse.orders(props.nowUs(), seconds);
    const all = [accepted, executed, cancelled].flat();
    return {
      counted: all.reduce((sum: number, count) => sum + (count ?? 0), 0),
      endsS: Array.from({ length: seconds - FEWER }, (_, at) => newestS + 2 + at - (seconds - FEWER)),
      accepted: smoothed(accepted),
      executed: smoothed(executed),
      cancelled: smoothed(cancelled),
    };
  });
  const minute = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 60);
  });
  const gaps = () => series().accepted.some((point, at, all) => point === null && all.slice(0, at).some(isKnown));
  const at = () => pointed() ?? series().endsS.length - 1;
  const figure = (of: (number | null)[]) => rate(of[at()]);
  const label = () => {
    const { accepted, executed, cancelled } = series();
    const now = [accepted, executed, cancelled].map((of) => rate(of.at(-1)));
    const gap = gaps() ? " A gap is where the venue was not heard." : "";
    return `Orders per second over ${spanInWords(props.span())}. Now ${now[0]} accepted, ${now[1]} executed and ${now[2]} cancelled; over the last minute ${rate(minute().ordersPerS)} accepted.${gap}`;
  };
  const pointedAt = () => {
    const point = pointed();
    const endS = point === null ? undefined : series().endsS[point];
    if (point === null || endS === undefined) return gaps() ? "gap: not heard" : "";
    return `${when(endS, zone.value())}${series().accepted[point] === null ? ", not heard" : ""}`;
  };
  return (
    <Card
      title="Orders per second"
      span="half"
      figures={<Amount value={rate(minute().ordersPerS)} unit="/s" />}
      note={`Accepted, last minute. Lines average ${steps(props.span().stepS === 1 ? 5 : props.span().stepS)}`}
      asOf={props.asOf()}
    >
      <Show when={series().counted > 0} fallback={<Empty>No order was seen in {spanInWords(props.span())}.</Empty>}>
        <Keys
          keys={[
            { kind: "accepted", name: "accepted", value: figure(series().accepted) },
            { kind: "executed", name: "executed", value: figure(series().executed) },
            { kind: "cancelled", name: "cancelled", value: figure(series().cancelled) },
          ]}
          at={pointedAt()}
        />
        <Plot
          label={label()}
          data={[series().endsS, series().accepted, series().executed, series().cancelled]}
          options={(look) => options(look, props.span().seconds)}
          onPoint={setPointed}
          zone={zoneName(zone.value(), props.nowUs())}
        />
      </Show>
    </Card>
  );
}

function isKnown(point: number | null): boolean {
  return point !== null;
}

function options(look: Look, seconds: number): PlotOptions {
  return {
    padding: PADDING,
    scales: {
      x: { time: false, range: (_, __, max) => [max - seconds, max] },
      y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.1)] },
    },
    axes: [
      timeAxis(look, zone.value()),
      yAxis(look, { values: (_, splits) => splits.map((split) => split.toLocaleString("en")) }),
    ],
    series: [
      {},
      line(look, "--plot-3", "solid", { fill: look.colour("--plot-3", 9) }),
      line(look, "--plot-1", "dashed"),
      line(look, "--plot-4", "dotted"),
    ],
  };
}

// Execution delay: how long the orders of the last five minutes waited, against how long they were to wait.

import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type uPlot from "uplot";
import { counted, duration, modelInBrief, modelInWords, share, spoken, written } from "../../figures/format";
import { line, PADDING, Plot, type PlotOptions, xAxis, yAxis } from "../../figures/plot";
import type { Look } from "../../figures/plot_look";
import { type PlotBins, plotBins } from "../../model/delay_bins";
import { type Delays, expectedIn, likelyLongShare } from "../../model/delay_mixture";
import { type DelayModel, deviationUs, meanUs, plotRangeUs, readDelayModel } from "../../model/delay_model";
import { Amount, Card, Empty, Keys } from "./card";
import { steps } from "./paths";
import type { CardProps } from "./props";

export function DelayCard(props: CardProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const delay = createMemo(() => props.reading()?.info?.delay ?? "");
  const longDelay = createMemo(() => props.reading()?.info?.longDelay ?? "");
  const model = createMemo(() => readDelayModel(delay()));
  /** Where the long delay is not understood, all orders are taken for usual ones. */
  const delays = createMemo((): Delays | null => {
    const [usual, long] = [model(), readDelayModel(longDelay())];
    return usual === null ? null : { usual, long: long ?? usual };
  });
  const told = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 300);
  });
  /** Two delays that overlap: what is counted is of both. */
  const mixed = () => (told().mixture && delay() !== longDelay() ? delays() : null);
  // Where the venue does not tell its model, the plot goes at least as far as all but the slowest fiftieth.
  const rangeUs = createMemo(() => {
    const both = mixed();
    if (both !== null) return Math.max(plotRangeUs(both.usual), plotRangeUs(both.long));
    const known = model();
    if (known !== null) return plotRangeUs(known);
    props.beat();
    return roundedUp(props.pulse.delayReachUs(props.nowUs(), 0.98) ?? 0);
  });
  const bins = createMemo(() => plotBins(rangeUs()), undefined, {
    equals: (one, other) => one.widthUs === other.widthUs && one.count === other.count,
  });
  const histogram = createMemo(() => {
    props.beat();
    return props.pulse.delays(props.nowUs(), bins());
  });
  const longShare = createMemo(() => {
    const [both, { counts, beyond }] = [mixed(), histogram()];
    return both === null ? 0 : likelyLongShare(both, counts, beyond, bins());
  });
  const data = createMemo((): uPlot.AlignedData => {
    const { widthUs, count } = bins();
    const { counts, within } = histogram();
    const known = delays();
    return [
      Array.from({ length: count + 1 }, (_, bin) => (bin * widthUs) / 1e3),
      [...counts.map((orders) => (within === 0 ? 0 : (orders / within) * 100)), null],
      known === null ? new Array<null>(count + 1).fill(null) : expected(known, longShare(), bins()),
    ];
  });
  const reach = () => bins().widthUs * bins().count;
  const beyond = () => {
    const { beyond } = histogram();
    return beyond === 0 ? "" : `${counted(beyond, "order")} beyond ${spoken(reach())}`;
  };
  const long = () => {
    const { count, averageUs } = told().long;
    return count === 0 ? "" : `and ${counted(count, "long pending", "long pending")}: ${written(averageUs)}`;
  };
  const label = () => {
    const known = model();
    const against = known === null ? "" : ` Configured: ${modelInWords(known)}.`;
    const mixture = mixed() === null ? "" : ` ${mixtureInWords(longShare())}`;
    const more = [long(), beyond()].filter((words) => words !== "").map((words) => ` ${words}.`);
    return `Execution delay over the last five minutes: ${spoken(told().averageUs)} on average, standard deviation ${spoken(told().deviationUs)}.${against}${mixture}${more.join("")}`;
  };
  const pointedAt = () => {
    const bin = pointed();
    if (bin === null || bin >= bins().count) return "";
    return `${spoken(bin * bins().widthUs)} to ${spoken((bin + 1) * bins().widthUs)}`;
  };
  const shareAt = (series: 1 | 2) => {
    const bin = pointed();
    const part = bin === null ? null : data()[series]?.[bin];
    return part === null || part === undefined ? undefined : share(part / 100);
  };
  const executed = () => histogram().within + histogram().beyond;
  return (
    <Card
      title="Execution delay"
      span="half"
      figures={
        <>
          <Amount {...duration(told().averageUs)} />
          <Show when={told().deviationUs !== null}>
            <span class="pulse-plusminus">±</span>
            <Amount {...duration(told().deviationUs)} />
          </Show>
        </>
      }
      note={
        <>
          <Show when={model()} fallback="Average and standard deviation, over five minutes">
            {(known) => <>{configured(known(), mixed())}</>}
          </Show>
          <Show when={long() !== ""}>
            {" · "}
            <span class="pulse-long">{long()}</span>
          </Show>
        </>
      }
      asOf={props.asOf()}
    >
      <Show
        when={executed() > 0}
        fallback={
          <Empty>
            {told().long.count > 0
              ? "Only long-pending orders were executed in the last five minutes."
              : "No order was executed in the last five minutes."}
          </Empty>
        }
      >
        <Keys
          keys={[
            keyed("bars", "executed orders", shareAt(1)),
            ...(model() === null ? [] : [keyed("model", mixed() ? "expected of both" : "configured", curveFigure())]),
          ]}
          at={pointedAt() || beyond()}
        />
        <Plot label={label()} data={data()} options={(look) => options(look, reach())} onPoint={setPointed} />
        <Show when={mixed()}>
          <p class="pulse-aside">{mixtureInWords(longShare())}</p>
        </Show>
      </Show>
    </Card>
  );

  function curveFigure(): string | undefined {
    return shareAt(2) ?? (mixed() === null ? spreadInWords(model()) : undefined);
  }
}

function configured(model: DelayModel, mixed: Delays | null): JSX.Element {
  const usual = `Configured: ${modelInWords(model)}`;
  return mixed === null ? usual : `${usual}; long pending: ${modelInBrief(mixed.long)}`;
}

function mixtureInWords(longShare: number): string {
  const part = longShare === 0 ? "none" : `about ${share(longShare)}`;
  return `The two delays overlap, so an order does not tell which it had: the curve is of both, ${part} of the orders long pending.`;
}

/** To 1, 2 or 5 times a power of ten: a range that does not wander. */
function roundedUp(us: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, us)));
  return power * ([1, 2, 5].find((step) => power * step >= us) ?? 10);
}

function keyed(kind: "bars" | "model", name: string, value: string | undefined) {
  return value === undefined ? { kind, name } : { kind, name, value };
}

function spreadInWords(model: DelayModel | null): string | undefined {
  if (model === null || model.kind === "none" || model.kind === "fixed") return undefined;
  return `${spoken(meanUs(model))} ± ${spoken(deviationUs(model))}`;
}

/** The percentage expected in each bin, of what is expected in all of them; and the end of the last. */
function expected(delays: Delays, longShare: number, bins: PlotBins): number[] {
  const parts = expectedIn(delays, longShare, bins);
  const all = parts.reduce((sum, part) => sum + part, 0);
  return [...parts.map((part) => (all === 0 ? 0 : (part / all) * 100)), 0];
}

function options(look: Look, reachUs: number): PlotOptions {
  return {
    padding: PADDING,
    scales: {
      x: { time: false, range: [0, reachUs / 1e3] },
      y: { range: (_, __, max) => [0, Math.min(100, Math.max(max * 1.12, 1))] },
    },
    axes: [
      xAxis(look, { space: 70, values: (_, splits) => splits.map((ms) => (ms === 0 ? "0" : spoken(ms * 1e3))) }),
      yAxis(look, { values: (_, splits) => splits.map((percent) => `${percent} %`) }),
    ],
    series: [
      {},
      {
        fill: look.colour("--plot-1", look.dashed ? 60 : 38),
        width: 0,
        points: { show: false },
        paths: steps.bars,
      },
      line(look, "--plot-2", "dashed", { paths: steps.line, points: { show: false } }),
    ],
  };
}

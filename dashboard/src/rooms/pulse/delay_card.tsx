// Execution delay: how long the orders of the last five minutes waited, against how long they were to wait.

import { createMemo, createSignal, Show } from "solid-js";
import type uPlot from "uplot";
import { counted, duration, modelInWords, share, spoken } from "../../figures/format";
import { plotBins } from "../../model/delay_bins";
import {
  type DelayModel,
  deviationUs,
  expectedShare,
  meanUs,
  plotRangeUs,
  readDelayModel,
} from "../../model/delay_model";
import { Amount, Card, Empty, Keys } from "./card";
import type { Look } from "./look";
import { steps } from "./paths";
import { line, PADDING, Plot, type PlotOptions, xAxis, yAxis } from "./plot";
import type { PulseProps } from "./props";

export function DelayCard(props: PulseProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const configured = createMemo(() => props.reading()?.info?.delay ?? "");
  const model = createMemo(() => readDelayModel(configured()));
  const told = createMemo(() => {
    props.beat();
    return props.pulse.totals(props.nowUs(), 300);
  });
  // Where the venue does not tell its model, the plot goes at least as far as all but the slowest fiftieth.
  const rangeUs = createMemo(() => {
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
  const data = createMemo((): uPlot.AlignedData => {
    const { widthUs, count } = bins();
    const { counts, within } = histogram();
    const known = model();
    return [
      Array.from({ length: count + 1 }, (_, bin) => (bin * widthUs) / 1e3),
      [...counts.map((orders) => (within === 0 ? 0 : (orders / within) * 100)), null],
      known === null ? new Array<null>(count + 1).fill(null) : expected(known, widthUs, count),
    ];
  });
  const reach = () => bins().widthUs * bins().count;
  const beyond = () => {
    const { beyond } = histogram();
    return beyond === 0 ? "" : `${counted(beyond, "order")} beyond ${spoken(reach())}`;
  };
  const label = () => {
    const known = model();
    const against = known === null ? "" : ` Configured: ${modelInWords(known)}.`;
    const far = beyond() === "" ? "" : ` ${beyond()}.`;
    return `Execution delay over the last five minutes: ${spoken(told().averageUs)} on average, standard deviation ${spoken(told().deviationUs)}.${against}${far}`;
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
        <Show when={model()} fallback="Average and standard deviation, over five minutes">
          {(known) => `Configured: ${modelInWords(known())}`}
        </Show>
      }
    >
      <Show
        when={histogram().within + histogram().beyond > 0}
        fallback={<Empty>No order was executed in the last five minutes.</Empty>}
      >
        <Keys
          keys={[
            keyed("bars", "executed orders", shareAt(1)),
            ...(model() === null ? [] : [keyed("model", "configured", shareAt(2) ?? spreadInWords(model()))]),
          ]}
          at={pointedAt() || beyond()}
        />
        <Plot label={label()} data={data()} options={(look) => options(look, reach())} onPoint={setPointed} />
      </Show>
    </Card>
  );
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
function expected(model: DelayModel, widthUs: number, count: number): number[] {
  const all = expectedShare(model, 0, widthUs * count);
  const parts = Array.from({ length: count }, (_, bin) => expectedShare(model, bin * widthUs, (bin + 1) * widthUs));
  return [...parts.map((part) => (part / all) * 100), 0];
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
        fill: look.colour("--plot-1", 38),
        width: 0,
        points: { show: false },
        paths: steps.bars,
      },
      line(look.colour("--plot-2"), { paths: steps.line }),
    ],
  };
}

// What an account was worth over time: as the venue tells it, at steps that suit the span.

import { createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { history } from "../../api/exchange";
import type { SchemaMoment } from "../../api/schema";
import { line, PADDING, Plot, type PlotOptions, xAxis, yAxis } from "../../figures/plot";
import type { Look } from "../../figures/plot_look";
import { timeAxis, when } from "../../figures/plot_times";
import { createAsked } from "../../live/asked";
import type { Venue } from "../../live/venue";
import { brief, gain, money } from "../../model/decimal";
import { zoneName } from "../../model/format";
import { readTime } from "../../model/time";
import { zone } from "../../shell/preferences";

const SPANS = [
  { title: "5 min", seconds: 300, timeframe: "1s", askMs: 1_000 },
  { title: "1 h", seconds: 3_600, timeframe: "1m", askMs: 5_000 },
  { title: "1 d", seconds: 86_400, timeframe: "5m", askMs: 30_000 },
  { title: "30 d", seconds: 2_592_000, timeframe: "1h", askMs: 60_000 },
] as const;
type Span = (typeof SPANS)[number];

export function Equity(props: { readonly id: string; readonly venue: Pick<Venue, "nowUs"> }) {
  const name = createUniqueId();
  const [span, setSpan] = createSignal<Span>(SPANS[0]);
  const asked = createMemo(() => {
    const [id, { title, seconds, timeframe }] = [props.id, span()];
    const ask = () => {
      const start = new Date(props.venue.nowUs() / 1000 - seconds * 1000).toISOString();
      return history(id, `start=${start}&timeframe=${timeframe}&limit=1000`);
    };
    return { of: `${id} ${title}`, ask };
  });
  // Each span has a pace of its own.
  const told = createMemo(() => createAsked(asked, span().askMs));
  const moments = () => (told().value() ?? []).filter(({ equity }) => equity !== null);
  const data = createMemo((): [number[], number[]] => [
    moments().map(({ at }) => readTime(at) / 1e6),
    moments().map(({ equity }) => Number(equity)),
  ]);
  const [pointed, setPointed] = createSignal<number | null>(null);
  const shown = (): SchemaMoment | undefined => moments()[pointed() ?? -1] ?? moments().at(-1);
  const label = () => {
    const [, values] = data();
    const now = moments().at(-1);
    if (now === undefined) return "Equity over time: nothing is known yet.";
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return `Equity over ${span().title}: now ${money(now.equity)}, lowest ${low.toFixed(2)}, highest ${high.toFixed(2)}.`;
  };
  return (
    <section class="card equity" aria-label="Equity over time">
      <header class="card-head">
        <h2>Equity</h2>
        <Show when={shown()}>
          {(moment) => (
            <p class="equity-at">
              <b>{money(moment().equity)}</b> <span class="faint">profit {gain(moment().profit)}</span>
              <Show when={pointed() !== null}>
                <span class="faint"> {when(readTime(moment().at) / 1e6, zone.value())}</span>
              </Show>
            </p>
          )}
        </Show>
        <fieldset class="segments equity-spans">
          <legend class="unseen">How far back</legend>
          <For each={SPANS}>
            {(one) => (
              <label class="segment">
                <input type="radio" class="unseen" name={name} checked={one === span()} onChange={() => setSpan(one)} />
                {one.title}
              </label>
            )}
          </For>
        </fieldset>
      </header>
      <Show when={data()[0].length > 1} fallback={<p class="exchange-empty">Its worth is told from now on.</p>}>
        <Plot
          label={label()}
          data={data()}
          options={(look) => options(look, span().seconds)}
          onPoint={setPointed}
          zone={zoneName(zone.value(), props.venue.nowUs())}
        />
      </Show>
    </section>
  );
}

const DAY_S = 86_400;

function options(look: Look, seconds: number): PlotOptions {
  const days = (_: unknown, splits: number[]) => splits.map((at) => new Date(at * 1000).toISOString().slice(5, 10));
  return {
    padding: PADDING,
    scales: { x: { time: false }, y: { range: (_, low, high) => around(low ?? 0, high ?? 0) } },
    axes: [
      seconds > DAY_S ? xAxis(look, { values: days }) : timeAxis(look, zone.value()),
      yAxis(look, { size: 78, values: (_, splits) => splits.map(short) }),
    ],
    series: [{}, line(look, "--plot-1", "solid", { fill: look.colour("--plot-1", 9) })],
  };
}

/** A line that does not move is in the middle. */
function around(low: number, high: number): [number, number] {
  const room = (high - low) * 0.1 || Math.max(Math.abs(high) * 1e-4, 1);
  return [low - room, high + room];
}

function short(value: number): string {
  if (Math.abs(value) >= 1e7) return brief(String(value));
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 10_000 ? 2 : 1 });
}

// The chart: candles and volume of the chosen symbol, the last of them live, with clients' open orders as lines, their
// fills as marks, and what happened as flags. The library comes with this file, and this file with the room: nothing of it is in the first view.

import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type UTCTimestamp,
} from "lightweight-charts";
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup, onMount, Show, untrack } from "solid-js";
import { createLook, type Look } from "../../figures/plot_look";
import { type Candle, type Mark, marked } from "../../model/candles";
import type { Zone } from "../../model/format";
import { timeOfDay, toSecond } from "../../model/format";
import type { VenueEvent } from "../../model/venue_events";
import { zone } from "../../shell/preferences";
import { createFlags, Flags, type Flown } from "./flags";

/** An open order of a client. */
export interface Line {
  readonly id: string;
  readonly price: number;
  readonly side: "buy" | "sell";
  readonly text: string;
}

export interface ChartProps {
  readonly symbol: string;
  /** What is drawn, in a sentence. */
  readonly label: string;
  readonly decimals: number;
  readonly seconds: number;
  /** The oldest first; another list where it is another question. */
  readonly candles: readonly Candle[];
  readonly marks: readonly Mark[];
  readonly lines: readonly Line[];
  /** What happened, in order of time. */
  readonly events: readonly VenueEvent[];
  /** The reader looks at the oldest: older ones are wanted. */
  older(): void;
}

/** Below it a line has its price alone: words would hide the candles. */
const NARROW_PX = 480;

/** Without a label and a line of its own. */
const QUIET = { lastValueVisible: false, priceLineVisible: false };

/** So many before the oldest, and older ones are asked for. */
const EDGE = 20;

export default function Chart(props: ChartProps) {
  let box!: HTMLDivElement;
  const [flown, setFlown] = createSignal<Accessor<Flown> | null>(null);
  onMount(() => {
    const look = createLook(() => box);
    const chart = createChart(box, { autoSize: true, ...looked(look()) });
    const volume = chart.addSeries(HistogramSeries, { priceFormat: { type: "volume" }, priceScaleId: "", ...QUIET });
    volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    const candles = chart.addSeries(CandlestickSeries, { borderVisible: false });
    candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
    createEffect(() => {
      chart.applyOptions({ ...looked(look()), ...timed(zone.value(), props.seconds) });
      const [up, down] = [look().colour("--up"), look().colour("--down")];
      candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    });
    createEffect(() => {
      const { decimals } = props;
      candles.applyOptions({ priceFormat: { type: "price", precision: decimals, minMove: 10 ** -decimals } });
    });
    drawCandles(chart, candles, volume, props, look);
    drawMarks(candles, props, look);
    drawLines(candles, props, look, () => box);
    const flags = createFlags(chart, props);
    setFlown(() => flags);
    chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < EDGE) untrack(() => props.older());
    });
    onCleanup(() => chart.remove());
  });
  return (
    <div class="chart">
      <div class="chart-canvas" role="img" aria-label={props.label} ref={box} />
      <Show when={flown()}>{(flown) => <Flags flown={flown()()} />}</Show>
      <a
        class="chart-by"
        href="https://www.tradingview.com/"
        title="TradingView Lightweight Charts™, Copyright (c) 2026 TradingView, Inc."
        target="_blank"
        rel="noopener noreferrer"
      >
        Charts by TradingView
      </a>
    </div>
  );
}

type Candles = ISeriesApi<"Candlestick">;
type Volume = ISeriesApi<"Histogram">;

/** All of them where they are others; only the last where that alone has changed. */
function drawCandles(chart: IChartApi, candles: Candles, volume: Volume, props: ChartProps, look: () => Look) {
  let drawn: readonly Candle[] = [];
  const tint = ({ close, open }: Candle) => faded(look().colour(close >= open ? "--up" : "--down"), 0.35);
  const bar = (candle: Candle) => ({ ...candle, time: candle.atS as UTCTimestamp });
  const column = (candle: Candle) => ({
    time: candle.atS as UTCTimestamp,
    value: candle.volume,
    color: tint(candle),
  });
  createEffect(() => {
    const [now, before] = [props.candles, drawn];
    look();
    drawn = now;
    const last = now.at(-1);
    const grown = now.length - before.length;
    // A candle that follows, or the last one that has changed: what is before it stays as it is.
    const goesOn =
      before.length > 1 && now[0] === before[0] && grown >= 0 && grown <= 1 && now.at(-2 - grown) === before.at(-2);
    if (goesOn && last !== undefined) {
      for (const candle of now.slice(before.length - 1)) {
        candles.update(bar(candle));
        volume.update(column(candle));
      }
      return;
    }
    const kept = now[0] !== before[0] && now.at(-1)?.atS === before.at(-1)?.atS && before.length > 0;
    const range = chart.timeScale().getVisibleLogicalRange();
    candles.setData(now.map(bar));
    volume.setData(now.map(column));
    // Older ones came in front: what is looked at stays where it is.
    if (kept && range !== null) {
      const by = now.length - before.length;
      chart.timeScale().setVisibleLogicalRange({ from: range.from + by, to: range.to + by });
    } else if (before.length === 0) chart.timeScale().scrollToRealTime();
  });
  createEffect(
    on(
      () => [props.symbol, props.seconds],
      () => (drawn = []),
      { defer: true },
    ),
  );
}

/** One mark for all fills of a side in a candle. */
function drawMarks(candles: Candles, props: ChartProps, look: () => Look) {
  const markers = createSeriesMarkers(candles, []);
  const drawn = createMemo(() => marked(props.marks, props.seconds));
  /** A mark before the oldest candle would stand at that. */
  const first = createMemo(() => props.candles[0]?.atS ?? Number.POSITIVE_INFINITY);
  createEffect(() => {
    const color = look().colour("--pending");
    const seen = drawn().filter(({ atS }) => atS >= first());
    markers.setMarkers(
      seen.map(({ atS, side, count }) => ({
        time: atS as UTCTimestamp,
        position: side === "buy" ? ("belowBar" as const) : ("aboveBar" as const),
        shape: side === "buy" ? ("arrowUp" as const) : ("arrowDown" as const),
        color,
        text: count === 1 ? "" : String(count),
      })),
    );
  });
}

function drawLines(candles: Candles, props: ChartProps, look: () => Look, box: () => HTMLElement) {
  let drawn: IPriceLine[] = [];
  createEffect(() => {
    for (const line of drawn) candles.removePriceLine(line);
    drawn = props.lines.map(({ price, side, text }) =>
      candles.createPriceLine({
        price,
        title: box().clientWidth < NARROW_PX ? "" : text,
        color: look().colour(side === "buy" ? "--buy" : "--sell"),
        lineWidth: 1,
        lineStyle: 2,
        axisLabelVisible: true,
      }),
    );
  });
}

function looked(look: Look) {
  const [ink, line] = [look.colour("--faint"), look.colour("--line")];
  return {
    layout: {
      background: { color: "transparent" },
      textColor: ink,
      fontFamily: look.font.replace(/^\S+ /, ""),
      fontSize: 11,
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line } },
    rightPriceScale: { borderVisible: false },
    timeScale: { borderVisible: false, rightOffset: 10 },
    crosshair: {
      vertLine: { color: ink, labelBackgroundColor: ink },
      horzLine: { color: ink, labelBackgroundColor: ink },
    },
  };
}

/** Times of day in the zone that the reader chose. */
function timed(zone: Zone, seconds: number) {
  const of = (time: unknown) => Number(time) * 1e6;
  const text = (time: unknown) => {
    const us = of(time);
    const day = toSecond(us / 1000, zone).slice(5, 10);
    return seconds >= 86_400 ? day : `${day} ${timeOfDay(us, zone).slice(0, seconds < 60 ? 8 : 5)}`;
  };
  const tick = (time: unknown, kind: number) => {
    const us = of(time);
    // Years, months and days have their date.
    if (kind < 3) return toSecond(us / 1000, zone).slice(5, 10);
    return timeOfDay(us, zone).slice(0, kind === 4 ? 8 : 5);
  };
  return {
    localization: { timeFormatter: text },
    timeScale: {
      timeVisible: seconds < 86_400,
      secondsVisible: seconds < 60,
      tickMarkFormatter: tick,
      borderVisible: false,
    },
  };
}

/** `rgb(1, 2, 3)` with so much of it. */
function faded(colour: string, share: number): string {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`);
}

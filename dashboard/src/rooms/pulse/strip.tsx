// The pulse in one row: six figures of the last minute, for above the blotter.

import { createMemo, type JSX } from "solid-js";
import { count, duration, type Figure, rate, UNKNOWN } from "./format";
import type { PulseProps } from "./props";
import "./pulse.css";
import { FEWER, smoothed } from "./smoothed";
import { Spark } from "./spark";

const MINUTE = 60;

export function PulseStrip(props: PulseProps) {
  const minute = createMemo(() => {
    props.beat();
    const { pulse } = props;
    const now = props.nowUs();
    return {
      totals: pulse.totals(now, MINUTE),
      accepted: smoothed(pulse.orders(now, MINUTE + FEWER).accepted),
      averages: pulse.averages(now, MINUTE),
      late: pulse.lateness(now, 2, MINUTE).p99Us,
    };
  });
  const totals = () => minute().totals;
  const deviation = () => {
    const { value, unit } = duration(totals().deviationUs);
    return totals().deviationUs === null ? "" : `± ${value} ${unit}`;
  };
  const told = (figure: number | undefined): string => (figure === undefined ? UNKNOWN : count(figure));
  const dropped = () => Object.values(props.reading()?.dropped ?? {}).reduce((sum, times) => sum + times, 0);
  return (
    <section class="pulse-strip" aria-label="Pulse: the last minute in figures">
      <dl class="pulse-tiles">
        <Tile label="Orders" figure={{ value: rate(totals().ordersPerS), unit: "/s" }}>
          <Spark kind="orders" values={minute().accepted} />
        </Tile>
        <Tile label="Open orders" figure={{ value: told(props.reading()?.open), unit: "" }}>
          {heldOf(props.reading()?.held)}
        </Tile>
        <Tile label="Average execution" figure={duration(totals().averageUs)} aside={deviation()}>
          <Spark kind="delay" values={minute().averages} />
        </Tile>
        <Tile label="Late, p99" figure={duration(totals().lateP99Us)}>
          <Spark kind="late" values={minute().late} />
        </Tile>
        <Tile label="Subscribers" figure={{ value: told(props.reading()?.subscribers), unit: "" }}>
          {props.reading() === null ? "" : `${count(dropped())} dropped`}
        </Tile>
        <Tile
          label="Mailbox"
          figure={{ value: told(props.reading()?.mailboxDepth), unit: props.reading() === null ? "" : "waiting" }}
        >
          {props.reading() === null ? "" : `${count(props.reading()?.refused ?? 0)} refused`}
        </Tile>
      </dl>
    </section>
  );
}

function heldOf(held: number | undefined): string {
  return held === undefined ? "" : `${count(held)} in memory`;
}

function Tile(props: { label: string; figure: Figure; aside?: string; children: JSX.Element }) {
  return (
    <div class="pulse-tile">
      <dt class="pulse-tile-label">{props.label}</dt>
      <dd class="pulse-tile-figure">
        <span class="pulse-tile-value">{props.figure.value}</span>
        <span class="pulse-unit"> {props.figure.unit}</span>
        <span class="pulse-tile-aside">{props.aside}</span>
      </dd>
      <dd class="pulse-tile-below">{props.children}</dd>
    </div>
  );
}

// How long this page's own requests took, and how long its orders took to come back over the WebSocket: of the last five
// minutes, and of the newest 8 192 measurements at most (107 kB). Never reads a clock.

import { compare } from "./rates";

const LATENCY_WINDOW_MS = 300_000;
const CAPACITY = 8_192;
/** Orders whose frame or answer is still to come: of more, the oldest are not measured. */
const UNDER_WAY = 1_000;

/** What is told of an order that this page placed: its PENDING frame. */
export const ON_SOCKET = "placed → PENDING frame";

/** Milliseconds. */
export interface RouteLatency {
  /** `POST /orders`, as the venue calls it. */
  readonly route: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export class Latencies {
  private readonly atMs = new Float64Array(CAPACITY);
  private readonly tookMs = new Float32Array(CAPACITY);
  private readonly of = new Uint8Array(CAPACITY);
  private readonly routes: string[] = [];
  private next = 0;
  private held = 0;
  private listens = true;
  /** Requests to place an order that are under way. */
  private placing = 0;
  /** Frames that came while one was: the order's id, and when. */
  private readonly frames = new Map<string, number>();
  /** Orders that were answered for before their frame came, and when they were sent. */
  private readonly answered = new Map<string, number>();

  /** Times are of one clock that only goes on (performance.now()). */
  record(route: string, sentMs: number, gotMs: number): void {
    let index = this.routes.indexOf(route);
    if (index < 0 && this.routes.length < 256) index = this.routes.push(route) - 1;
    if (index < 0) return;
    this.atMs[this.next] = gotMs;
    this.tookMs[this.next] = Math.max(0, gotMs - sentMs);
    this.of[this.next] = index;
    this.next = (this.next + 1) % CAPACITY;
    this.held = Math.min(CAPACITY, this.held + 1);
  }

  /** This page sends an order. */
  places(): void {
    this.placing += 1;
  }

  /** The order that it sent then was answered with this id; null where it was refused, or not answered. */
  placed(id: string | null, sentMs: number): void {
    this.placing -= 1;
    if (id !== null) {
      const frameMs = this.frames.get(id);
      if (frameMs !== undefined) {
        this.frames.delete(id);
        this.record(ON_SOCKET, sentMs, frameMs);
      } else if (this.listens) keep(this.answered, id, sentMs);
    }
    if (this.placing === 0) this.frames.clear();
  }

  /** A PENDING frame came; it may be read later. */
  frame(id: string, gotMs: number): void {
    const sentMs = this.answered.size === 0 ? undefined : this.answered.get(id);
    if (sentMs !== undefined) {
      this.answered.delete(id);
      this.record(ON_SOCKET, sentMs, gotMs);
    } else if (this.placing > 0) keep(this.frames, id, gotMs);
  }

  /** Whether frames come: where they do not, none is waited for. */
  hears(listens: boolean): void {
    this.listens = listens;
    if (!listens) this.cut();
  }

  /** The stream was cut: a frame that comes after that says nothing of its way. */
  cut(): void {
    this.answered.clear();
    this.frames.clear();
  }

  /** By route, the slowest first. */
  told(nowMs: number): RouteLatency[] {
    const taken = this.routes.map((): number[] => []);
    for (const at of this.recent(nowMs)) taken[this.of[at] ?? 0]?.push(this.tookMs[at] ?? 0);
    return taken
      .flatMap((ms, index) => summary(this.routes[index] ?? "", ms) ?? [])
      .sort((a, b) => b.p50 - a.p50 || compare(a.route, b.route));
  }

  /** Of all requests together; null where none was answered. */
  requests(nowMs: number): RouteLatency | null {
    const socket = this.routes.indexOf(ON_SOCKET);
    const recent = [...this.recent(nowMs)].filter((at) => this.of[at] !== socket);
    return summary(
      "",
      recent.map((at) => this.tookMs[at] ?? 0),
    );
  }

  /** How many seconds the figures cover: less than five minutes where more was measured than is held. */
  coveredS(nowMs: number): number {
    if (this.held < CAPACITY) return LATENCY_WINDOW_MS / 1000;
    return Math.min(LATENCY_WINDOW_MS, nowMs - (this.atMs[this.next] ?? nowMs)) / 1000;
  }

  private *recent(nowMs: number): Generator<number> {
    for (let back = 1; back <= this.held; back++) {
      const at = (this.next - back + CAPACITY) % CAPACITY;
      // A frame may be recorded after an answer that came later: the order is nearly, not wholly, that of time.
      if ((this.atMs[at] ?? 0) >= nowMs - LATENCY_WINDOW_MS) yield at;
    }
  }
}

function keep(times: Map<string, number>, id: string, ms: number): void {
  if (times.size >= UNDER_WAY) times.delete(times.keys().next().value as string);
  times.set(id, ms);
}

function summary(route: string, ms: number[]): RouteLatency | null {
  ms.sort((a, b) => a - b);
  const max = ms.at(-1);
  if (max === undefined) return null;
  return { route, count: ms.length, p50: rank(ms, 0.5), p99: rank(ms, 0.99), max };
}

/** The nearest rank. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? 0;
}

// What happened between two readings of `/metrics`: requests by route and method, and commits. A counter that fell says
// that the venue was restarted in between; then all of them count from zero.

import { interpolatedPercentile } from "./percentiles";
import type { Reading, Requests } from "./prometheus";

export interface RequestRate {
  readonly route: string;
  readonly method: string;
  readonly perS: number;
  /** How many there were. */
  readonly count: number;
  /** The share, 0 to 1, that was answered with 400 or above; null where there was no request. */
  readonly errors: number | null;
  readonly p50S: number | null;
  readonly p99S: number | null;
}

export interface Rates {
  /** How long lies between the readings. */
  readonly seconds: number;
  /** Of every route and method that was ever asked, by route. */
  readonly requests: readonly RequestRate[];
  readonly commitsPerS: number;
}

/** Null where the readings are not apart. */
export function ratesBetween(before: Reading, now: Reading): Rates | null {
  const seconds = (now.atMs - before.atMs) / 1000;
  if (!(seconds > 0)) return null;
  const base = restarted(before, now) ? null : before;
  return {
    seconds,
    requests: byRoute(now.requests)
      .map((codes) => rateOf(codes, base?.requests ?? [], seconds))
      .sort((one, other) => compare(one.route, other.route) || compare(one.method, other.method)),
    commitsPerS: (now.commits - (base?.commits ?? 0)) / seconds,
  };
}

/** Whether the venue was restarted between two readings: it says so, or a count since its start fell. */
export function restarted(before: Reading, now: Reading): boolean {
  if (before.startedMs !== null && now.startedMs !== null && before.startedMs !== now.startedMs) return true;
  const fell = [
    now.commits - before.commits,
    now.refused - before.refused,
    now.orders.accepted - before.orders.accepted,
    now.orders.executed - before.orders.executed,
    now.orders.cancelled - before.orders.cancelled,
    ...Object.entries(before.dropped).map(([reason, count]) => (now.dropped[reason] ?? 0) - count),
    ...before.requests.map((then) => (now.requests.find(same(then))?.count ?? 0) - then.count),
  ];
  return fell.some((difference) => difference < 0);
}

function byRoute(requests: readonly Requests[]): Requests[][] {
  const routes = new Map<string, Requests[]>();
  for (const code of requests) {
    const key = routeOf(code);
    routes.set(key, [...(routes.get(key) ?? []), code]);
  }
  return [...routes.values()];
}

function rateOf(codes: readonly Requests[], base: readonly Requests[], seconds: number): RequestRate {
  const counted = codes.map((code) => since(code, base.find(same(code))));
  const count = total(counted.map((code) => code.count));
  const failed = total(counted.filter((code) => Number(code.code) >= 400).map((code) => code.count));
  const bounds = codes[0]?.bounds ?? [];
  const cumulative = bounds.map((_, bucket) => total(counted.map((code) => code.cumulative[bucket] ?? 0)));
  return {
    route: codes[0]?.route ?? "",
    method: codes[0]?.method ?? "",
    perS: count / seconds,
    count,
    errors: count === 0 ? null : failed / count,
    p50S: interpolatedPercentile(bounds, cumulative, 0.5),
    p99S: interpolatedPercentile(bounds, cumulative, 0.99),
  };
}

function since(now: Requests, before: Requests | undefined): Requests {
  if (before === undefined) return now;
  const cumulative = now.cumulative.map((count, bucket) => count - (before.cumulative[bucket] ?? 0));
  return { ...now, cumulative, count: now.count - before.count, sumS: now.sumS - before.sumS };
}

function same(one: Requests): (other: Requests) => boolean {
  return (other) => routeOf(other) === routeOf(one) && other.code === one.code;
}

function routeOf({ route, method }: Requests): string {
  return `${method} ${route}`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** As the characters stand, whatever the language. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

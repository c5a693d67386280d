import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMetrics, readSamples } from "../../src/model/prometheus";
import { ratesBetween, restarted } from "../../src/model/rates";

const INFO = `tradepit_venue_info{version="0.1.0",delay="100ms..1s",long_delay="5s",route_delay="none",durable="true"} 1`;

/** A venue's text, with so many requests for each code, spread over the buckets. */
function venue(requests: [route: string, method: string, code: string, cumulative: number[]][], more = ""): string {
  const bounds = ["0.001", "0.002", "0.004", "+Inf"];
  const lines = requests.flatMap(([route, method, code, cumulative]) => {
    const labels = `route="${route}",method="${method}",code="${code}"`;
    const family = "tradepit_http_request_duration_seconds";
    return [
      `${family}_sum{${labels}} 0.5`,
      `${family}_count{${labels}} ${cumulative.at(-1)}`,
      ...cumulative.map((count, at) => `${family}_bucket{le="${bounds[at]}",${labels}} ${count}`),
    ];
  });
  return `# HELP tradepit_http_request_duration_seconds Time\n${lines.join("\n")}\n${more}\n# EOF\n`;
}

describe("readSamples", () => {
  it.each([
    ["up 1", { name: "up", labels: {}, value: 1 }],
    ["up{} 1", { name: "up", labels: {}, value: 1 }],
    ["  a:b_c 1.5e-3 1700000000000", { name: "a:b_c", labels: {}, value: 0.0015 }],
    ['a{x="1",y="2",} 3', { name: "a", labels: { x: "1", y: "2" }, value: 3 }],
    ['a { x = "1" , y="2" }  3', { name: "a", labels: { x: "1", y: "2" }, value: 3 }],
    ['a{x="}\\"\\\\, \\n#"} 3', { name: "a", labels: { x: '}"\\, \n#' }, value: 3 }],
    ['a{le="+Inf"} +Inf', { name: "a", labels: { le: "+Inf" }, value: Number.POSITIVE_INFINITY }],
    ["a -Inf", { name: "a", labels: {}, value: Number.NEGATIVE_INFINITY }],
    ["a NaN", { name: "a", labels: {}, value: Number.NaN }],
    ['a_bucket{le="1"} 4 # {trace_id="x"} 0.67', { name: "a_bucket", labels: { le: "1" }, value: 4 }],
  ])("reads %j", (line, sample) => {
    expect(readSamples(line)).toEqual([sample]);
  });

  it.each(["", "# HELP a b", "# EOF", "a", "a{x=1} 2", 'a{x="1} 2', "1a 2", "a b", "<html>"])(
    "passes over %j",
    (line) => {
      expect(readSamples(`${line}\r\nup 1`)).toEqual([{ name: "up", labels: {}, value: 1 }]);
    },
  );
});

describe("readMetrics", () => {
  it("reads the text of a venue that was asked eight times", () => {
    const text = readFileSync(new URL("fixtures/metrics.txt", import.meta.url), "utf8");
    const reading = readMetrics(text, 1);
    expect(reading).toMatchObject({
      info: null,
      held: 6,
      open: 0,
      connections: 1,
      orders: { accepted: 6, executed: 6 },
    });
    expect(reading.dropped).toEqual({ slow: 0, silent: 0, protocol_error: 0, feed_behind: 0 });
    const asked = reading.requests.map(({ route, method, code, count }) => [route, method, code, count]);
    expect(asked).toEqual([
      ["unknown", "GET", "404", 1],
      ["/orders", "POST", "422", 1],
      ["/orders", "POST", "200", 6],
    ]);
    const orders = reading.requests[2];
    expect(orders?.sumS).toBe(0.000710274);
    expect(orders?.bounds.slice(0, 2)).toEqual([0.00005, 0.0001]);
    expect(orders?.bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
    expect(orders?.cumulative.slice(0, 5)).toEqual([0, 5, 5, 6, 6]);
  });

  it("reads what later venues tell, and says of an earlier one that it does not", () => {
    const text = `
tradepit_venue_info{version="1",seed="42",history="100000",max_orders="1000",retain="",rejects="1000"} 1
tradepit_venue_id{id="an-id"} 1
tradepit_start_time_seconds 1760000000.5
tradepit_orders_listed 12
tradepit_store_bytes 4096
tradepit_store_free_bytes 1e9
tradepit_subscriber_backlog_bytes{subscriber="1"} 0
tradepit_subscriber_backlog_bytes{subscriber="2"} 77`;
    expect(readMetrics(text, 1)).toMatchObject({
      info: { seed: "42", history: "100000", maxOrders: "1000", retain: null, retainOrders: null, rejects: "1000" },
      venueId: "an-id",
      startedMs: 1_760_000_000_500,
      listed: 12,
      storeBytes: 4_096,
      storeFreeBytes: 1e9,
      backlog: [
        { labels: { subscriber: "1" }, value: 0 },
        { labels: { subscriber: "2" }, value: 77 },
      ],
    });
    const earlier = {
      venueId: null,
      startedMs: null,
      listed: null,
      storeBytes: null,
      storeFreeBytes: null,
      backlog: [],
    };
    expect(readMetrics(INFO, 1)).toMatchObject({ info: { seed: null, rejects: null }, ...earlier });
  });

  it("reads every figure that the page shows", () => {
    const text = `
# TYPE tradepit_orders counter
tradepit_orders_total{change="accepted"} 60
tradepit_orders_total{change="executed"} 50
tradepit_orders_total{change="cancelled"} 4
tradepit_orders_open 6
tradepit_orders_held 58
tradepit_subscribers 3
tradepit_subscribers_dropped_total{reason="slow"} 1
tradepit_subscribers_dropped_total{reason="silent"} 2
tradepit_subscribers_dropped_total{reason="protocol_error"} 0
tradepit_subscribers_dropped_total{reason="feed_behind"} 5
tradepit_mailbox_depth 7
tradepit_mailbox_refused_total 8
tradepit_store_commits_total 9
tradepit_store_unconfirmed 10
tradepit_connections 11
${INFO}
# EOF`;
    expect(readMetrics(text, 42)).toMatchObject({
      atMs: 42,
      info: { version: "0.1.0", delay: "100ms..1s", longDelay: "5s", routeDelay: "none", durable: true },
      subscribers: 3,
      dropped: { slow: 1, silent: 2, protocol_error: 0, feed_behind: 5 },
      connections: 11,
      open: 6,
      held: 58,
      mailboxDepth: 7,
      refused: 8,
      unconfirmed: 10,
      commits: 9,
      orders: { accepted: 60, executed: 50, cancelled: 4 },
      requests: [],
    });
  });

  it.each(["tradepit_venue", "tradepit_venue_info", "tradepit_venue_info_info"])("knows the venue by %s", (name) => {
    expect(readMetrics(INFO.replace("tradepit_venue_info", name), 0).info?.delay).toBe("100ms..1s");
  });

  it("takes what is not told for none", () => {
    expect(readMetrics("# EOF\n", 0)).toMatchObject({ info: null, open: 0, dropped: {}, requests: [] });
  });

  it("sorts a histogram's buckets by their bound", () => {
    const text = venue([["/orders", "POST", "200", [1, 2, 3, 4]]]);
    const shuffled = text.split("\n").reverse().join("\n");
    expect(readMetrics(shuffled, 0).requests).toEqual([
      {
        route: "/orders",
        method: "POST",
        code: "200",
        bounds: [0.001, 0.002, 0.004, Number.POSITIVE_INFINITY],
        cumulative: [1, 2, 3, 4],
        count: 4,
        sumS: 0.5,
      },
    ]);
  });
});

describe("ratesBetween", () => {
  const rates = (before: string, now: string, seconds = 10) =>
    ratesBetween(readMetrics(before, 0), readMetrics(now, seconds * 1000));

  it("tells requests per second, errors and percentiles of each route and method", () => {
    const before = venue([
      ["/orders", "POST", "200", [5, 5, 5, 5]],
      ["/orders", "POST", "503", [1, 1, 1, 1]],
      ["/orders", "GET", "200", [3, 3, 3, 3]],
    ]);
    const now = venue(
      [
        ["/orders", "POST", "200", [5, 45, 85, 85]],
        ["/orders", "POST", "503", [21, 21, 21, 21]],
        ["/orders", "GET", "200", [3, 3, 3, 3]],
        ["/ws", "GET", "101", [0, 0, 0, 2]],
      ],
      "tradepit_store_commits_total 50",
    );
    expect(rates(before, now)).toEqual({
      seconds: 10,
      commitsPerS: 5,
      requests: [
        { route: "/orders", method: "GET", count: 0, perS: 0, errors: null, p50S: null, p99S: null },
        // 20 took up to 1 ms, 40 up to 2 ms, 40 up to 4 ms: the 50th is at three quarters of the second bucket.
        { route: "/orders", method: "POST", count: 100, perS: 10, errors: 0.2, p50S: 0.00175, p99S: 0.00395 },
        // Beyond the last finite bound, that bound is all that is known.
        { route: "/ws", method: "GET", count: 2, perS: 0.2, errors: 0, p50S: 0.004, p99S: 0.004 },
      ],
    });
  });

  it.each([
    ["requests fell", venue([["/a", "GET", "200", [9, 9, 9, 9]]]), venue([["/a", "GET", "200", [4, 4, 4, 4]]])],
    ["a route is gone", venue([["/b", "GET", "200", [1, 1, 1, 1]]]), venue([["/a", "GET", "200", [4, 4, 4, 4]]])],
    [
      "orders fell while requests grew",
      venue([["/a", "GET", "200", [1, 1, 1, 1]]], 'tradepit_orders_total{change="accepted"} 5'),
      venue([["/a", "GET", "200", [4, 4, 4, 4]]], 'tradepit_orders_total{change="accepted"} 4'),
    ],
  ])("counts from zero after a restart: %s", (_, before, now) => {
    expect(restarted(readMetrics(before, 0), readMetrics(now, 1))).toBe(true);
    expect(rates(before, now)?.requests).toMatchObject([{ route: "/a", count: 4, perS: 0.4 }]);
  });

  it("counts a gauge that fell as no restart", () => {
    const [before, now] = ["tradepit_orders_open 5", "tradepit_orders_open 4"].map((text) => readMetrics(text, 0));
    expect(before !== undefined && now !== undefined && restarted(before, now)).toBe(false);
  });

  it("tells nothing of two readings at the same time", () => {
    expect(rates("", "", 0)).toBeNull();
  });
});

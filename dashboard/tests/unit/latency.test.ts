import { describe, expect, it } from "vitest";
import { Latencies, ON_SOCKET } from "../../src/model/latency";

describe("what this page's requests took", () => {
  it("is told by route, the slowest first", () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 100; ms++) latencies.record("GET /metrics", 1000, 1000 + ms);
    latencies.record("POST /orders", 1000, 2500);
    expect(latencies.told(3000)).toEqual([
      { route: "POST /orders", count: 1, p50: 1500, p99: 1500, max: 1500 },
      { route: "GET /metrics", count: 100, p50: 50, p99: 99, max: 100 },
    ]);
  });

  it("is told of all requests together, and not of frames", () => {
    const latencies = new Latencies();
    expect(latencies.requests(0)).toBeNull();
    latencies.record("GET /metrics", 0, 4);
    latencies.record("POST /orders", 0, 6);
    latencies.record(ON_SOCKET, 0, 99);
    expect(latencies.requests(100)).toMatchObject({ count: 2, p50: 4, max: 6 });
  });

  it("is forgotten after five minutes", () => {
    const latencies = new Latencies();
    latencies.record("GET /metrics", 0, 10);
    expect(latencies.told(300_010)).toHaveLength(1);
    expect(latencies.told(300_011)).toEqual([]);
  });

  it("covers less than five minutes where more was asked than is held, and says so", () => {
    const latencies = new Latencies();
    for (let at = 0; at < 20_000; at++) latencies.record("POST /orders", at * 10, at * 10 + 5);
    expect(latencies.told(200_000)[0]?.count).toBe(8_192);
    expect(Math.round(latencies.coveredS(200_000))).toBe(82);
    expect(new Latencies().coveredS(0)).toBe(300);
  });
});

describe("an order's way back over the WebSocket", () => {
  it("is measured where its frame comes after the answer", () => {
    const latencies = new Latencies();
    latencies.places();
    latencies.placed("a", 100);
    latencies.frame("other", 103);
    latencies.frame("a", 107);
    expect(latencies.told(200)).toEqual([{ route: ON_SOCKET, count: 1, p50: 7, p99: 7, max: 7 }]);
  });

  it("is measured where its frame comes first", () => {
    const latencies = new Latencies();
    latencies.places();
    latencies.frame("a", 104);
    latencies.frame("other", 105);
    latencies.placed("a", 100);
    expect(latencies.told(200)).toMatchObject([{ count: 1, max: 4 }]);
  });

  it("is measured of the newest, where more are awaited than are kept", () => {
    const latencies = new Latencies();
    for (let at = 0; at <= 1_000; at++) {
      latencies.places();
      latencies.placed(`o${at}`, 100);
    }
    latencies.frame("o0", 103);
    latencies.frame("o1000", 107);
    expect(latencies.told(200)).toMatchObject([{ count: 1, max: 7 }]);
  });

  it("is not awaited where frames do not come", () => {
    const latencies = new Latencies();
    latencies.hears(false);
    latencies.places();
    latencies.placed("a", 100);
    latencies.hears(true);
    latencies.frame("a", 9_000);
    expect(latencies.told(10_000)).toEqual([]);
  });

  it("is not measured of others' orders, of refused ones, or over a cut", () => {
    const latencies = new Latencies();
    latencies.frame("other", 1);
    latencies.places();
    latencies.placed(null, 100);
    latencies.places();
    latencies.placed("a", 100);
    latencies.cut();
    latencies.frame("a", 9_000);
    expect(latencies.told(10_000)).toEqual([]);
  });
});

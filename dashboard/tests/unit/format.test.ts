import { expect, test } from "vitest";
import { clock, exact, short, span, timeOfDay, whole, zoneName } from "../../src/model/format";

test("a span of time has three digits or so, and its unit", () => {
  const spans: [number, string][] = [
    [0, "0 µs"],
    [785, "785 µs"],
    [1_400, "1.4 ms"],
    [9_950, "9.9 ms"],
    [10_000, "10 ms"],
    [785_320, "785 ms"],
    [999_499, "999 ms"],
    [999_500, "1.00 s"],
    [5_000_000, "5.00 s"],
    [12_340_000, "12.3 s"],
    [720_000_000, "12 min"],
    [7_200_000_000, "2.0 h"],
  ];
  for (const [us, text] of spans) expect(span(us)).toBe(text);
});

test("a time is written to the microsecond, as the venue tells it", () => {
  expect(exact(Date.UTC(2026, 10, 23, 8, 2, 18) * 1000 + 496)).toBe("2026-11-23 08:02:18.000496 UTC");
});

test("a time is told in UTC, or in the reader's zone by its distance from it; another day's with its date", () => {
  const us = Date.UTC(2026, 10, 23, 20, 2, 18) * 1000 + 410_496;
  const zone = process.env.TZ;
  process.env.TZ = "Asia/Kolkata";
  try {
    expect(exact(us, "local")).toBe("2026-11-24 01:32:18.410496 +05:30");
    expect(zoneName("local", us)).toBe("+05:30");
    expect(timeOfDay(us, "local")).toBe("01:32:18");
    expect(clock(us, "local", us)).toBe("01:32:18.410");
    expect(clock(us, "utc", us)).toBe("20:02:18.410");
    // It is still the 23rd in UTC, and the 24th there.
    expect(clock(us, "local", us - 12 * 3600e6)).toBe("11-24 01:32:18.410");
    expect(clock(us, "utc", us - 12 * 3600e6)).toBe("20:02:18.410");
    expect(clock(us, "utc", us + 24 * 3600e6)).toBe("11-23 20:02:18.410");
    process.env.TZ = "America/St_Johns";
    expect(zoneName("local", us)).toBe("−03:30");
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("numbers are grouped and ids cut short", () => {
  expect(whole(9_007_199_254_740_991)).toBe("9,007,199,254,740,991");
  expect(short("1d70aeaa-658c-4799-819f-79c436d2dd18")).toBe("1d70aeaa");
});

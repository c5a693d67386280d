import { describe, expect, it } from "vitest";
import {
  type DelayModel,
  deviationUs,
  expectedShare,
  meanUs,
  plotRangeUs,
  readDelayModel,
} from "../../src/model/delay_model";

const MODELS = ["none", "500ms", "100ms..1s", "lognormal(250ms,0.5)", "lognormal(1s,2)", "lognormal(30m,3)"];

describe("readDelayModel", () => {
  it.each<[string, DelayModel]>([
    ["none", { kind: "none" }],
    ["None", { kind: "none" }],
    ["500ms", { kind: "fixed", us: 500_000 }],
    ["0ms", { kind: "fixed", us: 0 }],
    ["1.5s", { kind: "fixed", us: 1_500_000 }],
    ["2m", { kind: "fixed", us: 120_000_000 }],
    ["1h", { kind: "fixed", us: 3_600_000_000 }],
    ["100ms..1s", { kind: "uniform", minUs: 100_000, maxUs: 1_000_000 }],
    [" 0.25s .. 1.5s ", { kind: "uniform", minUs: 250_000, maxUs: 1_500_000 }],
    ["1s..1s", { kind: "fixed", us: 1_000_000 }],
    ["lognormal(250ms,0.5)", { kind: "log-normal", medianUs: 250_000, sigma: 0.5 }],
    ["lognormal( 2s , 1 )", { kind: "log-normal", medianUs: 2_000_000, sigma: 1 }],
    ["lognormal(250ms,0)", { kind: "fixed", us: 250_000 }],
    ["lognormal(0ms,2)", { kind: "fixed", us: 0 }],
  ])("reads %j", (text, model) => {
    expect(readDelayModel(text)).toEqual(model);
  });

  it.each([
    ...["", "..", "500", "500us", "-5s", "1.2.3s", "2h", "1s..100ms", "1s..", "..1s", "1s..2s..3s", "fast", "."],
    ...["lognormal(250ms)", "lognormal(250ms,x)", "lognormal(250ms,-1)", "lognormal(250ms,NaN)", "lognormal(250ms,11)"],
    ...["lognormal(250ms,)", "lognormal(,1)", "lognormal(1s,1,1)", "none 5ms"],
  ])("refuses %j", (text) => {
    expect(readDelayModel(text)).toBeNull();
  });
});

describe.each(MODELS)("of %s", (text) => {
  const model = readDelayModel(text) as DelayModel;

  it("all shares together are 1", () => {
    const bounds = [0, 1, 999, 99_999, 250_000, 500_000, 500_001, 777_777, 1_000_001, 60e6, 3600e6, Infinity];
    const shares = bounds.slice(1).map((to, at) => expectedShare(model, bounds[at] as number, to));
    expect(shares.every((share) => share >= 0)).toBe(true);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it("mean and standard deviation are those of its shares", () => {
    // Geometric steps of a thousandth, each at its middle, from a microsecond to the cap and what lies at the cap.
    let mean = 0;
    let square = 0;
    for (let from = 1; from <= 3600e6; from *= 1.001) {
      const to = Math.min(from * 1.001, 3600e6 + 1);
      const share = expectedShare(model, from, to);
      const us = Math.min(3600e6, (from + to) / 2);
      mean += share * us;
      square += share * us * us;
    }
    expect(Math.abs(meanUs(model) - mean)).toBeLessThanOrEqual(mean * 1e-3);
    const deviation = Math.sqrt(Math.max(0, square - mean * mean));
    expect(Math.abs(deviationUs(model) - deviation)).toBeLessThanOrEqual(Math.max(deviation * 1e-3, mean * 1e-2));
  });

  it("the plot shows nearly all orders", () => {
    expect(expectedShare(model, 0, plotRangeUs(model))).toBeGreaterThan(0.66);
    if (!text.startsWith("lognormal(30m")) expect(expectedShare(model, 0, plotRangeUs(model))).toBeGreaterThan(0.99);
  });
});

describe("a log-normal", () => {
  const model = readDelayModel("lognormal(250ms,0.5)") as DelayModel;

  it("has the shares of its density, integrated", () => {
    const density = (us: number) =>
      Math.exp(-(Math.log(us / 250_000) ** 2) / (2 * 0.25)) / (us * 0.5 * Math.sqrt(2 * Math.PI));
    for (const [from, to] of [
      [1, 50_000],
      [50_000, 250_000],
      [250_000, 260_000],
      [400_000, 2_000_000],
      [2_000_000, 9_000_000],
    ] as const) {
      const steps = 200_000;
      const width = (to - from) / steps;
      let integral = 0;
      for (let step = 0; step < steps; step++) integral += density(from + (step + 0.5) * width) * width;
      expect(Math.abs(expectedShare(model, from, to) - integral)).toBeLessThan(1e-9);
    }
  });

  it("has half its orders below the median, and a mean above it", () => {
    expect(expectedShare(model, 0, 250_000)).toBeCloseTo(0.5, 14);
    expect(meanUs(model)).toBeCloseTo(250_000 * Math.exp(0.125), 3);
    expect(deviationUs(model)).toBeCloseTo(250_000 * Math.exp(0.125) * Math.sqrt(Math.expm1(0.25)), 2);
  });

  it("far beyond the cap stays finite", () => {
    const wild = readDelayModel("lognormal(1h,10)") as DelayModel;
    expect(meanUs(wild)).toBeGreaterThan(1800e6);
    expect(meanUs(wild)).toBeLessThan(3600e6);
    expect(expectedShare(wild, 3600e6, Infinity)).toBeCloseTo(0.5, 12);
    expect(plotRangeUs(wild)).toBeLessThanOrEqual(3600e6 * 1.1);
  });
});

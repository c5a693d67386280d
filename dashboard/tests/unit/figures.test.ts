import { describe, expect, it } from "vitest";
import { duration, modelInWords, rate, share, spoken, written } from "../../src/figures/format";
import { smoothed } from "../../src/figures/smoothed";
import { readDelayModel } from "../../src/model/delay_model";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("a time", () => {
  it.each([
    [null, "–"],
    [0, "0 ms"],
    [1, "1 µs"],
    [999.4, "999 µs"],
    [999.6, "1.00 ms"],
    [1234, "1.23 ms"],
    [9996, "10.0 ms"],
    [99_960, "100 ms"],
    [563_210, "563 ms"],
    [999_600, "1.00 s"],
    [5_000_000, "5.00 s"],
    [119e6, "119 s"],
    [1800e6, "30.0 min"],
    [7200e6, "2.00 h"],
  ])("of %j µs is written %j", (us, text) => {
    expect(plain(written(us))).toBe(text);
    expect(duration(us).value).toBe(text.split(" ")[0]);
  });

  it.each([
    [5_000_000, "5 s"],
    [1_100_000, "1.1 s"],
    [100_000, "100 ms"],
    [10_000, "10 ms"],
    [10, "10 µs"],
    [null, "unknown"],
  ])("of %j µs is spoken of as %j", (us, text) => {
    expect(plain(spoken(us))).toBe(text);
  });
});

it.each([
  [0, "0"],
  [1 / 60, "0.02"],
  [3.44, "3.4"],
  [127.4, "127"],
  [1204, "1,204"],
])("a rate of %d is %j", (perS, text) => {
  expect(rate(perS)).toBe(text);
});

it.each([
  [null, "–"],
  [0, "0 %"],
  [0.0001, "< 0.1 %"],
  [0.05, "5.0 %"],
])("a share of %j is %j", (part, text) => {
  expect(share(part)).toBe(text);
});

it.each([
  ["none", "no delay"],
  ["500ms", "always 500 ms"],
  ["100ms..1s", "100 ms to 1 s, evenly"],
  ["lognormal(250ms,0.5)", "log-normal, median 250 ms, sigma 0.5"],
])("the delay %s in words is %j", (text, words) => {
  const model = readDelayModel(text);
  expect(model !== null && plain(modelInWords(model))).toBe(words);
});

describe("smoothed", () => {
  it("is the average of five seconds, once there are five", () => {
    expect(smoothed([5, 0, 0, 0, 0, 0, 10])).toEqual([1, 0, 2]);
    expect(smoothed([1, 1, 1, 1])).toEqual([]);
  });
});

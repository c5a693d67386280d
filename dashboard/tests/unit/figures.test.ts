import { describe, expect, it } from "vitest";
import {
  bytes,
  duration,
  modelInBrief,
  modelInWords,
  rate,
  routeDelayInWords,
  share,
  spoken,
  subscribersInWords,
  uptime,
  written,
} from "../../src/figures/format";
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
  [0, "0 B"],
  [999, "999 B"],
  [786_432, "768 KiB"],
  [1_288_490_189, "1.20 GiB"],
  [53_687_091_200, "50.0 GiB"],
])("%d bytes are %j", (figure, text) => {
  expect(plain(bytes(figure))).toBe(text);
});

it.each([
  [7.9, "7 s"],
  [725, "12 min 05 s"],
  [7_385, "2 h 03 min"],
  [273_600, "3 d 4 h"],
])("a time of %d s is up for %j", (seconds, text) => {
  expect(plain(uptime(seconds))).toBe(text);
});

it.each([
  [undefined, 1, "–"],
  [0, 0, "0"],
  [2, 0, "2"],
  [0, 1, "1, this page"],
  [1, 1, "1, this page"],
  [2, 2, "2, this page"],
  [3, 1, "3, 1: this page"],
])("%j subscribers, %j of them this page, are %j", (counted, mine, text) => {
  expect(subscribersInWords(counted, mine)).toBe(text);
});

it.each([
  ["none", "no request waits"],
  ["1s", "every request waits 1 s first"],
  ["1s..2s", "every request waits 1 s to 2 s first"],
  ["lognormal(250ms,0.5)", "every request waits first, half of them 250 ms or longer"],
])("the route delay %s in words is %j", (text, words) => {
  const model = readDelayModel(text);
  expect(model !== null && plain(routeDelayInWords(model))).toBe(words);
});

it("a fixed delay beside its name is a time", () => {
  const model = readDelayModel("1h");
  expect(model !== null && plain(modelInBrief(model))).toBe("60 min");
});

it.each([
  ["none", "no delay"],
  ["60m", "every order waits 60 min"],
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

  it("is of the seconds that were heard, and none of one that was not", () => {
    expect(smoothed([4, 4, null, 4, 8, null, 0])).toEqual([5, null, 4]);
  });
});

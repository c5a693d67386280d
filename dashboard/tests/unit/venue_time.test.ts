import { expect, test } from "vitest";
import { ANY, aheadMs, type ClockWord, type Mode, narrowed, paceOf, VenueTime } from "../../src/model/venue_time";

/** Monday, half an hour before the machine of these tests began. */
const START_US = 1_767_623_400_000_000;

function word(mode: Mode, speed: number, nowUs: number): ClockWord {
  return { mode, speed, nowUs, isOpen: true, nextOpenUs: null, nextCloseUs: null, nextUs: null };
}

test("clocks that may agree are taken to agree", () => {
  expect(aheadMs(ANY)).toBe(0);
  for (const now of [9_990, 10_000, 10_020]) expect(aheadMs(narrowed(ANY, now, 9_990, 10_020))).toBe(0);
});

test("each answer narrows how far a clock is ahead, as the fastest way there and back allows", () => {
  const slow = narrowed(ANY, 70_000, 10_000, 10_200);
  expect(aheadMs(slow)).toBe(59_900);
  expect(aheadMs(narrowed(slow, 80_004, 20_000, 20_008))).toBe(59_998);
  // A slower one tells nothing new.
  expect(aheadMs(narrowed(narrowed(slow, 80_004, 20_000, 20_008), 90_100, 30_000, 30_500))).toBe(59_998);
});

test("a clock that was set is believed from then on", () => {
  const before = narrowed(ANY, 15_000, 10_000, 10_001);
  expect(aheadMs(narrowed(before, 20_000, 20_000, 20_001))).toBe(0);
});

test("a real clock goes on as the page's, so far ahead of it", () => {
  const time = new VenueTime();
  expect(time.at(5_000)).toBe(5_000_000);
  time.take(word("real", 1, 65_000_500), 5_000, 5_001);
  expect(time.at(6_000)).toBe(66_000_000);
});

test("a frozen clock stands until it is told of a later time, or something happened later", () => {
  const time = new VenueTime();
  time.take(word("frozen", 0, START_US), 5_000, 5_010);
  expect(time.at(5_010)).toBe(START_US);
  expect(time.at(90_000)).toBe(START_US);
  time.saw(START_US + 250_000, 90_000);
  expect(time.at(90_000)).toBe(START_US + 250_000);
  // An answer to a question from before that came late: time never goes back.
  time.take(word("frozen", 0, START_US), 89_000, 91_000);
  expect(time.at(91_000)).toBe(START_US + 250_000);
  time.take(word("frozen", 0, START_US + 3_600_000_000), 92_000, 92_001);
  expect(time.at(200_000)).toBe(START_US + 3_600_000_000);
});

test("a clock that runs is reckoned on at its speed, from the newest word of it", () => {
  const time = new VenueTime();
  time.take(word("running", 60, START_US), 5_000, 5_000);
  expect(time.at(6_000)).toBe(START_US + 60_000_000);
  // Of what happened before what is reckoned nothing is learned.
  time.saw(START_US + 1_000_000, 6_000);
  expect(time.at(7_000)).toBe(START_US + 120_000_000);
  time.saw(START_US + 600_000_000, 7_000);
  expect(time.at(8_000)).toBe(START_US + 660_000_000);
  // A time of the page from before the word.
  expect(time.at(6_000)).toBe(START_US + 600_000_000);
});

test("before its clock is told it is as late there as what happened", () => {
  const time = new VenueTime();
  time.saw(START_US, 5_000);
  expect(time.at(9_000)).toBe(START_US);
  time.take(word("real", 1, 9_000_000), 9_000, 9_000);
  expect(time.at(9_500)).toBe(9_500_000);
});

test("another life of the venue begins with nothing", () => {
  const time = new VenueTime();
  time.take(word("frozen", 0, START_US), 5_000, 5_000);
  time.forget();
  expect(time.at(6_000)).toBe(6_000_000);
  time.take(word("frozen", 0, START_US - 1), 7_000, 7_000);
  expect(time.at(8_000)).toBe(START_US - 1);
});

test("bars fill as fast as the venue's time passes, and stand where it stands", () => {
  expect(paceOf(null)).toEqual({ speed: 1, standsUs: null });
  expect(paceOf(word("real", 1, START_US))).toEqual({ speed: 1, standsUs: null });
  expect(paceOf(word("running", 60, START_US))).toEqual({ speed: 60, standsUs: null });
  expect(paceOf(word("frozen", 0, START_US))).toEqual({ speed: 0, standsUs: START_US });
});

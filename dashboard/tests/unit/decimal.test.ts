import { expect, test } from "vitest";
import { brief, decimalsOf, gain, grouped, money, wayOf } from "../../src/model/decimal";

test("a decimal is grouped and nothing of it is lost, however long it is", () => {
  const written = ["0", "999", "1000", "-1234567.000000001", "9007199254740993.123456789"].map(grouped);
  expect(written).toEqual(["0", "999", "1,000", "-1,234,567.000000001", "9,007,199,254,740,993.123456789"]);
});

test("money has two decimals, rounded by its digits, and zero has no sign", () => {
  const written = ["0", "-0.001", "0.005", "-1898.2", "99999.995", "90071992547409931.995", null].map(money);
  expect(written).toEqual(["0.00", "0.00", "0.01", "−1,898.20", "100,000.00", "90,071,992,547,409,932.00", "–"]);
});

test("a gain has its sign, and a way for its colour", () => {
  expect(["0.2", "-3", "0", null].map(gain)).toEqual(["+0.20", "−3.00", "0.00", "–"]);
  expect(["0.2", "-3", "0", "-0.00", null].map(wayOf)).toEqual(["up", "down", "flat", "flat", "flat"]);
});

test("a size is told in four digits", () => {
  const written = ["1", "3.922172214", "1385", "25841", "1000000000", "0.00012345678"].map(brief);
  expect(written).toEqual(["1", "3.922", "1385", "25.84k", "1G", "0.0001235"]);
});

test("a price has its tick's decimals", () => {
  expect(["1", "0.01", "0.00001"].map(decimalsOf)).toEqual([0, 2, 5]);
});

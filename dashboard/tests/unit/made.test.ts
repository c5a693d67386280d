import { expect, test } from "vitest";
import { countsOf, type Entry, listOf, nameOf, placed, textOf } from "../../src/model/made";

const REJECT = { name: "third", match: { symbol: "EURUSD", nth: 3 }, do: { reject: 'no: "a, b"' } };

test("an entry is shown as it would be put, without its counts and what says nothing", () => {
  const text = textOf({ ...REJECT, times: null, matched: 3, used: 1 });
  expect(JSON.parse(text)).toEqual(REJECT);
  expect(textOf({ name: null, match: {}, do: "nothing", times: 2, matched: 0, used: 0 })).toBe(
    '{"do": "nothing", "times": 2}',
  );
  expect(countsOf({ ...REJECT, matched: 3, used: 1 })).toBe("matched 3, used 1");
  expect(countsOf({ do: { skip: true }, matched: 0 })).toBe("matched 0");
});

test("a short entry is one line, in which texts stay as they are; a long one is broken up", () => {
  expect(textOf({ do: { reject: 'a:b,"c"' } })).toBe('{"do": {"reject": "a:b,\\"c\\""}}');
  expect(textOf({ name: "n".repeat(80), do: {} }).split("\n").length).toBeGreaterThan(2);
});

test("an entry is called by its name, else by what it does", () => {
  expect(nameOf(textOf(REJECT))).toBe("third");
  expect(nameOf('{"do": {"delay": "5s"}}')).toBe('{"delay": "5s"}');
  expect(nameOf('{"preset": "brutal"}')).toBe("preset brutal");
  expect(nameOf("{")).toBe("not read yet");
});

const entry = (text: string, on = true): Entry => ({ text, on });

test("what is on is put, in order; what is no JSON is told of at its place, unless it is off", () => {
  expect(listOf([entry('{"a": 1}'), entry("{", false), entry('{"b": 2}')])).toEqual({ list: [{ a: 1 }, { b: 2 }] });
  const read = listOf([entry("{", false), entry("{")]);
  expect("faults" in read && [...read.faults.keys()]).toEqual([1]);
});

test("what the venue says is wrong is told at the entry, though others before it are off", () => {
  const entries = [entry("1", false), entry("2"), entry("3", false), entry("4")];
  const fields = new Map([
    ["0.do", "Field required"],
    ["1.do.fill.0", "too much"],
    ["1.times", "too few"],
    ["7.do", "nowhere"],
    ["", "all of it"],
  ]);
  expect([...placed(fields, entries)]).toEqual([
    [1, "do: Field required"],
    [3, "do.fill.0: too much; times: too few"],
  ]);
});

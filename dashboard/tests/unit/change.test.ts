import { expect, test } from "vitest";
import { readFrame } from "../../src/model/change";
import { readTime } from "../../src/model/time";

test("a change is read with its time in microseconds", () => {
  const text =
    '{"seq":42,"at":"2026-11-22T08:00:00.123456Z","id":"a","stoks":"EURUSD","quantity":7,"status":"PENDING","due_at":"2026-11-22T08:00:00.623456Z"}';
  const atUs = Date.UTC(2026, 10, 22, 8) * 1000 + 123_456;
  expect(readFrame(text)).toEqual({
    kind: "change",
    seq: 42,
    atUs,
    id: "a",
    symbol: "EURUSD",
    quantity: 7,
    status: "PENDING",
    dueUs: atUs + 500_000,
    clientOrderId: null,
  });
  const named = text.replace("}", ',"client_order_id":"bot-7/42"}');
  expect(readFrame(named)).toMatchObject({ clientOrderId: "bot-7/42" });
});

test("a refused request is read, and a frame of an unknown kind is none", () => {
  const text =
    '{"type":"reject","number":3,"at":"2026-11-22T08:00:00.000001Z","method":"POST","path":"/orders","status":422,"sent":"{}","detail":[{"type":"missing","loc":["body","stoks"],"msg":"Field required","input":{}}]}';
  expect(readFrame(text)).toMatchObject({
    kind: "reject",
    reject: { number: 3, query: null, status: 422, sent: "{}", detail: [{ msg: "Field required" }] },
  });
  expect(readFrame('{"type":"price","bid":1}')).toBeNull();
});

test("a closing has no due time", () => {
  const text = '{"seq":2,"at":"2026-11-22T08:00:00.5Z","id":"a","stoks":"X","quantity":1,"status":"EXECUTED"}';
  expect(readFrame(text)).toMatchObject({ dueUs: null, atUs: Date.UTC(2026, 10, 22, 8) * 1000 + 500_000 });
});

test("what follows a loss is told apart", () => {
  expect(readFrame('{"type":"lagged","oldest":900,"seq":1024}')).toEqual({ kind: "lagged", oldest: 900, seq: 1024 });
  const open =
    '{"type":"order","id":"a","stoks":"X","quantity":1,"status":"PENDING","accepted_at":"2026-11-22T08:00:00.000001Z","due_at":"2026-11-22T08:00:01.000000Z","closed_at":null,"accepted_seq":1001,"seq":1001}';
  expect(readFrame(open)).toMatchObject({ kind: "open", order: { id: "a", acceptedSeq: 1001, closedUs: null } });
});

test("times are read to the microsecond, whatever was read before", () => {
  const [first, second] = ["2026-12-31T23:59:59.999999Z", "2027-01-01T00:00:00.000000Z"];
  expect(readTime(second) - readTime(first)).toBe(1);
  expect(readTime(first) - readTime(second)).toBe(-1);
  expect(readTime("2026-11-22T08:00:00Z")).toBe(Date.UTC(2026, 10, 22, 8) * 1000);
});

import { expect, test } from "vitest";
import type { Answer } from "../../src/api/rest";
import { Clockwork, type Turns } from "../../src/live/clockwork";

/** A venue's clock that the test plays: what it was asked, and what it answers. */
function clock(answer: Answer<unknown>) {
  const asked: unknown[] = [];
  const ask = async (what: unknown) => {
    asked.push(what);
    return answer;
  };
  const turned = async () => void asked.push("turned");
  return { asked, work: new Clockwork({ advance: ask, run: ask, turned } as unknown as Turns) };
}

const advanced = (changes: number): Answer<unknown> => ({ ok: true, value: { now: "", changes, number: changes } });

test("time goes on by a while or to what happens next, and it is told how much did", async () => {
  const { asked, work } = clock(advanced(1_234));
  const going = work.by("1h");
  expect(work.busy()).toBe(true);
  await going;
  expect([work.busy(), work.outcome()]).toEqual([false, { kind: "done", text: "1,234 changes" }]);
  await work.next();
  expect(asked).toEqual([{ by: "1h" }, "turned", { events: 1 }, "turned"]);
  const one = clock(advanced(1));
  await one.work.next();
  expect(one.work.outcome()?.text).toBe("1 change");
});

test("it is frozen, runs as before, or at a speed", async () => {
  const { asked, work } = clock({ ok: true, value: {} });
  await work.freeze();
  await work.run(null);
  await work.run(60);
  expect(asked.filter((what) => what !== "turned")).toEqual([{ mode: "frozen" }, { mode: "running" }, { speed: 60 }]);
});

test("what the venue refuses is told in its words, and one thing is done at a time", async () => {
  const refusal = { status: 422, message: "A clock goes no further than the year 9999", fields: new Map() };
  const { asked, work } = clock({ ok: false, refusal });
  await Promise.all([work.by("1d"), work.by("1d")]);
  expect(asked).toEqual([{ by: "1d" }, "turned"]);
  expect(work.outcome()).toEqual({ kind: "fault", text: refusal.message });
  work.forget();
  expect(work.outcome()).toBe(null);
});

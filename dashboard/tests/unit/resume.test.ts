import { beforeEach, describe, expect, test } from "vitest";
import { Resume, TAIL } from "../../src/model/resume";
import { change, order } from "./support";

let resume: Resume;

beforeEach(() => {
  resume = new Resume();
});

/** A page that holds the changes 7 and 8. */
function begun(): Resume {
  resume.begin();
  resume.judge(change(7, "a"));
  resume.judge(change(8, "a", "EXECUTED"));
  return resume;
}

test("a page that holds nothing asks for the newest changes, wherever they begin", () => {
  expect(resume.begin()).toBe(`last=${TAIL}`);
  expect(resume.unproven).toBe(false);
  expect(resume.judge(change(7, "a"))).toEqual({ do: "apply" });
  expect(resume.seq).toBe(7);
});

test("a page that was cut off asks for its newest change again, and skips it", () => {
  expect(begun().begin()).toBe("since=7");
  expect(resume.unproven).toBe(true);
  expect(resume.judge(change(8, "a", "EXECUTED"))).toEqual({ do: "skip" });
  expect(resume.unproven).toBe(false);
  expect(resume.judge(change(9, "b"))).toEqual({ do: "apply" });
});

describe("another venue is told by its first frame", () => {
  const strangers = {
    "another number": change(7, "a"),
    "another order": change(8, "z", "EXECUTED"),
    "another status": change(8, "a", "CANCELLED"),
    "another time": change(8, "a", "EXECUTED", { atUs: 1 }),
    "a loss that ends before what is held": { kind: "lagged", oldest: 1, seq: 6 } as const,
  };
  for (const [name, frame] of Object.entries(strangers)) {
    test(name, () => {
      begun().begin();
      expect(resume.judge(frame)).toEqual({ do: "restart" });
      resume.forget();
      expect(resume.begin()).toBe(`last=${TAIL}`);
    });
  }
});

test("a loss is told with its numbers, then what follows is taken over", () => {
  begun().begin();
  expect(resume.judge({ kind: "lagged", oldest: 90, seq: 100 })).toEqual({ do: "lost", from: 9, to: 100 });
  expect(resume.judge({ kind: "open", order: order("b", 99) })).toEqual({ do: "apply" });
  expect(resume.judge(change(101, "c"))).toEqual({ do: "apply" });
});

test("a page that is cut off right after a loss still resumes", () => {
  begun().begin();
  resume.judge({ kind: "lagged", oldest: 90, seq: 100 });
  expect(resume.begin()).toBe("since=99");
  expect(resume.judge(change(100, "whatever"))).toEqual({ do: "skip" });
});

describe("a venue that holds fewer changes than the page asks for at first", () => {
  test("is asked for those that it holds", () => {
    resume.begin();
    expect(resume.judge({ kind: "lagged", oldest: 91, seq: 100 })).toEqual({ do: "again" });
    expect(resume.begin()).toBe("since=90");
    expect(resume.unproven).toBe(false);
    expect(resume.judge(change(91, "c"))).toEqual({ do: "apply" });
    expect(resume.begin()).toBe("since=90");
    expect(resume.unproven).toBe(true);
  });

  test("is asked for a part of many: some go meanwhile", () => {
    resume.begin();
    resume.judge({ kind: "lagged", oldest: 1_001, seq: 2_000 });
    expect(resume.begin()).toBe("since=1062");
  });

  test("is asked once: then the page begins with the open orders", () => {
    resume.begin();
    resume.judge({ kind: "lagged", oldest: 91, seq: 100 });
    resume.begin();
    expect(resume.judge({ kind: "lagged", oldest: 92, seq: 101 })).toEqual({ do: "begin", to: 101 });
    expect(resume.judge({ kind: "open", order: order("b", 99) })).toEqual({ do: "apply" });
    expect(resume.judge(change(102, "c"))).toEqual({ do: "apply" });
  });

  test("is taken as it is where it holds none", () => {
    resume.begin();
    expect(resume.judge({ kind: "lagged", oldest: 101, seq: 100 })).toEqual({ do: "begin", to: 100 });
    expect(resume.judge(change(101, "c"))).toEqual({ do: "apply" });
  });
});

test("a number that is left out shows that something is wrong", () => {
  begun();
  expect(resume.judge(change(10, "b"))).toEqual({ do: "restart" });
});

import { createRoot, createSignal } from "solid-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CALM_MS, calm } from "../../src/figures/calm";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** A figure, how it is told, and an end of whoever shows it. */
function following() {
  return createRoot((dispose) => {
    const [value, set] = createSignal(1);
    return { told: calm(value), set, dispose };
  });
}

test("a figure is told at once where it did not change just before", () => {
  const { told, set } = following();
  expect(told()).toBe(1);
  vi.advanceTimersByTime(CALM_MS);
  set(2);
  expect(told()).toBe(2);
});

test("one that changes with each frame is told ten times a second, and the last of it is", () => {
  const { told, set } = following();
  const seen = new Set<number>();
  for (let frame = 0; frame < 60; frame++) {
    set(100 + frame);
    seen.add(told());
    vi.advanceTimersByTime(1000 / 60);
  }
  expect(seen.size).toBeGreaterThanOrEqual(9);
  expect(seen.size).toBeLessThanOrEqual(11);
  vi.advanceTimersByTime(CALM_MS);
  expect(told()).toBe(159);
});

test("nothing is told after whoever shows it has gone", () => {
  const { told, set, dispose } = following();
  vi.advanceTimersByTime(CALM_MS);
  set(2);
  set(3);
  dispose();
  expect(vi.getTimerCount()).toBe(0);
  expect(told()).toBe(2);
});

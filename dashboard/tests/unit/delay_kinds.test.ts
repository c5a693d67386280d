import { describe, expect, it, test } from "vitest";
import type { Change, Order } from "../../src/model/change";
import { plotBins } from "../../src/model/delay_bins";
import { DelayKinds } from "../../src/model/delay_kinds";
import { readDelayModel } from "../../src/model/delay_model";
import { Pulse } from "../../src/model/pulse";

const kinds = (usual: string, long: string) => new DelayKinds(readDelayModel(usual), readDelayModel(long));

describe("DelayKinds", () => {
  it.each([
    ["100ms..1s", "5s", 5_000_000, true, false],
    ["100ms..1s", "5s", 700_000, false, false],
    // Neither: the models may have been others when it was drawn.
    ["100ms..1s", "5s", 3_000_000, false, false],
    ["lognormal(250ms,0.5)", "5s", 5_000_000, true, false],
    // To the microsecond the one delay of a model beside a range.
    ["100ms..10s", "5s", 5_000_000, true, false],
    ["100ms..10s", "5s", 5_000_100, false, false],
    ["5s", "1s..10s", 5_000_000, false, false],
    ["5s", "1s..10s", 6_000_000, true, false],
    // They overlap.
    ["100ms..1s", "500ms..5s", 700_000, false, true],
    ["100ms..1s", "500ms..5s", 2_000_000, true, true],
    ["5s", "5s", 5_000_000, false, true],
    ["none", "none", 0, false, true],
    ["", "5s", 5_000_000, true, false],
    ["100ms..1s", "", 5_000_000, false, false],
  ])("of %s and %s, %i µs are long: %s; a mixture: %s", (usual, long, us, isLong, mixture) => {
    expect(kinds(usual, long).isLong(us)).toBe(isLong);
    expect(kinds(usual, long).mixture).toBe(mixture);
  });
});

const START_US = 1_760_000_000e6;

/** An order that was executed a millisecond after it was due. */
function executed(number: number, delayUs: number): [Change, Order] {
  const common = {
    id: `o${number}`,
    symbol: "A",
    quantity: 1,
    clientOrderId: null,
    terms: null,
    status: "EXECUTED",
    seq: number,
  } as const;
  const closedUs = START_US + number * 10_000;
  const dueUs = closedUs - 1_000;
  const order: Order = { ...common, acceptedSeq: number, acceptedUs: dueUs - delayUs, dueUs, closedUs };
  return [{ ...common, kind: "change", atUs: closedUs, dueUs: null }, order];
}

for (const when of ["before", "after"]) {
  test(`orders of the long delay are counted apart, where the delays are known ${when} them`, () => {
    const pulse = new Pulse();
    const orders: Order[] = [];
    const known = () => pulse.configure(kinds("100ms..1s", "5s"), orders);
    if (when === "before") known();
    for (let number = 0; number < 10; number += 1) {
      const [change, order] = executed(number, number % 5 === 0 ? 5_000_000 : 500_000);
      orders.push(order);
      pulse.record(change, order);
    }
    // It did not come as a change.
    orders.push({ ...executed(10, 500_000)[1], closedUs: START_US + 2e6 });
    if (when === "after") known();
    const nowUs = START_US + 3e6;
    expect(pulse.totals(nowUs, 60)).toMatchObject({
      executed: 10,
      averageUs: 501_000,
      deviationUs: 0,
      long: { count: 2, averageUs: 5_001_000 },
      mixture: false,
    });
    expect(pulse.delays(nowUs, plotBins(1_100_000))).toMatchObject({ within: 8, beyond: 0 });
    expect(pulse.totals(nowUs + 400e6, 60).long).toEqual({ count: 0, averageUs: null });
  });
}

import { beforeEach, describe, expect, it } from "vitest";
import type { Change, Order, Status } from "../../src/model/change";
import { plotBins } from "../../src/model/delay_bins";
import { DelayKinds } from "../../src/model/delay_kinds";
import { readDelayModel } from "../../src/model/delay_model";
import { Pulse, WINDOW_S } from "../../src/model/pulse";
import { readTerms } from "../../src/model/terms";

// A multiple of all steps.
const START_S = 1_760_000_100;

interface Event {
  atUs: number;
  status: Status;
  acceptedUs: number | null;
  dueUs: number | null;
}

const MARKET = readTerms({ number: 1, state: "filled", side: "buy", type: "market" });
const LIMIT = readTerms({ number: 1, state: "filled", side: "buy", type: "limit", limit_price: "1.08" });

const USUAL = new DelayKinds(readDelayModel("100ms..1s"), readDelayModel("5s"));

function orderOf(event: Event): Order {
  const names = { id: "an-id", symbol: "AAPL", clientOrderId: null, terms: MARKET };
  const common = { ...names, quantity: 1, status: event.status, seq: 1 };
  const closedUs = event.status === "PENDING" ? null : event.atUs;
  return { ...common, acceptedSeq: 1, acceptedUs: event.acceptedUs, dueUs: event.dueUs, closedUs };
}

function feed(pulse: Pulse, event: Event): void {
  const common = { id: "an-id", symbol: "AAPL", quantity: 1, status: event.status, seq: 1, clientOrderId: null };
  const change: Change = { ...common, kind: "change", atUs: event.atUs, dueUs: null };
  pulse.record(change, orderOf(event));
}

function executed(atS: number, delayUs: number | null, lateUs: number | null = null): Event {
  const atUs = Math.round(atS * 1e6);
  const acceptedUs = delayUs === null ? null : atUs - delayUs;
  return { atUs, status: "EXECUTED", acceptedUs, dueUs: lateUs === null ? null : atUs - lateUs };
}

const accepted = (atS: number): Event => ({ ...executed(atS, null), status: "PENDING" });
const secondUs = (second: number) => (START_S + second) * 1e6;
const sum = (figures: (number | null)[]) => figures.reduce((total: number, figure) => total + (figure ?? 0), 0);

/** The sfc32 generator: the same numbers for the same seed. */
function chance(seed: number): () => number {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed];
  return () => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
}

/** Keeps every event and counts anew each time. */
class Twin {
  private events: Event[] = [];
  private byAge: Event[][] = [];
  private newest = -1;

  record(event: Event): void {
    this.events.push(event);
    this.newest = Math.max(this.newest, this.secondOf(event));
  }

  advance(nowUs: number): void {
    this.newest = Math.max(this.newest, Math.floor(nowUs / 1e6));
    this.events = this.events.filter((event) => this.secondOf(event) >= this.newest - WINDOW_S);
    this.byAge = Array.from({ length: WINDOW_S + 1 }, () => []);
    for (const event of this.events) this.byAge[this.newest - this.secondOf(event)]?.push(event);
  }

  /** The events of full seconds from `from` to before `to` seconds before the one that runs. */
  between(from: number, to: number): Event[] {
    return this.byAge.slice(to + 1, from + 1).flat();
  }

  series(status: Status): number[] {
    return Array.from(
      { length: WINDOW_S },
      (_, at) => this.between(WINDOW_S - at, WINDOW_S - at - 1).filter((event) => event.status === status).length,
    );
  }

  delays(seconds: number): number[] {
    return this.known(this.between(seconds, 0), "acceptedUs");
  }

  known(events: Event[], since: "acceptedUs" | "dueUs"): number[] {
    return events
      .filter((event) => event.status === "EXECUTED" && event[since] !== null)
      .map((event) => event.atUs - (event[since] as number))
      .sort((one, other) => one - other);
  }

  get newestS(): number {
    return this.newest;
  }

  private secondOf(event: Event): number {
    return Math.floor(event.atUs / 1e6);
  }
}

/** The share of `figures` that the nearest rank takes. */
const nearestRank = (figures: number[], share: number) => figures[Math.max(1, Math.ceil(figures.length * share)) - 1];

function expectWithin(told: number | null, exact: number | undefined, error: number): void {
  if (exact === undefined) expect(told).toBeNull();
  else expect(Math.abs((told as number) - exact)).toBeLessThanOrEqual(exact * error + 1e-6);
}

describe("against a twin that keeps everything", () => {
  it.each([1, 2, 3, 4])("tells the same, seed %i", (seed) => {
    const random = chance(seed);
    const pulse = new Pulse();
    const twin = new Twin();
    let now = secondUs(0);
    for (let round = 0; round < 60; round++) {
      // Most rounds are a few seconds apart, some minutes, so that seconds without anything and whole rings pass.
      now += random() < 0.05 ? Math.floor(random() * 400e6) : Math.floor(random() * 8e6);
      for (let count = Math.floor(random() * 60); count > 0; count--) {
        // Some arrive late, some of them too late; a few are ahead of the clock that asks.
        const ago = random() < 0.1 ? random() * 330e6 : random() * 4e6 - 0.2e6;
        const status = (["PENDING", "EXECUTED", "EXECUTED", "CANCELLED"] as const)[Math.floor(random() * 4)] as Status;
        const atUs = Math.floor(now - ago);
        const acceptedUs = random() < 0.1 ? null : atUs - Math.floor(10 ** (random() * 8));
        const dueUs = random() < 0.1 ? null : atUs - Math.floor(10 ** (random() * 9) - 1);
        const event = { atUs, status, acceptedUs, dueUs };
        feed(pulse, event);
        twin.record(event);
      }
      twin.advance(now);
      compare(pulse, twin, now);
    }
  });

  function compare(pulse: Pulse, twin: Twin, now: number): void {
    const orders = pulse.orders(now);
    expect(orders.accepted.map((count) => count ?? 0)).toEqual(twin.series("PENDING"));
    expect(orders.executed.map((count) => count ?? 0)).toEqual(twin.series("EXECUTED"));
    expect(orders.cancelled.map((count) => count ?? 0)).toEqual(twin.series("CANCELLED"));
    for (const seconds of [60, 300]) {
      const totals = pulse.totals(now, seconds);
      const delays = twin.delays(seconds);
      const average = sum(delays) / delays.length;
      expect(totals.executed).toBe(twin.between(seconds, 0).filter((event) => event.status === "EXECUTED").length);
      expectWithin(totals.averageUs, delays.length === 0 ? undefined : average, 1e-9);
      const deviation = Math.sqrt(sum(delays.map((delay) => (delay - average) ** 2)) / delays.length);
      expectWithin(totals.deviationUs, delays.length === 0 ? undefined : deviation, 1e-6);
      const late = twin.known(twin.between(seconds, 0), "dueUs");
      expectWithin(totals.lateP50Us, nearestRank(late, 0.5), 0.026);
      expectWithin(totals.lateP99Us, nearestRank(late, 0.99), 0.026);
      expectWithin(totals.lateMaxUs, late.at(-1), 0);
    }
    const bins = plotBins(1_100_000);
    const histogram = pulse.delays(now, bins);
    const exact = new Array<number>(bins.count).fill(0);
    for (const delay of twin.delays(300)) {
      const bin = Math.floor(delay / bins.widthUs);
      if (bin < bins.count) exact[bin] = (exact[bin] ?? 0) + 1;
    }
    expect(histogram.counts).toEqual(exact);
    expect(histogram.beyond).toBe(twin.delays(300).length - sum(exact));
    const points = pulse.steps(now, 5);
    points.endsS.forEach((endS, at) => {
      const age = twin.newestS - endS;
      const from = at === 0 ? age + 5 : twin.newestS - (points.endsS[at - 1] as number);
      const late = twin.known(twin.between(from, age), "dueUs");
      expectWithin(points.p99Us[at] ?? null, nearestRank(late, 0.99), 0.026);
      expectWithin(points.maxUs[at] ?? null, late.at(-1), 0);
    });
  }
});

describe("Pulse", () => {
  let pulse: Pulse;

  beforeEach(() => {
    pulse = new Pulse();
  });

  /** An order is executed so long after it was due; its terms are not known. */
  function late(id: string, second: number, lateUs = 100_000): Order {
    const event = executed(START_S + second, 500_000 + lateUs, lateUs);
    const order = { ...orderOf(event), id, terms: null };
    pulse.record({ ...order, kind: "change", atUs: event.atUs }, order);
    return order;
  }

  it("tells zeros before anything happened", () => {
    expect(sum(pulse.orders(secondUs(0)).accepted)).toBe(0);
    expect(pulse.orders(secondUs(0)).accepted).toHaveLength(WINDOW_S);
    expect(pulse.totals(secondUs(0), 60)).toMatchObject({
      seconds: 0,
      accepted: 0,
      ordersPerS: null,
      averageUs: null,
      lateP99Us: null,
    });
    expect(pulse.delayReachUs(secondUs(0), 0.9)).toBeNull();
    expect(pulse.steps(secondUs(0), 5).p50Us.every((point) => point === null)).toBe(true);
  });

  it("does not tell the second that runs", () => {
    feed(pulse, executed(START_S + 0.5, 1000, 1000));
    const running = pulse.totals(secondUs(0.9), 60);
    expect(running).toMatchObject({ executed: 0, averageUs: null, lateP50Us: null });
    expect(pulse.delays(secondUs(0.9), plotBins(0)).within).toBe(0);
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ executed: 1, averageUs: 1000 });
    expect(pulse.delays(secondUs(1), plotBins(0)).within).toBe(1);
  });

  it("tells the rate over the time that it knows, not over a minute it has not seen", () => {
    for (let tenth = 0; tenth < 100; tenth++) feed(pulse, accepted(START_S + tenth / 10));
    expect(pulse.totals(secondUs(10), 60)).toMatchObject({ seconds: 10, ordersPerS: 10 });
    expect(pulse.totals(secondUs(20), 60)).toMatchObject({ seconds: 20, ordersPerS: 5 });
    expect(pulse.totals(secondUs(60), 60)).toMatchObject({ seconds: 60, accepted: 100 });
  });

  it("knows that nothing happened since it was first asked", () => {
    pulse.totals(secondUs(0), 60);
    feed(pulse, accepted(START_S + 59));
    expect(pulse.totals(secondUs(60), 60)).toMatchObject({ seconds: 60, accepted: 1 });
  });

  it("knows nothing of the time before its first word", () => {
    feed(pulse, accepted(START_S));
    expect(pulse.orders(secondUs(2), 4).accepted).toEqual([null, null, 1, 0]);
  });

  it("has a gap while the venue is not heard, and none once it told what was missed", () => {
    feed(pulse, accepted(START_S));
    pulse.unheard(secondUs(1.5));
    expect(pulse.orders(secondUs(4), 4).accepted).toEqual([1, null, null, null]);
    expect(pulse.totals(secondUs(4), 60)).toMatchObject({ seconds: 1, ordersPerS: 1 });
    expect(pulse.totals(secondUs(4), 2)).toMatchObject({ seconds: 0, ordersPerS: null });
    // As of when it was heard, whatever the time is now.
    expect(pulse.totals(secondUs(4), 1, secondUs(1.5))).toMatchObject({ seconds: 1, ordersPerS: 1 });
    expect(pulse.orders(secondUs(4), 2, secondUs(1.5)).accepted).toEqual([null, 1]);
    feed(pulse, accepted(START_S + 2));
    pulse.unheard(null);
    expect(pulse.orders(secondUs(4), 4).accepted).toEqual([1, 0, 1, 0]);
    expect(pulse.totals(secondUs(4), 60)).toMatchObject({ seconds: 4, ordersPerS: 0.5 });
  });

  it("keeps the gap where the venue did not answer, but for seconds of which it tells something", () => {
    feed(pulse, executed(START_S, 1000, 500));
    pulse.mute(secondUs(1), secondUs(3.2));
    feed(pulse, executed(START_S + 2, 3000, 500));
    expect(pulse.orders(secondUs(5), 5).executed).toEqual([1, null, 1, null, 0]);
    expect(pulse.totals(secondUs(5), 60)).toMatchObject({ seconds: 3, executed: 2 });
  });

  it("takes nothing for known of seconds of which changes were lost", () => {
    feed(pulse, executed(START_S, 1000, 500));
    pulse.mute(secondUs(1), secondUs(2), true);
    feed(pulse, executed(START_S + 1, 3000, 900));
    expect(pulse.orders(secondUs(4), 4).executed).toEqual([1, null, null, 0]);
    expect(pulse.totals(secondUs(4), 60)).toMatchObject({ executed: 1, lateMaxUs: 500 });
    const { p50Us } = pulse.steps(secondUs(4), 1, 4);
    expect(p50Us.map((point) => point !== null)).toEqual([true, false, false, false]);
    // The ring comes round.
    feed(pulse, executed(START_S + 302, 1000));
    expect(pulse.orders(secondUs(303), 2).executed).toEqual([0, 1]);
  });

  it("forgets a second after five minutes", () => {
    feed(pulse, executed(START_S, 1000));
    expect(pulse.orders(secondUs(WINDOW_S)).executed[0]).toBe(1);
    expect(sum(pulse.orders(secondUs(WINDOW_S + 1)).executed)).toBe(0);
    expect(pulse.delays(secondUs(WINDOW_S + 1), plotBins(0))).toMatchObject({ within: 0, beyond: 0 });
  });

  it("counts what arrives late in the second when it happened, and ignores what is too old", () => {
    feed(pulse, accepted(START_S + WINDOW_S));
    feed(pulse, accepted(START_S));
    feed(pulse, accepted(START_S - 1));
    const { accepted: counts } = pulse.orders(secondUs(WINDOW_S + 1), WINDOW_S);
    expect(sum(counts)).toBe(1);
    expect(pulse.totals(secondUs(WINDOW_S), 300).accepted).toBe(1);
  });

  it("knows neither delay nor lateness where the acceptance was not seen", () => {
    feed(pulse, executed(START_S, null));
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ executed: 1, averageUs: null, lateP99Us: null });
  });

  it("counts neither delay nor lateness of a cancelled order", () => {
    feed(pulse, { ...executed(START_S, 1000, 1000), status: "CANCELLED" });
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ cancelled: 1, averageUs: null, lateP99Us: null });
  });

  it("counts a late order once its terms are known, and none that waited for its price", () => {
    const [soon, waited, slow] = [late("soon", 0, 5_000), late("waited", 0, 3_600e6), late("slow", 0, 30_000)];
    pulse.configure(USUAL, [soon, waited, slow]);
    // Whoever is hardly late did not wait; of the others nothing is known.
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ executed: 3, averageUs: 505_000, lateMaxUs: 5_000 });
    expect([pulse.doubt()?.id, pulse.doubt()?.id, pulse.doubt()?.id]).toEqual(["waited", "slow", "waited"]);
    pulse.learn({ ...waited, terms: LIMIT });
    pulse.learn(slow);
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ averageUs: 505_000, lateMaxUs: 5_000 });
    // Told twice, it counts once; and told anew how orders are delayed, it is not counted before its terms are.
    pulse.configure(USUAL, [soon, { ...waited, terms: LIMIT }, { ...slow, terms: MARKET }]);
    for (let times = 0; times < 2; times++) pulse.learn({ ...slow, terms: MARKET });
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ executed: 3, averageUs: 517_500, lateMaxUs: 30_000 });
    expect(pulse.doubt()).toBeNull();
  });

  it("lets go of doubts that are too many or too old, and counts them nowhere", () => {
    const first = late("first", 0);
    for (let count = 0; count < 4_096; count++) late(`later ${count}`, 0);
    pulse.learn({ ...first, terms: MARKET });
    expect(pulse.totals(secondUs(1), 60).averageUs).toBeNull();
    const second = late("second", 1);
    // The ring comes round.
    late("last", 302);
    pulse.learn({ ...second, terms: MARKET });
    expect(pulse.doubt()?.id).toBe("last");
    expect(pulse.totals(secondUs(303), 300)).toMatchObject({ averageUs: null, lateMaxUs: null });
  });

  it("takes an execution ahead of its due time for punctual", () => {
    feed(pulse, executed(START_S, 1000, -5));
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ lateP50Us: 0, lateP99Us: 0, lateMaxUs: 0 });
  });

  it("keeps a long-pending order out of the plot and tells of it", () => {
    feed(pulse, executed(START_S, 300_000));
    feed(pulse, executed(START_S, 5_000_500));
    const histogram = pulse.delays(secondUs(1), plotBins(1_100_000));
    expect(histogram).toMatchObject({ within: 1, beyond: 1 });
    expect(histogram.counts[12]).toBe(1);
    expect(pulse.delayReachUs(secondUs(1), 0.5)).toBe(302_500);
  });

  it("tells long-pending orders apart, also of what it counted before it knew how orders are delayed", () => {
    const events = [
      { ...executed(START_S + 8, 501_000), dueUs: secondUs(8) - 1_000 },
      { ...executed(START_S + 8, 5_002_000), dueUs: secondUs(8) - 2_000 },
      { ...executed(START_S + 9, 5_004_000), dueUs: secondUs(9) - 4_000 },
    ];
    for (const event of events.slice(0, 2)) feed(pulse, event);
    expect(pulse.totals(secondUs(10), 60)).toMatchObject({ averageUs: 2_751_500, long: { count: 0, averageUs: null } });
    pulse.configure(USUAL, events.slice(0, 2).map(orderOf));
    feed(pulse, events[2] as Event);
    expect(pulse.totals(secondUs(10), 60)).toMatchObject({
      executed: 3,
      averageUs: 501_000,
      deviationUs: 0,
      long: { count: 2, averageUs: 5_003_000 },
    });
    expect(pulse.delays(secondUs(10), plotBins(1_100_000))).toMatchObject({ within: 1, beyond: 0 });
    // The ring comes round.
    expect(pulse.totals(secondUs(309), 300)).toMatchObject({ long: { count: 1 } });
    expect(pulse.totals(secondUs(310), 300)).toMatchObject({ long: { count: 0, averageUs: null } });
  });

  it("counts orders together whose delays overlap, also those that can only be long", () => {
    pulse.configure(new DelayKinds(readDelayModel("100ms..1s"), readDelayModel("500ms..3s")), []);
    feed(pulse, { ...executed(START_S, 500_000), dueUs: secondUs(0) });
    feed(pulse, { ...executed(START_S, 2_500_000), dueUs: secondUs(0) });
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ averageUs: 1_500_000, long: { count: 0 }, mixture: true });
    expect(pulse.delays(secondUs(1), plotBins(3_300_000)).within).toBe(2);
  });

  it("counts nothing twice when it is told again how orders are delayed", () => {
    const event = { ...executed(START_S, 5_000_000), dueUs: secondUs(0) };
    pulse.configure(USUAL, []);
    feed(pulse, event);
    pulse.configure(USUAL, [orderOf(event)]);
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ long: { count: 1 }, averageUs: null });
  });

  describe("beyond five minutes", () => {
    /** An order accepted each second, executed at once, from `from` to before `to`. */
    const busy = (from: number, to: number) => {
      for (let second = from; second < to; second++) {
        feed(pulse, accepted(START_S + second));
        feed(pulse, executed(START_S + second, 1000, second < 300 ? 1000 : 9000));
        pulse.ageS(secondUs(second));
      }
    };

    it.each([15, 300])("has steps of %i s, up to the second that runs, each counted once", (stepS) => {
      // A start that is a multiple of both.
      busy(0, 1_207);
      const { endsS, accepted, p99Us } = pulse.steps(secondUs(1_207), stepS, 1_200);
      expect(endsS.at(-1)).toBe(START_S + 1_207);
      expect(endsS.at(-2)).toBe(START_S + 1_200);
      for (const rate of accepted.slice(1, -1)) expect(rate).toBe(1);
      expect(Math.round((p99Us[1] ?? 0) / 1e3)).toBe(stepS === 15 ? 1 : 9);
      expect(Math.round((p99Us.at(-1) ?? 0) / 1e3)).toBe(9);
    });

    it("has a gap where the venue was not heard, and a true rate beside it", () => {
      busy(0, 100);
      pulse.unheard(secondUs(100));
      for (let second = 100; second < 700; second += 10) pulse.ageS(secondUs(second));
      pulse.mute(secondUs(100), secondUs(699), true);
      pulse.unheard(null);
      busy(700, 1_100);
      const { endsS, accepted, heard } = pulse.steps(secondUs(1_100), 15, 1_095);
      const rateAt = (second: number) => accepted[endsS.indexOf(START_S + second)];
      expect([90, 105, 120, 690, 705, 720, 1095].map(rateAt)).toEqual([1, 1, null, null, 1, 1, 1]);
      expect(heard.filter((known) => !known)).toHaveLength(39);
    });

    it("does not tell the rate of a step that it heard a moment of, but how late orders were in it", () => {
      busy(0, 4);
      const { heard, accepted, p99Us } = pulse.steps(secondUs(4), 15, 15);
      expect([heard[0], accepted[0], p99Us[0] === null]).toEqual([false, null, false]);
      busy(4, 5);
      expect(pulse.steps(secondUs(5), 15, 15).accepted).toEqual([1]);
    });

    it("forgets a step when its ring comes round, whatever lay between", () => {
      busy(0, 30);
      expect(pulse.steps(secondUs(3_000), 15, 3_600).accepted.filter((rate) => rate === 1)).toHaveLength(2);
      // The slots of the first two steps are those of two in here.
      busy(3_615, 4_100);
      const told = pulse.steps(secondUs(4_100), 15, 3_600);
      expect(told.accepted.filter((rate) => (rate ?? 0) > 0)).toEqual(new Array(33).fill(1));
      expect(told.p50Us.filter((late) => late !== null)).toHaveLength(33);
    });

    it("forgets all when it is cleared", () => {
      busy(0, 700);
      pulse.clear();
      expect(pulse.steps(secondUs(700), 15, 3_600).heard.some((heard) => heard)).toBe(false);
    });
  });

  it("forgets everything when it is cleared", () => {
    for (let at = 0; at < 500; at++) feed(pulse, executed(START_S + at / 2, 1000 * at, at));
    pulse.clear();
    expect(pulse.totals(secondUs(250), 300)).toMatchObject({ executed: 0, averageUs: null, lateMaxUs: null });
  });

  it("believes the venue's clock where the page's was ahead", () => {
    pulse.totals(secondUs(3600), 60);
    feed(pulse, executed(START_S, 1000));
    feed(pulse, executed(START_S + 1, 1000));
    expect(pulse.totals(secondUs(2), 60)).toMatchObject({ executed: 2, averageUs: 1000 });
  });

  it("ignores what is older than five minutes while newer things are known", () => {
    feed(pulse, executed(START_S + 1000, 1000));
    feed(pulse, executed(START_S, 1000));
    expect(pulse.totals(secondUs(1001), 300)).toMatchObject({ executed: 1 });
  });

  it("counts a second's orders of one delay up to 65 535, and lets go of as many", () => {
    const pulse = new Pulse();
    for (let count = 0; count < 65_600; count++) feed(pulse, executed(START_S, 300_000, 1_000));
    const bins = plotBins(1_000_000);
    expect(pulse.delays(secondUs(1), bins)).toMatchObject({ within: 65_535, beyond: 0 });
    expect(pulse.totals(secondUs(1), 60)).toMatchObject({ executed: 65_600, averageUs: 300_000 });
    expect(pulse.delays(secondUs(WINDOW_S + 2), bins)).toMatchObject({ within: 0, beyond: 0 });
    feed(pulse, executed(START_S + WINDOW_S + 2, 300_000));
    expect(pulse.delays(secondUs(WINDOW_S + 3), bins)).toMatchObject({ within: 1 });
  });
});

describe("plotBins", () => {
  it.each([
    [0, 250, 40],
    [1_000_000, 25_000, 40],
    [1_100_000, 25_000, 44],
    [920_000, 25_000, 37],
    [5_000_000, 200_000, 25],
    [3_600_000_000, 100_000_000, 36],
  ])("up to %i µs are %i µs wide, and %i", (rangeUs, widthUs, count) => {
    expect(plotBins(rangeUs)).toEqual({ widthUs, count });
  });

  it("never moves an order across a bound, whatever the range", () => {
    const random = chance(7);
    for (let round = 0; round < 300; round++) {
      const bins = plotBins(10 ** (3 + random() * 6.6));
      const pulse = new Pulse();
      const exact = new Array<number>(bins.count).fill(0);
      for (let count = 0; count < 50; count++) {
        const bin = Math.floor(random() * bins.count);
        const us = bin * bins.widthUs + (random() < 0.5 ? 0 : Math.floor(random() * (bins.widthUs - 1)));
        feed(pulse, executed(START_S, us));
        exact[bin] = (exact[bin] ?? 0) + 1;
      }
      expect(pulse.delays(secondUs(1), bins).counts).toEqual(exact);
    }
  });
});

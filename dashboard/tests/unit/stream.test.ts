import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Listener, Stream } from "../../src/live/stream";
import { TAIL } from "../../src/model/resume";

/** A socket that the test plays the venue of. */
class Socket {
  static all: Socket[] = [];
  static get newest(): Socket {
    return Socket.all.at(-1) as Socket;
  }
  onopen?: () => void;
  onmessage?: (message: { data: string; timeStamp?: number }) => void;
  onclose?: (event: { code: number }) => void;
  closed = false;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  get query(): string {
    return new URL(this.url).search;
  }

  tell(...changes: [seq: number, id: string, status?: string][]): void {
    for (const [seq, id, status = "PENDING"] of changes) {
      const at = `2026-11-22T08:00:00.${String(seq).padStart(6, "0")}Z`;
      this.onmessage?.({ data: JSON.stringify({ seq, at, id, stoks: "X", quantity: 1, status }) });
    }
  }

  close(): void {
    this.closed = true;
  }
}

let screens: (() => void)[] = [];
let told: string[] = [];
/** What the venue answers when it is asked for an order; null where it does not. */
let answer: Response | null = null;

/** The screen is drawn. */
const draw = () => {
  for (const turn of screens.splice(0)) turn();
};

const listener: Listener = {
  frame: (frame) => told.push(frame.kind === "change" ? `#${frame.seq}` : frame.kind),
  link: ({ state }) => told.push(state),
  begun: () => told.push("begun"),
  behind: (to) => told.push(`behind ${to}`),
  resumed: () => told.push("resumed"),
  lost: (from, to) => told.push(`lost ${from} to ${to}`),
  anew: (reset) => told.push(reset ? "reset" : "anew"),
  left: () => told.push("left"),
  turned: () => {},
};

/** What was told since the last time. */
const news = () => told.splice(0);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("document", { hidden: false, addEventListener: () => {} });
  vi.stubGlobal("requestAnimationFrame", (turn: () => void) => screens.push(turn));
  vi.stubGlobal("fetch", async () => {
    if (answer === null) throw new Error("refused");
    return answer;
  });
  [Socket.all, screens, told, answer] = [[], [], [], null];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A stream that has the changes 1 and 2, and was cut off. */
async function cutOff(): Promise<Stream> {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  Socket.newest.onopen?.();
  Socket.newest.tell([1, "a"], [2, "b"]);
  await end();
  news();
  return stream;
}

/** The newest socket ends, and what follows of it at once is done. */
async function end(code = 1006): Promise<void> {
  Socket.newest.onclose?.({ code });
  await vi.advanceTimersByTimeAsync(0);
}

test("changes are told once the screen is drawn, all that came since", () => {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  expect(Socket.newest.query).toBe(`?format=json&rejects=true&last=${TAIL}`);
  Socket.newest.onopen?.();
  expect(news()).toEqual(["connecting", "begun", "live"]);
  Socket.newest.tell([1, "a"], [2, "b"]);
  Socket.newest.tell([3, "c"]);
  expect(news()).toEqual([]);
  draw();
  expect(news()).toEqual(["#1", "#2", "#3"]);
  expect(stream.seq).toBe(3);
});

test("what came before the end counts, and the next connection goes on after it", async () => {
  const stream = await cutOff();
  expect(stream.seq).toBe(2);
  await vi.advanceTimersByTimeAsync(250);
  expect(Socket.newest.query).toBe("?format=json&rejects=true&since=1");
  Socket.newest.onopen?.();
  Socket.newest.tell([2, "b"], [3, "c"]);
  draw();
  expect(news()).toEqual(["catching up", "resumed", "live", "#3"]);
});

test("a venue that is away is tried again, ever more seldom", async () => {
  await cutOff();
  const waits: number[] = [];
  for (let tries = 0; tries < 7; tries += 1) {
    const [before, sockets] = [performance.now(), Socket.all.length];
    while (Socket.all.length === sockets) await vi.advanceTimersByTimeAsync(10);
    waits.push(Math.round(performance.now() - before));
    await end();
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});

/** The order of the newest change, as its venue tells it. */
const known = (acceptedAt = "2026-11-22T08:00:00.000002Z") =>
  Response.json({
    id: "b",
    stoks: "X",
    quantity: 1,
    status: "PENDING",
    accepted_at: acceptedAt,
    due_at: acceptedAt,
    closed_at: null,
    accepted_seq: 2,
    seq: 2,
  });
const unknown = () => Response.json({ detail: "Order not found" }, { status: 404 });
const overloaded = () => Response.json({ detail: "Overloaded" }, { status: 503 });

test("a venue that refuses the number and does not know the order is another one", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  answer = unknown();
  await end();
  expect(news()).toContain("anew");
  expect(Socket.newest.query).toBe(`?format=json&rejects=true&last=${TAIL}`);
});

test("a venue that knows another order by the same id is another one: seeds repeat ids", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  answer = known("2026-11-22T09:00:00.000002Z");
  await end();
  expect(news()).toContain("anew");
});

test("a venue that refuses while it is overloaded, away, or just back is not taken for another one", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  for (const reply of [overloaded(), null, known()]) {
    answer = reply;
    await end();
    await vi.advanceTimersByTimeAsync(5_000);
  }
  expect(news()).not.toContain("anew");
  expect(Socket.newest.query).toBe("?format=json&rejects=true&since=1");
});

test("a venue that accepts the number and never repeats it is asked who it is", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  Socket.newest.onopen?.();
  answer = unknown();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(news()).not.toContain("anew");
  await vi.advanceTimersByTimeAsync(1);
  expect(news()).toContain("anew");
});

test("a venue that is slow to repeat the number is waited for", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  Socket.newest.onopen?.();
  answer = known();
  await vi.advanceTimersByTimeAsync(6_000);
  Socket.newest.tell([2, "b"]);
  draw();
  expect(news()).toEqual(["catching up", "resumed", "live"]);
});

for (const [name, reply, then] of [
  ["and is another one", unknown, "anew"],
  ["and is the same one", known, "#101"],
] as const) {
  test(`a venue that has lost what was missed is asked who it is ${name}`, async () => {
    await cutOff();
    await vi.advanceTimersByTimeAsync(250);
    answer = reply();
    const socket = Socket.newest;
    socket.onopen?.();
    socket.onmessage?.({ data: '{"type":"lagged","oldest":90,"seq":100}' });
    draw();
    await vi.advanceTimersByTimeAsync(0);
    Socket.newest.tell([101, "c"]);
    draw();
    expect(news()).toEqual(expect.arrayContaining(["lost 3 to 100", then]));
  });
}

test("a page that begins at a venue of a short memory shows what that holds", () => {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  const first = Socket.newest;
  first.onopen?.();
  first.onmessage?.({ data: '{"type":"lagged","oldest":91,"seq":100}' });
  first.onmessage?.({ data: '{"type":"order","id":"old"}' });
  draw();
  expect(first.closed).toBe(true);
  expect(Socket.newest.query).toBe("?format=json&rejects=true&since=90");
  Socket.newest.onopen?.();
  Socket.newest.tell([91, "a"], [92, "b"]);
  draw();
  expect(news()).toEqual(["connecting", "begun", "live", "catching up", "begun", "live", "#91", "#92"]);
});

test("a page that begins at a venue of so short a memory that it passes on is told after which change it begins", () => {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  Socket.newest.onopen?.();
  Socket.newest.onmessage?.({ data: '{"type":"lagged","oldest":100,"seq":100}' });
  draw();
  Socket.newest.onopen?.();
  Socket.newest.onmessage?.({ data: '{"type":"lagged","oldest":101,"seq":101}' });
  Socket.newest.tell([102, "c"]);
  draw();
  expect(news()).toEqual(["connecting", "begun", "live", "catching up", "begun", "live", "behind 101", "#102"]);
});

test("a connection that does not open is given up", async () => {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(news()).toEqual(["connecting"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(Socket.newest.closed).toBe(true);
  expect(news()).toEqual(["offline"]);
  await vi.advanceTimersByTimeAsync(250);
  expect(Socket.all).toHaveLength(2);
});

test("a repeated change that waits for the screen is proof enough", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  Socket.newest.onopen?.();
  Socket.newest.tell([2, "b"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(news()).toEqual(["catching up", "resumed", "live"]);
});

test("a socket that was given up tells nothing any more", async () => {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  const first = Socket.newest;
  first.onopen?.();
  stream.open();
  news();
  expect(first.closed).toBe(true);
  first.tell([1, "a"]);
  draw();
  expect(news()).toEqual([]);
});

test("a frame of a kind that the page does not know changes nothing, not even whether the venue is the known one", async () => {
  await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  Socket.newest.onopen?.();
  Socket.newest.onmessage?.({ data: '{"type":"price","seq":9}' });
  Socket.newest.tell([2, "b"], [3, "c"]);
  draw();
  expect(news()).toEqual(["catching up", "resumed", "live", "#3"]);
});

test("a frame is told with the time when it came, however late it is read", () => {
  const came: number[] = [];
  new Stream("ws://venue/ws", { ...listener, frame: (_, gotMs) => came.push(gotMs) }).open();
  Socket.newest.onopen?.();
  for (const [seq, timeStamp] of [
    [1, 10.5],
    [2, 11.5],
  ] as const) {
    const at = "2026-11-22T08:00:00.000000Z";
    const data = JSON.stringify({ seq, at, id: `o${seq}`, stoks: "X", quantity: 1, status: "PENDING" });
    Socket.newest.onmessage?.({ data, timeStamp });
  }
  draw();
  expect(came).toEqual([10.5, 11.5]);
});

test("a venue that says that it was reset is begun with anew at once", async () => {
  const stream = new Stream("ws://venue/ws", listener);
  stream.open();
  Socket.newest.onopen?.();
  Socket.newest.tell([1, "a"], [2, "b"]);
  await end(1012);
  expect(news()).toContain("reset");
  expect(Socket.newest.query).toContain(`last=${TAIL}`);
  expect(stream.seq).toBe(0);
});

test("a socket that is ended with its venue is told of, and tried again until the stream rests", async () => {
  const stream = await cutOff();
  await vi.advanceTimersByTimeAsync(250);
  const tries = Socket.all.length;
  await end(1001);
  expect(news().at(-1)).toBe("left");
  stream.rest();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Socket.all.length).toBe(tries);
});

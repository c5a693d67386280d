// Places orders, as a process of its own: so it shares no event loop with the test, nor with the page. Told what to place
// by its only argument; tells what came of it, as one line of JSON, when all is placed or it is asked to end (SIGTERM).
// Imports nothing but Node's own: it is run from its source.

import { Agent, request } from "node:http";

export interface FeedOrders {
  readonly origin: string;
  /** Ends after so many. */
  readonly count: number;
  /** Orders a second; without it, as fast as the venue answers. */
  readonly rate?: number;
  /** So many wait for their answer at a time, at most. */
  readonly atOnce: number;
  readonly longPending: boolean;
  readonly symbols: readonly string[];
}

export interface FeedTold {
  /** Of the orders that were accepted. */
  readonly ids: string[];
  /** Requests without an answer, or with one that was no order. */
  readonly failed: number;
  readonly seconds: number;
}

const TICK_MS = 5;

const told = { ids: [] as string[], failed: 0 };
const orders = JSON.parse(process.argv.at(-1) ?? "") as FeedOrders;
const agent = new Agent({ keepAlive: true, maxSockets: orders.atOnce });
const began = performance.now();
let [asked, unanswered, ending] = [0, 0, false];

/** One order after another, the same at each run. */
function place(): void {
  const stoks = orders.symbols[asked % orders.symbols.length];
  const quantity = ((asked * 7_919) % 1_000) + 1;
  asked += 1;
  unanswered += 1;
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (orders.longPending) headers["long-pending"] = "true";
  const sent = request(`${orders.origin}/orders`, { method: "POST", agent, headers }, (reply) => {
    let text = "";
    reply.setEncoding("utf8");
    reply.on("data", (piece: string) => {
      text += piece;
    });
    reply.on("end", () => answered(reply.statusCode === 200 ? (JSON.parse(text) as { id: string }).id : null));
  });
  sent.on("error", () => answered(null));
  sent.end(JSON.stringify({ stoks, quantity }));
}

function answered(id: string | null): void {
  unanswered -= 1;
  if (id === null) told.failed += 1;
  else told.ids.push(id);
  if (orders.rate === undefined) fill();
  end();
}

function fill(): void {
  while (!ending && asked < orders.count && unanswered < orders.atOnce) place();
}

/** Places what is owed by now. What the venue does not take in time is not made up for in one go. */
function tick(rate: number): void {
  const owed = Math.min(((performance.now() - began) / 1000) * rate, orders.count);
  while (!ending && asked < owed && unanswered < orders.atOnce) place();
}

function end(): void {
  if (unanswered > 0 || !(ending || asked >= orders.count)) return;
  agent.destroy();
  process.stdout.write(`${JSON.stringify({ ...told, seconds: (performance.now() - began) / 1000 })}\n`, () =>
    process.exit(0),
  );
}

process.on("SIGTERM", () => {
  ending = true;
  end();
});
const { rate } = orders;
if (rate === undefined) fill();
else setInterval(() => tick(rate), TICK_MS);

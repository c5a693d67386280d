// A venue for one test: the real server as a process of its own, on a free port. It can be killed like a machine that
// loses power, asked to end, frozen, and started again on the same port and folder. It is gone when the test ends.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as passes } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { SchemaOrder } from "../../../src/api/schema";

const BINARY = resolve(process.env.TRADEPIT_BIN ?? resolve(import.meta.dirname, "../../../../target/release/tradepit"));
const READY = /^tradepit listening on (http:\/\/\S+)$/;

export interface NewOrder {
  readonly stoks?: string;
  readonly quantity?: number;
  readonly longPending?: boolean;
  readonly clientOrderId?: string;
  readonly idempotencyKey?: string;
}

/** How many orders there are, by status. */
export interface Counts {
  readonly PENDING: number;
  readonly EXECUTED: number;
  readonly CANCELLED: number;
}

/** Starts a venue with these flags of `tradepit serve`. */
export async function startVenue(...flags: string[]): Promise<Venue> {
  const venue = new Venue(flags);
  onTestFinished(() => venue.kill());
  await venue.start();
  return venue;
}

/** Starts a venue that keeps everything in a new folder. */
export async function startKeepingVenue(...flags: string[]): Promise<Venue> {
  const folder = mkdtempSync(join(tmpdir(), "tradepit-e2e-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return startVenue("--data-dir", folder, ...flags);
}

export class Venue {
  /** `http://127.0.0.1:PORT`; stays the same when the venue is started again. */
  origin = "";
  private port = "0";
  private process: ChildProcess | null = null;

  constructor(private readonly flags: readonly string[]) {}

  async start(): Promise<void> {
    const flags = ["serve", "--port", this.port, ...this.flags];
    const process = spawn(BINARY, flags, { stdio: ["ignore", "pipe", "ignore"] });
    this.process = process;
    const failed = once(process, "error").then(([error]) => Promise.reject(error));
    const ended = once(process, "exit").then(([code]) => Promise.reject(new Error(`the server ended (${code})`)));
    this.origin = await Promise.race([listening(process), failed, ended]);
    this.port = new URL(this.origin).port;
    // What it ends of later is the test's doing.
    ended.catch(() => undefined);
    failed.catch(() => undefined);
  }

  /** Ends the process on the spot: SIGKILL, which it cannot prepare for, and which ends a frozen one too. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
    this.process = null;
  }

  /** Asks the process to end, and waits until it has: SIGTERM. */
  async stop(): Promise<void> {
    this.thaw();
    const code = await this.end("SIGTERM");
    this.process = null;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }

  /** Lets the process do nothing until it is thawed: its connections stay, and the kernel accepts new ones for it. */
  async freeze(): Promise<void> {
    this.process?.kill("SIGSTOP");
    // The signal is under way: a thread on another processor may go on for a moment, and answer.
    while (!isStopped(this.process?.pid)) await passes(1);
  }

  thaw(): void {
    this.process?.kill("SIGCONT");
  }

  async place(order: NewOrder = {}): Promise<SchemaOrder> {
    const headers: Record<string, string> = {};
    if (order.longPending) headers["long-pending"] = "true";
    if (order.idempotencyKey !== undefined) headers["idempotency-key"] = order.idempotencyKey;
    const { stoks = "EURUSD", quantity = 100, clientOrderId: client_order_id } = order;
    const body = JSON.stringify({ stoks, quantity, client_order_id });
    return (await this.ask("/orders", { method: "POST", headers, body })).json() as Promise<SchemaOrder>;
  }

  async order(id: string): Promise<SchemaOrder> {
    return (await this.ask(`/orders/${id}`)).json() as Promise<SchemaOrder>;
  }

  async cancel(id: string): Promise<void> {
    await this.ask(`/orders/${id}`, { method: "DELETE" });
  }

  /** What a GET of this path tells. */
  async get<T>(path: string): Promise<T> {
    return (await (await this.ask(path)).json()) as T;
  }

  /** What a POST of this to the path comes to. */
  async post<T = SchemaOrder>(path: string, body: unknown): Promise<T> {
    return (await (await this.ask(path, { method: "POST", body: JSON.stringify(body) })).json()) as T;
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.ask(path, { method: "PUT", body: JSON.stringify(body) });
  }

  async remove(path: string): Promise<void> {
    await this.ask(path, { method: "DELETE" });
  }

  /** Waits until an order is in this state. */
  async becomes(id: string, state: SchemaOrder["state"]): Promise<SchemaOrder> {
    for (;;) {
      const order = await this.order(id);
      if (order.state === state) return order;
      await passes(20);
    }
  }

  /** All orders, in order of creation. */
  async orders(): Promise<SchemaOrder[]> {
    const all: SchemaOrder[] = [];
    for (let next: string | null = "/orders"; next !== null; ) {
      const reply: Response = await this.ask(next);
      all.push(...Object.values((await reply.json()) as Record<string, SchemaOrder>));
      const link = reply.headers.get("link")?.match(/<([^>]+)>/)?.[1];
      next = link === undefined ? null : new URL(link, this.origin).pathname + new URL(link, this.origin).search;
    }
    return all;
  }

  async counts(): Promise<Counts> {
    const counts = { PENDING: 0, EXECUTED: 0, CANCELLED: 0 };
    for (const { status } of await this.orders()) counts[status] += 1;
    return counts;
  }

  /** Sends the signal and waits for the end; tells the code that the process ended with. */
  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const { process } = this;
    if (process === null || process.exitCode !== null || process.signalCode !== null) return process?.exitCode ?? null;
    const exit = once(process, "exit");
    process.kill(signal);
    const [code] = await exit;
    return code;
  }

  private async ask(path: string, request: RequestInit = {}): Promise<Response> {
    const reply = await fetch(this.origin + path, request);
    if (!reply.ok) throw new Error(`${request.method ?? "GET"} ${path}: ${reply.status} ${await reply.text()}`);
    return reply;
  }
}

async function listening(process: ChildProcess): Promise<string> {
  if (process.stdout === null) throw new Error("the server has no output");
  for await (const line of createInterface(process.stdout)) {
    const origin = READY.exec(line)?.[1];
    if (origin !== undefined) return origin;
  }
  throw new Error("the server ended before it listened");
}

/** Whether the kernel has stopped all of a process. */
function isStopped(pid: number | undefined): boolean {
  const tasks = `/proc/${pid}/task`;
  // What stands between the parentheses is the thread's name, and may be anything.
  const state = (task: string) => readFileSync(`${tasks}/${task}/stat`, "utf8").replace(/^.*\) /s, "")[0];
  return readdirSync(tasks).every((task) => state(task) === "T");
}

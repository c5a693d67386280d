// The server: one that runs, or one that is started for the tests and ended after them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, statSync } from "node:fs";
import type { Socket } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { NoAnswer, NoServer, Refused } from "./errors.js";
import { ask } from "./http.js";
import { Venue } from "./venue.js";
import type { Settings, VenueInfo } from "./wire.js";

/** What a server prints, with its address, when it takes orders. */
const READY = "tradepit listening on ";
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 30_000;
/** So much of what a server says is kept, for when it does not come up. */
const SAID_AT_MOST = 2_000;

const HELP =
  "Name a server that runs (TRADEPIT_URL, such as http://127.0.0.1:8000), or its binary (TRADEPIT_BIN), or put " +
  "`tradepit` on PATH: `cargo install --locked --path .` in Tradepit's repository builds it.";

/** A server, by its address. */
export class Server {
  readonly url: string;

  constructor(
    url: string,
    /** Ends what was started with it. */
    private readonly end: () => Promise<void> = async () => {},
  ) {
    this.url = url.replace(/\/+$/, "");
  }

  /** Throws `NoServer` unless there is one at this address, and it makes venues. */
  async check(): Promise<void> {
    try {
      await ask("GET", `${this.url}/venues?limit=1`);
    } catch (error) {
      if (error instanceof NoAnswer)
        throw new NoServer(`There is no server at ${this.url}: ${error.message} ${HELP}`, { cause: error });
      if (!(error instanceof Refused)) throw error;
      const words = `What is at ${this.url} makes no venues: ${error.message}. Is it a Tradepit, and new enough?`;
      throw new NoServer(words, { cause: error });
    }
  }

  /** Makes a venue. Without a name it gets one that nothing else has. */
  async venue(settings: Settings = {}): Promise<Venue> {
    const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(SETTINGS, name));
    if (unknown.length > 0)
      throw new TypeError(`A venue knows no ${unknown.join(", ")}: it takes ${Object.keys(SETTINGS).join(", ")}`);
    const info = (await ask("POST", `${this.url}/venues`, { body: settings })).body as VenueInfo;
    return new Venue(`${this.url}/venues/${encodeURIComponent(info.name)}`, info);
  }

  /** Ends the server, where it was started here; one that was named goes on. */
  async stop(): Promise<void> {
    await this.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

// Who writes JavaScript has nobody else to tell them of a wrong name.
const SETTINGS: Readonly<Record<keyof Settings, true>> = {
  name: true,
  seed: true,
  clock: true,
  delay: true,
  long_delay: true,
  market: true,
  hours: true,
  instruments: true,
  accounts: true,
  rules: true,
  faults: true,
  ttl: true,
  durable: true,
  metrics: true,
};

/** The server that `TRADEPIT_URL` names, else one that is started here. */
export async function connect(): Promise<Server> {
  const url = process.env.TRADEPIT_URL;
  const server = url ? new Server(url) : await serve();
  try {
    await server.check();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The path of the server's binary: the one that is named, else `tradepit` on PATH. Throws `NoServer`. */
export function find(binary: string | undefined = process.env.TRADEPIT_BIN || undefined): string {
  const name = binary ?? "tradepit";
  const folders = /[/\\]/.test(name) ? [""] : (process.env.PATH ?? "").split(delimiter);
  const endings = process.platform === "win32" ? ["", ".exe"] : [""];
  const paths = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  const found = paths.find(isProgram);
  if (found !== undefined) return resolve(found);
  const what = binary === undefined ? "There is no `tradepit` on PATH" : `${binary} is no program`;
  throw new NoServer(`${what}, so there is no server to test against. ${HELP}`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export interface Serve {
  /** The path of the server's binary; `find()` where it is left out. */
  readonly binary?: string;
  /** Flags of `tradepit serve`. */
  readonly flags?: readonly string[];
}

/**
 * Starts a server on a free port. `stop()` ends it, else it ends with this process.
 *
 * It reads `TRADEPIT_…` variables as any server does, but keeps nothing in a folder unless `flags` say so: tests leave
 * the data of whoever runs them alone.
 */
export async function serve({ binary = find(), flags = [] }: Serve = {}): Promise<Server> {
  const { TRADEPIT_DATA_DIR: _, ...env } = process.env;
  const child = spawn(binary, ["serve", "--port", "0", ...flags], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = heard(child);
  running.add(child);
  child.once("exit", () => running.delete(child));
  const address = await addressOf(child);
  if (address === null) {
    await stop(child);
    throw new NoServer(`${binary} did not come up. It said: ${said().trim() || "nothing"}`);
  }
  // A test run that is over does not wait for its server.
  for (const held of [child, child.stdout as Socket, child.stderr as Socket]) held.unref();
  return new Server(address, () => stop(child));
}

/** Reads all that a server says, so that it never writes to a full pipe. */
function heard(child: ChildProcess): () => string {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (words: string) => {
    said = (said + words).slice(-SAID_AT_MOST);
  });
  child.once("error", (error) => {
    said += error.message;
  });
  return () => said;
}

/** Waits for the line with the address; null where none comes. */
function addressOf(child: ChildProcess): Promise<string | null> {
  return new Promise((tell) => {
    const timer = setTimeout(() => tell(null), START_WITHIN_MS);
    const told = (address: string | null) => {
      clearTimeout(timer);
      tell(address);
    };
    child.once("error", () => told(null));
    // Not `exit`: what it said last may be on its way.
    child.once("close", () => told(null));
    if (child.stdout === null) return told(null);
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith(READY)) told(line.slice(READY.length).trim());
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.ref();
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await exit;
  clearTimeout(timer);
}

/** Those that were started here and have not ended. */
const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

// A proxy before a venue, with the manners that a network may have: it serves the venue below a prefix, answers `/ws` with
// 403, does not know what an upgrade is, hangs, is slow, or is cut. All but the prefix can be changed while it runs.

import { EventEmitter, once } from "node:events";
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex, Readable, Writable } from "node:stream";
import { setTimeout as passes } from "node:timers/promises";
import { onTestFinished } from "vitest";

export interface Manners {
  /** A request to upgrade is passed on, answered with 403, or passed on without a word of upgrading. */
  readonly upgrades: "passed" | "refused" | "dropped";
  /** What it speaks to the venue. Nothing is upgraded in HTTP/1.0. */
  readonly http: "1.1" | "1.0";
  /** It accepts, and passes nothing on, in neither direction. What it was given goes on once it hangs no more. */
  readonly hangs: boolean;
  /** How long it keeps what it passes on, in each direction. */
  readonly delayMs: number;
}

const GOOD: Manners = { upgrades: "passed", http: "1.1", hangs: false, delayMs: 0 };

/** Starts it. Below a `prefix`, such as `/pit`, that is taken off before a request is passed on. */
export async function startProxy(venue: string, manners: Partial<Manners> = {}, prefix = ""): Promise<VenueProxy> {
  const proxy = new VenueProxy(new URL(venue), { ...GOOD, ...manners }, prefix);
  onTestFinished(() => proxy.close());
  await proxy.start();
  return proxy;
}

export class VenueProxy {
  /** Where the page is found. */
  origin = "";
  private readonly server = createServer((near, reply) => void this.answer(near, reply));
  private readonly ends = new Set<Duplex>();
  private readonly news = new EventEmitter().setMaxListeners(0);
  private whole = true;

  constructor(
    private readonly venue: URL,
    private manners: Manners,
    private readonly prefix: string,
  ) {
    this.server.on("connection", (near: Socket) => {
      this.remember(near);
      if (!this.whole) near.destroy();
    });
    this.server.on("upgrade", (near, socket, head) => void this.upgrade(near, socket, head));
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.prefix}`;
  }

  /** From now on; what is not named stays. */
  behave(manners: Partial<Manners>): void {
    this.manners = { ...this.manners, ...manners };
    this.news.emit("manners");
  }

  /** Ends all connections, and takes no new one until it is mended. */
  cut(): void {
    this.whole = false;
    for (const end of this.ends) end.destroy();
  }

  mend(): void {
    this.whole = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private async answer(near: IncomingMessage, reply: ServerResponse): Promise<void> {
    await this.turn();
    const far = this.ask(near, near.headers);
    if (far === null) return void reply.writeHead(404).end("nothing of the venue is here");
    far.on("error", () => reply.destroy());
    far.on("response", async (answer) => {
      await this.turn();
      reply.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
      this.pass(answer, reply);
    });
    this.pass(near, far);
  }

  private async upgrade(near: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    await this.turn();
    const { upgrades, http } = this.manners;
    if (upgrades === "refused") return void socket.end(`HTTP/1.1 403 Forbidden\r\n${LAST}`);
    const passed = upgrades === "passed" && http === "1.1";
    const far = this.ask(near, passed ? near.headers : withoutHops(near.headers));
    if (far === null) return void socket.end(`HTTP/1.1 404 Not Found\r\n${LAST}`);
    far.on("error", () => socket.destroy());
    far.on("response", (answer) => {
      answer.resume();
      socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${LAST}`);
    });
    far.on("upgrade", async (answer, upstream, rest) => {
      this.remember(upstream);
      await this.turn();
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
      socket.write(rest);
      upstream.write(head);
      this.pass(socket, upstream);
      this.pass(upstream, socket);
    });
    far.end();
  }

  /** Begins a request to the venue, without its body; `null` for a path that is none of the venue's. */
  private ask(near: IncomingMessage, headers: IncomingMessage["headers"]): ClientRequest | null {
    if (!near.url?.startsWith(`${this.prefix}/`)) return null;
    const { hostname, port } = this.venue;
    const path = near.url.slice(this.prefix.length);
    const far = { hostname, port, path, method: near.method };
    if (this.manners.http === "1.1") return request({ ...far, headers });
    const closing = { ...withoutHops(headers), connection: "close" };
    return request({ ...far, headers: closing, createConnection: () => speaking10(hostname, Number(port)) });
  }

  /** Passes on what comes, each piece in its turn, and the end. */
  private pass(from: Readable, to: Writable): void {
    let before = Promise.resolve();
    const next = (act: () => void) => {
      const turn = this.turn();
      before = before.then(() => turn).then(act);
    };
    from.on("data", (piece) => next(() => to.writable && to.write(piece)));
    from.on("end", () => next(() => to.end()));
    from.on("error", () => to.destroy());
    from.on("close", () => from.errored && to.destroy());
    to.on("close", () => from.destroy());
  }

  /** Waits as long as the proxy keeps what it passes on. */
  private async turn(): Promise<void> {
    if (this.manners.delayMs > 0) await passes(this.manners.delayMs);
    while (this.manners.hangs) await once(this.news, "manners");
  }

  private remember(end: Duplex): void {
    this.ends.add(end);
    end.on("error", () => end.destroy());
    end.on("close", () => this.ends.delete(end));
  }
}

const LAST = "content-length: 0\r\nconnection: close\r\n\r\n";

/** Without what is said to the next neighbour only. */
function withoutHops(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const hops = /^(connection|keep-alive|upgrade|transfer-encoding|sec-websocket-.*)$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hops.test(name)));
}

/** A connection whose first line says HTTP/1.0: Node's own client speaks no other than HTTP/1.1. */
function speaking10(hostname: string, port: number): Socket {
  const socket = connect(port, hostname);
  const write = socket.write.bind(socket) as (piece: unknown, ...more: unknown[]) => boolean;
  let first = true;
  socket.write = (piece: unknown, ...more: unknown[]) => {
    const told = first && typeof piece === "string" ? piece.replace(" HTTP/1.1\r\n", " HTTP/1.0\r\n") : piece;
    first = false;
    return write(told, ...more);
  };
  return socket;
}

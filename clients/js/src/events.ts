// What a venue announces over its WebSocket, one event after another.

import WebSocket from "ws";
import { Closed, NoAnswer, Refused, TradepitError } from "./errors.js";
import { readBody } from "./http.js";

/** A connection that is not open by then is given up. */
const OPEN_WITHIN_MS = 30_000;
/** How long a test waits for an event, unless it says otherwise. */
const PATIENCE_MS = 10_000;
/** So many events wait for whoever follows; then the server is read no further, and sees a slow reader. */
const WAITING_AT_MOST = 10_000;

interface Waiter<E> {
  tell(event: E): void;
  fail(error: TradepitError): void;
}

/** The events of a venue from the moment on at which it was followed, in the order in which it announced them. */
export class Events<E> implements AsyncIterable<E> {
  readonly #socket: WebSocket;
  readonly #came: E[] = [];
  readonly #waiters: Waiter<E>[] = [];
  #end: TradepitError | null = null;
  #closedHere = false;

  private constructor(
    socket: WebSocket,
    readonly url: string,
  ) {
    this.#socket = socket;
    socket.on("message", (data) => this.#take(JSON.parse(data.toString()) as E));
    socket.on("close", (code, reason) => this.#ended(code, reason.toString()));
  }

  /** Opens a WebSocket: what happens from then on is told. Throws `Refused` where the server has none for this. */
  static open<E>(url: string): Promise<Events<E>> {
    return new Promise((opened, failed) => {
      const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: OPEN_WITHIN_MS });
      const events = new Events<E>(socket, url);
      socket.once("open", () => opened(events));
      socket.on("error", (error) => failed(new NoAnswer(`GET ${url}: no answer: ${error.message}`, { cause: error })));
      socket.once("unexpected-response", (request, reply) => {
        let text = "";
        reply.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        reply.once("close", () => {
          failed(new Refused(`GET ${url}`, reply.statusCode ?? 0, readBody(text)));
          request.destroy();
        });
      });
    });
  }

  /** The next event; waits for it. Throws `NoAnswer` where none comes in time, `Closed` where the server ends it. */
  next(patienceMs = PATIENCE_MS): Promise<E> {
    const event = this.#came.shift();
    if (event !== undefined) {
      if (this.#socket.isPaused && this.#came.length === 0) this.#socket.resume();
      return Promise.resolve(event);
    }
    if (this.#end !== null) return Promise.reject(this.#end);
    return new Promise((tell, fail) => {
      const waiter = { tell, fail };
      this.#waiters.push(waiter);
      if (patienceMs === Number.POSITIVE_INFINITY) return;
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        fail(new NoAnswer(`${this.url}: no event came within ${patienceMs} ms`));
      }, patienceMs);
      waiter.tell = (event) => {
        clearTimeout(timer);
        tell(event);
      };
      waiter.fail = (error) => {
        clearTimeout(timer);
        fail(error);
      };
    });
  }

  /** The next so many events. */
  async take(count: number, patienceMs = PATIENCE_MS): Promise<E[]> {
    const taken: E[] = [];
    while (taken.length < count) taken.push(await this.next(patienceMs));
    return taken;
  }

  /** The next event that is meant; those before it are passed over. */
  async until(isMeant: (event: E) => boolean, patienceMs = PATIENCE_MS): Promise<E> {
    for (;;) {
      const event = await this.next(patienceMs);
      if (isMeant(event)) return event;
    }
  }

  /** Ends it. Events that have come can still be read. */
  async close(): Promise<void> {
    this.#closedHere = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((tell) => this.#socket.once("close", () => tell()));
    this.#socket.resume();
    this.#socket.close();
    await closed;
  }

  /** All events, until it is closed here. */
  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, void> {
    try {
      for (;;) yield await this.next(Number.POSITIVE_INFINITY);
    } catch (error) {
      if (!this.#closedHere || error !== this.#end) throw error;
    } finally {
      await this.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #take(event: E): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#came.push(event);
    else waiter.tell(event);
    if (this.#came.length >= WAITING_AT_MOST) this.#socket.pause();
  }

  #ended(code: number, reason: string): void {
    const end = this.#closedHere
      ? new TradepitError(`${this.url} was closed by this test: it tells nothing more`)
      : new Closed(this.url, code, reason);
    this.#end = end;
    for (const waiter of this.#waiters.splice(0)) waiter.fail(end);
  }
}

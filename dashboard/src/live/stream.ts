// One connection after another to the venue's WebSocket: opened, resumed where it was cut off, and judged frame by
// frame. Says what came and how the connection does; holds no orders.

import { show } from "../api/rest";
import { type Frame, readFrame } from "../model/change";
import { Resume } from "../model/resume";
import type { Link } from "./connection";

export interface Listener {
  /** A change or an open order to take over, and when it came (performance.now()). */
  frame(frame: Frame, gotMs: number): void;
  link(link: Link): void;
  /** Begun with nothing: the newest changes follow. */
  begun(): void;
  /** What follows comes after change `to`, and those before are not told: what was asked for meanwhile may be older. */
  behind(to: number): void;
  /** Resumed without a loss. */
  resumed(): void;
  /** Changes that the venue no longer holds. */
  lost(from: number, to: number): void;
  /** The venue is another one, or was wiped: what is held means nothing any more. With `reset` it said so itself. */
  anew(reset: boolean): void;
  /** The venue has ended its sockets: it was removed, or the server ends. */
  left(): void;
  /** All frames that had come were told. */
  turned(): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** A venue that does not repeat the newest known change in this time is asked whether it has it. */
const PROOF_WITHIN_MS = 5_000;
/** A connection that is not open by then is given up. */
const OPEN_WITHIN_MS = 10_000;
/** Frames wait for the next screen; a hidden page has none. */
const HIDDEN_MS = 250;
/** How long frames are read before the screen gets its turn. */
const TURN_MS = 8;
/** So many frames wait for the screen; then they are read without it. */
const WAITING = 50_000;
/** What a socket ends with whose venue is removed or whose server ends, and one whose venue begins anew. */
const [LEFT, RESET] = [1001, 1012];

export class Stream {
  private readonly resume = new Resume();
  private socket: WebSocket | null = null;
  private waiting: string[] = [];
  /** When each of them came. */
  private came: number[] = [];
  private drained = 0;
  private scheduled = false;
  /** A turn was asked for, whatever has come. */
  private asked = false;
  private retryMs = FIRST_RETRY_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private proof: ReturnType<typeof setTimeout> | undefined;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private wasLive = false;
  /** Whether the last try failed. */
  private failed = false;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
  ) {
    // A page that is hidden while it waits for the screen would wait until it is shown again.
    document.addEventListener("visibilitychange", this.turn);
  }

  get seq(): number {
    return this.resume.seq;
  }

  open(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.close();
    this.tellTrying();
    const socket = new WebSocket(`${this.url}?format=json&rejects=true&${this.resume.begin()}`);
    this.socket = socket;
    this.limit = setTimeout(() => this.lostConnection(socket), OPEN_WITHIN_MS);
    socket.onopen = () => {
      clearTimeout(this.limit);
      this.limit = undefined;
      this.retryMs = FIRST_RETRY_MS;
      if (this.failed) {
        this.failed = false;
        this.tellTrying();
      }
      if (this.resume.unproven) return this.awaitProof(socket);
      this.listener.begun();
      this.live();
    };
    socket.onmessage = (message: MessageEvent<string>) => this.gather(message.data, message.timeStamp);
    socket.onclose = ({ code }) => {
      this.lostConnection(socket);
      if (code === RESET) this.restart(true);
      else if (code === LEFT) this.listener.left();
    };
  }

  /** Tries no more until it is opened. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.close();
  }

  /** Tries at once, instead of waiting for the next try or for one that hangs. */
  tryNow(): void {
    if (this.timer !== undefined || this.limit !== undefined) this.open();
  }

  close(): void {
    clearTimeout(this.proof);
    clearTimeout(this.limit);
    this.limit = undefined;
    const { socket } = this;
    this.socket = null;
    this.waiting = [];
    this.came = [];
    this.drained = 0;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private tellTrying(): void {
    this.listener.link({ state: this.wasLive ? "catching up" : "connecting", again: this.failed });
  }

  private live(): void {
    this.wasLive = true;
    this.listener.link({ state: "live" });
  }

  private lostConnection(socket: WebSocket): void {
    if (this.socket !== socket) return;
    // What came before the end counts.
    while (this.waiting.length > 0 && this.socket === socket) this.drain(Number.POSITIVE_INFINITY);
    if (this.socket !== socket) return;
    // One that had not opened was still limited in time.
    const refused = this.limit !== undefined;
    this.failed = refused;
    this.close();
    const wait = this.retryMs;
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    this.listener.link({ state: "offline", retryMs: Date.now() + wait, refused });
    this.timer = setTimeout(() => this.open(), wait);
    // A browser does not tell why a handshake failed: a venue that was wiped refuses the number that it is asked for.
    if (this.resume.unproven) void this.askWhoItIs();
  }

  /** Waits for the venue to repeat the newest change that is known. What it sent may still wait to be read. */
  private awaitProof(socket: WebSocket): void {
    this.proof = setTimeout(() => {
      this.drain(Number.POSITIVE_INFINITY);
      if (this.socket !== socket || !this.resume.unproven) return;
      void this.askWhoItIs();
      this.awaitProof(socket);
    }, PROOF_WITHIN_MS);
  }

  /** Begins anew: the venue is known to be another one. */
  restart(reset = false): void {
    this.resume.forget();
    this.listener.anew(reset);
    this.wasLive = false;
    this.open();
  }

  /** Begins anew where the venue does not know the order of the newest change, or knows another one by its id. A venue
   * that does not answer, or is overloaded, says nothing of who it is. */
  private async askWhoItIs(): Promise<void> {
    const { witness } = this.resume;
    if (witness === null) return;
    const answer = await show(witness.id);
    if (this.resume.witness !== witness) return;
    if (!answer.ok) return answer.refusal.status === 404 ? this.restart() : undefined;
    const { acceptedUs, closedUs } = answer.value.order;
    if ((witness.status === "PENDING" ? acceptedUs : closedUs) !== witness.atUs) this.restart();
  }

  private gather(text: string, gotMs: number): void {
    this.waiting.push(text);
    this.came.push(gotMs);
    if (this.waiting.length - this.drained >= WAITING) this.drain(Number.POSITIVE_INFINITY);
    else this.schedule();
  }

  /** Lets a turn come: with the next screen, or after a while where none is drawn. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (document.hidden) setTimeout(this.turn, HIDDEN_MS);
    else requestAnimationFrame(this.turn);
  }

  /** Lets `turned` come with the next screen, also where nothing comes here: what else came has its turn with it. */
  soon(): void {
    this.asked = true;
    this.schedule();
  }

  private readonly turn = (): void => {
    this.scheduled = false;
    if (this.asked && this.waiting.length === 0) this.listener.turned();
    this.asked = false;
    this.drain(document.hidden ? Number.POSITIVE_INFINITY : performance.now() + TURN_MS);
    if (this.waiting.length > 0) this.schedule();
  };

  /** Reads what has come, but not beyond `until` (performance.now()). */
  private drain(until: number): void {
    const { socket } = this;
    if (this.waiting.length === 0) return;
    while (this.drained < this.waiting.length) {
      for (const end = Math.min(this.drained + 64, this.waiting.length); this.drained < end; ) {
        const at = this.drained++;
        this.read(this.waiting[at] as string, this.came[at] as number);
        if (this.socket !== socket) return this.listener.turned();
      }
      if (performance.now() > until) break;
    }
    this.waiting.splice(0, this.drained);
    this.came.splice(0, this.drained);
    this.drained = 0;
    this.listener.turned();
  }

  private read(text: string, gotMs: number): void {
    const frame = readFrame(text);
    if (frame === null) return;
    const proving = this.resume.unproven;
    const verdict = this.resume.judge(frame);
    switch (verdict.do) {
      case "apply":
        return this.listener.frame(frame, gotMs);
      case "skip":
        break;
      case "begin":
        this.listener.behind(verdict.to);
        break;
      case "lost":
        this.listener.lost(verdict.from, verdict.to);
        void this.askWhoItIs();
        break;
      case "again":
        return this.open();
      case "restart":
        return this.restart();
    }
    if (proving && !this.resume.unproven) {
      clearTimeout(this.proof);
      if (verdict.do === "skip") this.listener.resumed();
      this.live();
    }
  }
}

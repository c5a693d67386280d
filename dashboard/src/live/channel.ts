// One connection to channels of `/ws`, for as long as it is wanted. It is opened again when it ends; what was missed
// meanwhile is for whoever listens to ask for.

import { type Accessor, createSignal } from "solid-js";
import { socketOf } from "../api/here";

/** How many connections of this kind the page has. */
const [open, setOpen] = createSignal(0);
export const channelsOpen: Accessor<number> = open;

export interface Hears {
  /** A frame, as it came. */
  frame(text: string): void;
  /** Opened, again perhaps: what came before is not told. */
  opened(): void;
  /** Ended or refused; it is tried again. */
  ended?(): void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;

export class Channel {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private query: string | null = null;
  private counted: 0 | 1 = 0;

  constructor(private readonly hears: Hears) {}

  /** Listens to what this query asks for, and to nothing where it is null. */
  listen(query: string | null): void {
    if (query === this.query) return;
    this.close();
    this.query = query;
    this.retryMs = FIRST_RETRY_MS;
    if (query !== null) this.open(query);
  }

  private open(query: string): void {
    const socket = new WebSocket(socketOf(`?format=json&${query}`));
    this.socket = socket;
    socket.onopen = () => {
      this.retryMs = FIRST_RETRY_MS;
      this.count(1);
      this.hears.opened();
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => this.hears.frame(data);
    socket.onclose = () => {
      this.close();
      this.hears.ended?.();
      this.timer = setTimeout(() => this.open(query), this.retryMs);
      this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
    };
  }

  private count(mine: 0 | 1): void {
    const before = this.counted;
    this.counted = mine;
    setOpen((all) => all - before + mine);
  }

  private close(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    this.count(0);
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // A browser complains of one that is closed before it is open.
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }
}

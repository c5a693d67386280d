// The frames of one order, exactly as they were sent: by a WebSocket of its own, from the order's first change on, for as
// long as whoever asks is shown.

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { framesOf } from "../commands";

export interface WireFrame {
  readonly raw: string;
  /** The venue's time in it, and what it says of the order; null where it has none. */
  readonly at: string | null;
  readonly id: string | null;
  readonly status: string | null;
  readonly kind: "change" | "lagged" | "order" | "other";
}

export type Frames = { readonly all: readonly WireFrame[]; readonly state: "opening" | "open" | "refused" | "closed" };

/** An order has two changes, and a venue that no longer holds them says so: more than a few frames are not of it. */
const MOST = 100;
const TRY_AGAIN_MS = 3_000;

/** The order, and the number of the change that accepted it, where that is known. */
export interface Asked {
  readonly id: string;
  readonly acceptedSeq: number | null;
}

export function createFrames(asked: Accessor<Asked | null>, again: Accessor<unknown>): Accessor<Frames> {
  const [frames, setFrames] = createSignal<Frames>({ all: [], state: "opening" });
  createEffect(
    on([asked, again], ([asked]) => {
      if (asked === null) return void setFrames({ all: [], state: "opening" });
      let [socket, timer]: [WebSocket | null, ReturnType<typeof setTimeout> | undefined] = [null, undefined];
      const open = () => {
        let opened = false;
        setFrames({ all: [], state: "opening" });
        socket = new WebSocket(framesOf(asked.id, asked.acceptedSeq));
        socket.onopen = () => {
          opened = true;
          setFrames((frames) => ({ ...frames, state: "open" }));
        };
        socket.onmessage = ({ data }: MessageEvent<string>) =>
          setFrames(({ all, state }) => ({ state, all: [...all, readWireFrame(data)].slice(-MOST) }));
        socket.onclose = () => {
          setFrames(({ all }) => ({ all, state: opened ? "closed" : "refused" }));
          timer = setTimeout(open, TRY_AGAIN_MS);
        };
      };
      open();
      onCleanup(() => {
        clearTimeout(timer);
        if (socket === null) return;
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
      });
    }),
  );
  return frames;
}

/** What is needed of a frame to show it; the rest of it stays as it is. */
export function readWireFrame(raw: string): WireFrame {
  const { type, at, id, status } = parsed(raw);
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const kind = type === undefined ? "change" : type === "lagged" || type === "order" ? type : "other";
  return { raw, kind, at: text(at), id: text(id), status: text(status) };
}

/** What a subscriber is sent who asked for text: nothing but changes. */
export function asText({ kind, id, status }: WireFrame): string | null {
  return kind === "change" ? `${id} is ${status}` : null;
}

function parsed(raw: string): Record<string, unknown> {
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return {};
  }
}

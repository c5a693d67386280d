// How the page and the venue hear each other: from how the stream does, and from whether anything is heard at all, it tells
// the connection that the reader is shown, and since when what is shown is old.

import { createSignal } from "solid-js";
import { type Connection, connectionOf, isSame, type Link } from "./connection";
import { Heartbeat } from "./heartbeat";

export interface Stale {
  /** When it was last up to date (Date.now()). */
  readonly sinceMs: number;
}

export interface Hooks {
  /** Asks the venue for a word; true where one came. */
  alive(): Promise<boolean>;
  /** The connection is another one than before. */
  changed(connection: Connection): void;
  /** The venue is heard again; it was silent since then. */
  back(sinceMs: number): void;
}

export class Contact {
  private readonly heartbeat: Heartbeat;
  private readonly connections = createSignal<Connection>({ state: "connecting" });
  private readonly stales = createSignal<Stale | null>(null);
  private link: Link = { state: "connecting", again: false };
  /** When the stream is tried again, or was tried last. */
  private retryMs = 0;
  /** Tries of the stream in a row that were refused while requests were answered. */
  private refusals = 0;
  private isGone = false;
  /** When the stream was last heard before it was cut; where it never was, when the page began. */
  private cut: number | null = Date.now();

  readonly connection = this.connections[0];
  /** Null while what is shown is kept up to date. */
  readonly stale = this.stales[0];

  constructor(private readonly hooks: Hooks) {
    this.heartbeat = new Heartbeat(hooks.alive, (since) => {
      this.judge();
      if (since !== null) hooks.back(since);
    });
  }

  start(): void {
    this.heartbeat.start();
  }

  /** When the venue was last heard (Date.now()). */
  get asOfMs(): number {
    return this.heartbeat.asOfMs;
  }

  /** Since when changes are not told (Date.now()); null while they are. */
  get unheardSinceMs(): number | null {
    const { cut, heartbeat } = this;
    return cut === null || heartbeat.silentSinceMs === null
      ? (cut ?? heartbeat.silentSinceMs)
      : Math.min(cut, heartbeat.silentSinceMs);
  }

  /** Any word of the venue. */
  heard(): void {
    this.heartbeat.heard();
  }

  /** The server answers that it has no such venue, or has one again. */
  gone(isGone: boolean): void {
    if (this.isGone === isGone) return;
    this.isGone = isGone;
    if (isGone) this.cut ??= this.asOfMs;
    this.judge();
  }

  /** The stream does otherwise than before. */
  linked(link: Link): void {
    const before = this.link;
    this.link = link;
    switch (link.state) {
      case "live":
        this.refusals = 0;
        this.cut = null;
        this.heard();
        break;
      case "offline":
        this.retryMs = link.retryMs;
        if (before.state === "live") this.cut = this.asOfMs;
        if (link.refused) void this.countRefusal(link);
        break;
      default:
        if (before.state === "live") this.cut = this.asOfMs;
        if (!link.again) this.refusals = 0;
    }
    this.judge();
  }

  /** A refused try counts only where the venue is there: one that is away refuses both. */
  private async countRefusal(link: Link): Promise<void> {
    const answered = await this.hooks.alive();
    if (answered) this.heard();
    // Another end of a try came first, or none matters any more.
    if (this.link.state === "live" || (this.link.state === "offline" && this.link !== link)) return;
    this.refusals = answered ? this.refusals + 1 : 0;
    this.judge();
  }

  private judge(): void {
    const { link, retryMs, refusals, isGone } = this;
    const { silentSinceMs } = this.heartbeat;
    const connection = connectionOf({ link, retryMs, refusals, silentSinceMs, isGone });
    const sinceMs = /silent|offline|gone/.test(connection.state) ? this.unheardSinceMs : null;
    if (this.stale()?.sinceMs !== (sinceMs ?? undefined)) this.stales[1](sinceMs === null ? null : { sinceMs });
    if (isSame(this.connection(), connection)) return;
    this.connections[1](connection);
    this.hooks.changed(connection);
  }
}

// Orders of the past as a file: page after page, until there are no more, the reader stops it, or there are too many for
// one file. It goes on whatever panel or room is shown; what was fetched is text in the browser's keeping until it is saved.

import { createSignal } from "solid-js";
import { type Answer, isAnswer, type TablePage, table } from "../../api/rest";
import { readId } from "../../live/lookup";
import { passes } from "../../live/wait";
import { type Asked, isAnswered, NAMES, queryOf } from "./asking";
import { type Format, KINDS, lines } from "./files";
import { byId } from "./pages";

export interface Exported {
  readonly state: "running" | "saved" | "stopped" | "failed" | "full";
  readonly orders: number;
  /** Why it failed. */
  readonly message: string;
}

/** A file of so many has some 300 MB. */
export const MOST = 1_000_000;
const PAGE = 1_000;
/** A page that is not answered is asked for so often. */
const TRIES = 4;
const TRY_AGAIN_MS = 1_000;

export class Exporter {
  private readonly told = createSignal<Exported | null>(null);
  private stopping = false;

  readonly state = this.told[0];

  constructor(
    private readonly save: (name: string, file: Blob) => void,
    private readonly ask: (query: string) => Promise<Answer<TablePage>> = table,
    private readonly most = MOST,
  ) {}

  /** False where one runs already. */
  start(asked: Asked, format: Format): boolean {
    if (this.state()?.state === "running") return false;
    this.stopping = false;
    this.told[1]({ state: "running", orders: 0, message: "" });
    void this.run(asked, format);
    return true;
  }

  stop(): void {
    this.stopping = true;
  }

  private async run(asked: Asked, format: Format): Promise<void> {
    const { head, type, ending } = KINDS[format];
    const parts: BlobPart[] = [head];
    let orders = 0;
    const end = (state: Exported["state"], message = ""): void => {
      this.told[1]({ state, orders, message });
    };
    let next: string | null = queryOf(asked, NAMES[0], Math.min(PAGE, this.most));
    let others: readonly string[] = asked.find.trim() === "" ? [] : [queryOf(asked, NAMES[1], PAGE)];
    while (next !== null && orders < this.most) {
      const answer: Answer<TablePage> = await this.patiently(next);
      if (this.stopping) return end("stopped");
      if (!answer.ok) return end("failed", answer.refusal.message);
      if (!isAnswered(asked, answer.value.orders)) return end("failed", "The venue cannot list the newest first.");
      const page = answer.value.orders.slice(0, this.most - orders);
      // A Blob keeps its text outside of the page's memory.
      parts.push(new Blob([lines(page, format)]));
      orders += page.length;
      next = answer.value.next;
      if (orders === 0 && next === null) [next = null, ...others] = others;
      this.told[1]({ state: "running", orders, message: "" });
    }
    // What looks like an id is one where it is no name, as in the list.
    const id = orders === 0 ? readId(asked.find.trim()) : null;
    if (id !== null) {
      const answer = await byId(asked, id);
      if (this.stopping) return end("stopped");
      if (!answer.ok) return end("failed", answer.refusal.message);
      parts.push(lines(answer.value.orders, format));
      orders = answer.value.orders.length;
    }
    this.save(
      `tradepit-orders-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${ending}`,
      new Blob(parts, { type }),
    );
    end(next === null ? "saved" : "full");
  }

  private async patiently(query: string): Promise<Answer<TablePage>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.ask(query);
      const isFinal = answer.ok || (isAnswer(answer.refusal) && answer.refusal.status !== 503);
      if (isFinal || tries === TRIES || this.stopping) return answer;
      await passes(TRY_AGAIN_MS);
    }
  }
}

/** The page's one export. */
export const exporter = new Exporter((name, file) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});

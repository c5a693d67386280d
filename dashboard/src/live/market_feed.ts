// The market as far as it is in sight: quotes of the symbols that are watched, the book and the trades of the one that is
// chosen. Heard on channels; where these are refused it is asked for, at a pace at which it can be read. What comes is
// held at once, and shown anew at most ten times a second.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { book as askBook, quotes as askQuotes, trades as askTrades } from "../api/exchange";
import type { SchemaQuote, SchemaTrade } from "../api/schema";
import { CALM_MS } from "../figures/calm";
import { Book, type BookFrame } from "../model/book";
import { Tape } from "../model/tape";
import { Channel } from "./channel";

export const DEPTH = 20;
const TRADES = 60;
/** Asked for, where it is not heard. */
const ASK_MS = 1_000;
/** What the house prints is not told on a channel. */
const PRINTS_MS = 1_000;

export interface MarketFeed {
  /** By symbol; another map after each change. */
  readonly quotes: Accessor<ReadonlyMap<string, SchemaQuote>>;
  readonly book: Accessor<Book>;
  readonly trades: Accessor<readonly SchemaTrade[]>;
  /** When the market was heard last (Date.now()). */
  readonly heardMs: Accessor<number>;
}

/** To be called where it is shown: it ends with that. */
export function createMarketFeed(watched: Accessor<readonly string[]>, symbol: Accessor<string>): MarketFeed {
  const quotes = new Map<string, SchemaQuote>();
  const [book, tape] = [new Book(), new Tape()];
  const [shownQuotes, showQuotes] = createSignal<ReadonlyMap<string, SchemaQuote>>(quotes, { equals: false });
  const [shownBook, showBook] = createSignal(book, { equals: false });
  const [shownTrades, showTrades] = createSignal<readonly SchemaTrade[]>([]);
  const [heardMs, setHeardMs] = createSignal(Date.now());
  const show = paced(() => {
    showQuotes(quotes);
    showBook(book);
    showTrades(tape.trades);
    setHeardMs(Date.now());
  });

  const quoted = heard(
    () => (watched().length === 0 ? null : `channels=quotes&symbols=${list(watched())}`),
    (frame) => {
      quotes.set((frame as SchemaQuote).symbol, frame as SchemaQuote);
      show();
    },
    async () => {
      const asked = watched();
      if (asked.length === 0) return;
      const answer = await askQuotes(asked);
      if (!answer.ok) return;
      for (const quote of answer.value) quotes.set(quote.symbol, quote);
      show();
    },
  );

  const chosen = heard(
    () => (symbol() === "" ? null : `channels=book,trades&symbols=${list([symbol()])}&depth=${DEPTH}`),
    (frame) => {
      if ((frame as { channel: string }).channel === "trades") tape.add([frame as SchemaTrade]);
      else if (!book.take(frame as BookFrame)) chosen.again();
      show();
    },
    async () => {
      const asked = symbol();
      if (asked === "") return;
      const answer = await askBook(asked, DEPTH);
      if (answer.ok && asked === symbol()) book.take(answer.value);
      if (answer.ok) show();
    },
  );
  const prints = async () => {
    const asked = symbol();
    if (asked === "" || document.hidden) return;
    const answer = await askTrades(asked, TRADES);
    if (!answer.ok || asked !== symbol()) return;
    tape.add(answer.value);
    show();
  };
  createEffect(
    on(symbol, () => {
      book.clear();
      tape.clear();
      void prints();
    }),
  );
  const timer = setInterval(
    () => {
      void prints();
      quoted.ask();
      chosen.ask();
    },
    Math.max(ASK_MS, PRINTS_MS),
  );
  onCleanup(() => clearInterval(timer));
  return { quotes: shownQuotes, book: shownBook, trades: shownTrades, heardMs };
}

function list(symbols: readonly string[]): string {
  return symbols.map(encodeURIComponent).join(",");
}

/** Hears channels while the page is shown; `ask` asks instead, where they are not heard. */
function heard(asked: Accessor<string | null>, take: (frame: unknown) => void, ask: () => Promise<void>) {
  const query = createMemo(asked);
  let open = false;
  const channel = new Channel({
    frame: (text) => take(JSON.parse(text)),
    opened: () => {
      open = true;
    },
    ended: () => {
      open = false;
    },
  });
  const [hidden, setHidden] = createSignal(document.hidden);
  const turned = () => setHidden(document.hidden);
  document.addEventListener("visibilitychange", turned);
  createEffect(() => {
    const wanted = hidden() ? null : query();
    open = false;
    channel.listen(wanted);
    if (wanted !== null) void ask();
  });
  onCleanup(() => {
    document.removeEventListener("visibilitychange", turned);
    channel.listen(null);
  });
  return {
    ask: () => {
      if (!open && !document.hidden) void ask();
    },
    /** Begins anew: what was told does not follow from what is held. */
    again: () => {
      open = false;
      channel.listen(null);
      channel.listen(query());
    },
  };
}

/** Does it with a frame of the screen, but not oftener than figures can be read. */
function paced(act: () => void): () => void {
  let [due, lastMs] = [false, Number.NEGATIVE_INFINITY];
  const run = () => {
    due = false;
    lastMs = performance.now();
    act();
  };
  return () => {
    if (due) return;
    due = true;
    const waitMs = lastMs + CALM_MS - performance.now();
    if (waitMs <= 4) requestAnimationFrame(run);
    else setTimeout(() => requestAnimationFrame(run), waitMs - 4);
  };
}

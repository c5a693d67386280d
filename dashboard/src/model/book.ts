// What is offered in an instrument, level by level: taken over whole, then changed as the channel `book` tells. Prices and
// sizes stay text; levels are ordered by what they come to.

export type Level = readonly [price: string, size: string];

export interface BookFrame {
  readonly symbol: string;
  readonly book_number: number;
  /** The number that it changes; none where it is whole. */
  readonly previous?: number;
  readonly bids: readonly (readonly string[])[];
  readonly asks: readonly (readonly string[])[];
}

export class Book {
  /** The best first. */
  bids: readonly Level[] = [];
  asks: readonly Level[] = [];
  number: number | null = null;

  /** False where what it changes is not what is held: the book is to be asked for anew. */
  take(frame: BookFrame): boolean {
    if (frame.previous === undefined) {
      this.bids = frame.bids as readonly Level[];
      this.asks = frame.asks as readonly Level[];
    } else if (frame.previous === this.number) {
      this.bids = changed(this.bids, frame.bids as readonly Level[], -1);
      this.asks = changed(this.asks, frame.asks as readonly Level[], 1);
    } else return false;
    this.number = frame.book_number;
    return true;
  }

  clear(): void {
    this.bids = this.asks = [];
    this.number = null;
  }
}

/** Size "0" takes a level away. */
function changed(levels: readonly Level[], changes: readonly Level[], way: 1 | -1): readonly Level[] {
  if (changes.length === 0) return levels;
  const sizes = new Map(levels);
  for (const [price, size] of changes) {
    if (size === "0") sizes.delete(price);
    else sizes.set(price, size);
  }
  return [...sizes].sort(([one], [other]) => way * (Number(one) - Number(other)));
}

export interface Rung {
  readonly side: "bid" | "ask";
  readonly price: string;
  readonly size: string;
  /** Of the largest size that is shown: for its bar. */
  readonly share: number;
  /** What clients offer of it; empty where they offer nothing. */
  readonly mine: string;
}

/** The rungs of a ladder, the dearest ask first: `depth` of each side. */
export function rungs(book: Book, depth: number, mine: ReadonlyMap<string, number>): readonly Rung[] {
  const [bids, asks] = [book.bids.slice(0, depth), book.asks.slice(0, depth)];
  const most = Math.max(...[...bids, ...asks].map(([, size]) => Number(size)), 0) || 1;
  const of = (side: Rung["side"], [price, size]: Level): Rung => {
    const own = mine.get(price) ?? 0;
    return { side, price, size, share: Math.min(1, Number(size) / most), mine: own === 0 ? "" : String(own) };
  };
  return [...asks.map((level) => of("ask", level)).reverse(), ...bids.map((level) => of("bid", level))];
}

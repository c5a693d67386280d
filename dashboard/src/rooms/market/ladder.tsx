// The ladder: what is offered at each price, and what of it clients have; a price that is clicked fills the ticket. Rungs
// keep their places: as the market moves only their words change.

import { createMemo, Index, Show } from "solid-js";
import type { Book, Rung } from "../../model/book";
import { rungs } from "../../model/book";
import { brief } from "../../model/decimal";
import { listKeys } from "../../panels/list_keys";

export interface LadderProps {
  readonly symbol: string;
  readonly book: Book;
  /** How many prices of each side. */
  readonly depth: number;
  /** What clients offer, by price as the venue writes it. */
  readonly mine: ReadonlyMap<string, number>;
  /** A price was chosen: to buy among the bids, to sell among the asks. */
  pick(price: string, side: "buy" | "sell"): void;
}

export function Ladder(props: LadderProps) {
  const ladder = createMemo(() => rungs(props.book, props.depth, props.mine));
  const asks = () => ladder().filter(({ side }) => side === "ask");
  const bids = () => ladder().filter(({ side }) => side === "bid");
  const spread = () => {
    const [ask, bid] = [asks().at(-1), bids()[0]];
    if (ask === undefined || bid === undefined) return "–";
    const decimals = ask.price.split(".")[1]?.length ?? 0;
    return (Number(ask.price) - Number(bid.price)).toFixed(decimals);
  };
  return (
    <section class="ladder" aria-label="Ladder" onKeyDown={listKeys(".rung")}>
      <div class="ladder-head" aria-hidden="true">
        <span>Mine</span>
        <span>Bid</span>
        <span>Price</span>
        <span>Ask</span>
      </div>
      <Show
        when={ladder().length > 0}
        fallback={<p class="exchange-empty">Nothing is offered in {props.symbol} now.</p>}
      >
        <div class="ladder-side asks">
          <Index each={asks()}>{(rung, at) => <Step rung={rung()} first={at === 0} pick={props.pick} />}</Index>
        </div>
        <p class="ladder-spread">
          <span class="faint">spread</span> {spread()}
        </p>
        <div class="ladder-side bids">
          <Index each={bids()}>{(rung) => <Step rung={rung()} first={false} pick={props.pick} />}</Index>
        </div>
      </Show>
    </section>
  );
}

function Step(props: { readonly rung: Rung; readonly first: boolean; pick: LadderProps["pick"] }) {
  const side = () => (props.rung.side === "bid" ? "buy" : "sell");
  const size = () => brief(props.rung.size);
  return (
    <button
      type="button"
      class="rung"
      data-side={props.rung.side}
      data-price={props.rung.price}
      tabindex={props.first ? 0 : -1}
      title={`${side() === "buy" ? "Buy" : "Sell"} at ${props.rung.price}: fills the ticket`}
      onClick={() => props.pick(props.rung.price, side())}
    >
      <i class="rung-bar" style={{ transform: `scaleX(${props.rung.share.toFixed(3)})` }} aria-hidden="true" />
      <span class="unseen">{props.rung.side} </span>
      <span class="rung-mine">{props.rung.mine === "" ? "" : `● ${brief(props.rung.mine)}`}</span>
      <span class="rung-bid">{props.rung.side === "bid" ? size() : ""}</span>
      <span class="rung-price">{props.rung.price}</span>
      <span class="rung-ask">{props.rung.side === "ask" ? size() : ""}</span>
    </button>
  );
}

//! What a venue is asked of fills and trades: the OrderBook without a store, with one the store.

use tradepit_engine::{Direction, Fill, FillsOf, Number, Order, Print, PrintsOf, Stretch};

use super::Venue;
use crate::ask::{FindFilled, Piece, ReadFills};
use crate::order_book::addr::Refused;
use crate::order_book::answers::Lookup;
use crate::order_book::fills::Filled;

impl Venue {
    /// The order of this id as it stands now, and its newest fills, at most so many; the newest first.
    pub async fn find_filled(&self, find: FindFilled) -> Result<Option<(Order, Vec<Fill>)>, Refused> {
        let (order, fills, is_part) = match self.order_book.ask(find).await? {
            Lookup::Here(Filled { order, fills, is_part }) => (order, fills, is_part),
            Lookup::InStore(number) => match self.stored_order(number, find.id).await? {
                Some(order) => {
                    let is_part = order.has_told_fills();
                    let fills = Vec::from_iter(order.only_fill());
                    (order, fills, is_part)
                }
                None => return Ok(None),
            },
            Lookup::Nowhere => return Ok(None),
        };
        if !is_part {
            return Ok(Some((order, fills)));
        }
        // As of the order: it may have traded again meanwhile.
        let (accepted, upto, at_most) = (order.accepted_number, order.number, find.at_most);
        let ask = self.ask_store(|store, answer| store.newest_fills(accepted, upto, at_most, answer));
        Ok(Some((order, ask.await?)))
    }

    /// Fills that match, at most `read.limit`; `None` where the order is unknown whose fills are asked
    /// for.
    ///
    /// Drawn in bounded pieces, so that a filter that matches nothing holds nobody up.
    pub async fn fills(&self, read: ReadFills) -> Result<Option<Piece<Fill>>, Refused> {
        let ReadFills { order, mut filter, after, direction, limit } = read;
        let mut after = after.unwrap_or(direction.start());
        let (mut first, mut last) = (Number(0), Number(u64::MAX));
        if let Some(id) = order {
            let Some(order) = self.find(id).await? else { return Ok(None) };
            if order.rich.is_none() {
                let fill =
                    order.only_fill().filter(|fill| filter.matches(fill) && direction.follows(fill.number, after));
                return Ok(Some(Piece { items: Vec::from_iter(fill), has_more: false }));
            }
            filter.order = Some(order.accepted_number);
            (first, last) = (order.accepted_number, order.number);
            // Nothing of it is before it is accepted, or after its newest change.
            after = after.clamp(first, last.next());
        }
        let upto = match direction {
            Direction::OldestFirst => last,
            Direction::NewestFirst => first,
        };
        let wanted = limit + 1;
        let mut items = Vec::new();
        loop {
            let question = FillsOf { after, upto, direction, filter, limit: wanted - items.len() };
            let Stretch { items: found, next } = match self.order_book.ask(question).await? {
                Lookup::Here(stretch) => stretch,
                Lookup::InStore(()) | Lookup::Nowhere => {
                    self.ask_store(|store, answer| store.fills(question, answer)).await?
                }
            };
            items.extend(found);
            match next.filter(|_| items.len() < wanted) {
                Some(next) => after = next,
                None => return Ok(Some(Piece::cut(items, limit))),
            }
        }
    }

    /// Trades, newest first, at most `read.limit`; `None` where the symbol is unknown.
    pub async fn prints(&self, read: PrintsOf) -> Result<Option<Piece<Print>>, Refused> {
        let wanted = read.limit + 1;
        let (mut items, mut before) = (Vec::new(), read.before);
        loop {
            let question = PrintsOf { before, limit: wanted - items.len(), ..read };
            let Stretch { items: found, next } = match self.order_book.ask(question).await? {
                Lookup::Here(stretch) => stretch,
                Lookup::InStore(()) => self.ask_store(|store, answer| store.prints(question, answer)).await?,
                Lookup::Nowhere => return Ok(None),
            };
            items.extend(found);
            match next.filter(|_| items.len() < wanted) {
                Some(next) => before = next,
                None => return Ok(Some(Piece::cut(items, read.limit))),
            }
        }
    }
}

//! The recent changes, for subscribers that ask with `since`. Bounded by number; the oldest goes first.
//!
//! A change is kept in 48 bytes and its symbol's: with the changes of every order held, this is a third of what an
//! order takes.

use std::collections::VecDeque;
use std::sync::Arc;

use tradepit_engine::{
    Accepted, Body, ChangeFilter, Changes, Event, Lost, Number, OrderId, OrderRef, Origin, Quantity, Symbol, Time,
};

/// How many changes one piece of a replay looks at: about 50 KB of JSON.
const PIECE: usize = 256;

const BLOCK: usize = 256;

/// The newest changes that were announced.
pub(crate) struct History {
    /// All but the last are full; of the first, `skipped` changes are no longer held.
    blocks: VecDeque<Block>,
    skipped: usize,
    held: usize,
    max: usize,
    newest: Number,
}

/// Changes that follow each other.
#[derive(Default)]
struct Block {
    changes: Vec<Kept>,
    /// The symbols, one after the other; changes of one symbol in a row share it.
    symbols: String,
    /// The names of the orders that have some, by the change's place in the block.
    origins: Vec<(usize, Arc<Origin>)>,
}

/// A change, packed.
struct Kept {
    at: Time,
    id: OrderId,
    quantity: Quantity,
    /// When the order is due, where this accepts it; otherwise the change that accepted it.
    due_at_or_accepted_number: u64,
    symbol_at: u16,
    symbol_len: u8,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Accepted,
    Executed,
    Cancelled,
}

impl Block {
    fn new() -> Block {
        Block { changes: Vec::with_capacity(BLOCK), ..Block::default() }
    }

    fn push(&mut self, event: &Event) {
        let (kind, id, symbol, quantity, due_at_or_accepted_number) = match event.body {
            Body::Accepted(Accepted { id, ref symbol, quantity, due_at, ref origin }) => {
                if let Some(origin) = origin {
                    self.origins.push((self.changes.len(), Arc::clone(origin)));
                }
                (Kind::Accepted, id, symbol, quantity, due_at.0.cast_unsigned())
            }
            Body::Executed(OrderRef { accepted_number, id, ref symbol, quantity }) => {
                (Kind::Executed, id, symbol, quantity, accepted_number.0)
            }
            Body::Cancelled(OrderRef { accepted_number, id, ref symbol, quantity }) => {
                (Kind::Cancelled, id, symbol, quantity, accepted_number.0)
            }
        };
        let (symbol_at, symbol_len) = self.keep_symbol(symbol.as_str());
        let at = event.at;
        self.changes.push(Kept { at, id, quantity, due_at_or_accepted_number, symbol_at, symbol_len, kind });
    }

    fn keep_symbol(&mut self, symbol: &str) -> (u16, u8) {
        let last = self.changes.last().map(|last| (last.symbol_at, last.symbol_len));
        if let Some((at, len)) = last.filter(|&(at, len)| self.symbol(at, len) == symbol) {
            return (at, len);
        }
        // A block has at most 256 symbols of 32 bytes.
        let (at, len) = (self.symbols.len() as u16, symbol.len() as u8);
        self.symbols.push_str(symbol);
        (at, len)
    }

    fn symbol(&self, at: u16, len: u8) -> &str {
        &self.symbols[usize::from(at)..][..usize::from(len)]
    }

    /// The change at this place, which has this number.
    fn event(&self, place: usize, number: Number) -> Event {
        let Kept { at, id, quantity, due_at_or_accepted_number, symbol_at, symbol_len, kind } = self.changes[place];
        let symbol = Symbol::new(self.symbol(symbol_at, symbol_len)).expect("it was one when it was kept");
        let closed = || OrderRef { accepted_number: Number(due_at_or_accepted_number), id, symbol, quantity };
        let body = match kind {
            Kind::Accepted => {
                let (due_at, origin) = (Time(due_at_or_accepted_number.cast_signed()), self.origin(place));
                Body::Accepted(Accepted { id, symbol, quantity, due_at, origin })
            }
            Kind::Executed => Body::Executed(closed()),
            Kind::Cancelled => Body::Cancelled(closed()),
        };
        Event { number, at, body }
    }

    fn origin(&self, place: usize) -> Option<Arc<Origin>> {
        let found = self.origins.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(Arc::clone(&self.origins[found].1))
    }
}

impl History {
    /// An empty history of at most `max` changes. What comes next comes after `newest`; what came before is held
    /// elsewhere.
    pub(crate) fn after(newest: Number, max: usize) -> History {
        History { blocks: VecDeque::new(), skipped: 0, held: 0, max, newest }
    }

    /// Adds the changes that come next.
    pub(crate) fn extend(&mut self, events: &[Event]) {
        let Some(last) = events.last() else { return };
        self.newest = last.number;
        for event in &events[events.len().saturating_sub(self.max)..] {
            if self.blocks.back().is_none_or(|block| block.changes.len() == BLOCK) {
                self.blocks.push_back(Block::new());
            }
            if let Some(block) = self.blocks.back_mut() {
                block.push(event);
                self.held += 1;
            }
        }
        while self.held > self.max {
            self.held -= 1;
            self.skipped += 1;
            if self.skipped == BLOCK {
                self.skipped = 0;
                self.blocks.pop_front();
            }
        }
    }

    /// Whether the change after `number` is held, or is yet to come.
    pub(crate) fn holds_after(&self, number: Number) -> bool {
        number.next() >= self.oldest()
    }

    /// What a reader is told that asked for more than is held.
    pub(crate) fn lost(&self) -> Lost {
        Lost { oldest: self.oldest(), as_of: self.newest }
    }

    /// The next piece of what a reader asks for.
    pub(crate) fn read(&self, after: Number, filter: ChangeFilter) -> Changes {
        if !self.holds_after(after) {
            return Changes::Lost(self.lost());
        }
        let (mut events, mut upto) = (Vec::new(), after);
        let from = usize::try_from(after.next().0 - self.oldest().0).unwrap_or(usize::MAX).min(self.held);
        for place in (from..self.held).take(PIECE) {
            upto = upto.next();
            let place = self.skipped + place;
            let event = self.blocks[place / BLOCK].event(place % BLOCK, upto);
            if filter.matches(&event) {
                events.push(event);
            }
        }
        Changes::Held { events, upto, newest: self.newest }
    }

    fn oldest(&self) -> Number {
        Number(self.newest.0 + 1 - self.held as u64)
    }
}

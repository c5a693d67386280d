//! The recent changes, for subscribers that ask with `since`. Bounded by number; the oldest goes first.
//!
//! A change of a native order is kept in 48 bytes and its symbol's: with the changes of every order held, this is a
//! third of what an order takes. Any other is kept as it is.

use std::collections::VecDeque;
use std::sync::Arc;

use tradepit_engine::{
    Accepted, Body, ChangeFilter, Changes, Event, HouseTrade, Lost, Money, Number, OrderId, OrderRef, Origin, Quantity,
    Seq, Step, Symbol, Time,
};

/// How many changes one piece of a replay looks at: about 50 KB of JSON.
const PIECE: usize = 256;

const BLOCK: usize = 256;

/// So many changes are held for each of a status, at most.
const OTHERS_AT_MOST: usize = 8;

/// The newest changes that were announced.
pub(crate) struct History {
    /// All but the last are full; of the first, `skipped` changes are no longer held.
    blocks: VecDeque<Block>,
    skipped: usize,
    held: usize,
    /// How many of those that are held are changes of a status: these are what its length is counted in.
    statuses: usize,
    max: usize,
    newest: Place,
}

/// The numbers of a change: its place among all, and among those of a status by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    number: Number,
    seq: Seq,
}

impl Place {
    /// Of a change.
    fn of(event: &Event) -> Place {
        Place { number: event.number, seq: event.seq }
    }
}

/// Changes that follow each other.
struct Block {
    /// The change before the first one.
    before: Place,
    changes: Vec<Kept>,
    /// The symbols, each with its tick where one is known; changes of one symbol in a row share it.
    symbols: Vec<(Symbol, Option<Step>)>,
    /// The names of the orders that have some, by the change's place in the block.
    origins: Vec<(usize, Arc<Origin>)>,
    /// What is no change of a native order, by its place in the block.
    others: Vec<(usize, Body)>,
}

/// A change, packed.
struct Kept {
    at: Time,
    id: OrderId,
    quantity: Quantity,
    /// When the order is due, where this accepts it; otherwise the change that accepted it.
    due_at_or_accepted_number: u64,
    /// The price at which it bought.
    ticks: u32,
    symbol: u16,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Accepted,
    Executed,
    Cancelled,
    Bought,
    Other,
}

impl Block {
    fn after(before: Place) -> Block {
        let (changes, symbols) = (Vec::with_capacity(BLOCK), Vec::new());
        Block { before, changes, symbols, origins: Vec::new(), others: Vec::new() }
    }

    fn push(&mut self, event: &Event) {
        let place = self.changes.len();
        let (kind, order, what, ticks, tick) = match event.body {
            Body::Accepted(ref accepted) if accepted.rich.is_none() => {
                if let Some(origin) = &accepted.origin {
                    self.origins.push((place, Arc::clone(origin)));
                }
                let due_at = accepted.due_at.0.cast_unsigned();
                (Kind::Accepted, accepted.order(event.number), due_at, 0, None)
            }
            Body::Executed(order) => (Kind::Executed, order, order.accepted_number.0, 0, None),
            Body::Cancelled(order) => (Kind::Cancelled, order, order.accepted_number.0, 0, None),
            Body::Bought(HouseTrade { order, ticks: ticks @ ..=0xffff_ffff, tick, fee: Money::ZERO }) => {
                (Kind::Bought, order, order.accepted_number.0, ticks as u32, Some(tick))
            }
            Body::Accepted(_)
            | Body::Bought(_)
            | Body::Arrived(_)
            | Body::Filled(_)
            | Body::Ended(_)
            | Body::Amended(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Replaced(_)
            | Body::Triggered(_)
            | Body::Followed(_)
            | Body::Quoted(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_) => return self.push_other(event),
        };
        let OrderRef { id, symbol, quantity, .. } = order;
        let (symbol, at) = (self.keep_symbol(symbol, tick), event.at);
        self.changes.push(Kept { at, id, quantity, due_at_or_accepted_number: what, ticks, symbol, kind });
    }

    fn push_other(&mut self, event: &Event) {
        self.others.push((self.changes.len(), event.body.clone()));
        let (at, id, quantity) = (event.at, OrderId([0; 16]), Quantity::ONE);
        let (due_at_or_accepted_number, ticks, symbol, kind) = (0, 0, u16::MAX, Kind::Other);
        self.changes.push(Kept { at, id, quantity, due_at_or_accepted_number, ticks, symbol, kind });
    }

    /// Where a symbol is kept. A block has at most 256 of them.
    fn keep_symbol(&mut self, symbol: Symbol, tick: Option<Step>) -> u16 {
        match self.symbols.last_mut() {
            Some((last, known)) if *last == symbol && (known.is_none() || tick.is_none() || *known == tick) => {
                *known = known.or(tick);
            }
            _ => self.symbols.push((symbol, tick)),
        }
        (self.symbols.len() - 1) as u16
    }

    /// The change at this place, which comes after that one.
    fn event(&self, place: usize, before: Place) -> Event {
        let at = self.changes[place].at;
        let body = self.body(place);
        let number = Number(before.number.0 + body.changes());
        let seq = Seq(before.seq.0 + u64::from(body.status().is_some()));
        Event { number, seq, at, body }
    }

    fn body(&self, place: usize) -> Body {
        let Kept { id, quantity, due_at_or_accepted_number, ticks, symbol, kind, .. } = self.changes[place];
        if let Kind::Other = kind {
            let found = self.others.binary_search_by_key(&place, |(place, _)| *place);
            return self.others[found.expect("it was kept")].1.clone();
        }
        let (symbol, tick) = self.symbols[usize::from(symbol)];
        let order = OrderRef { accepted_number: Number(due_at_or_accepted_number), id, symbol, quantity };
        match (kind, tick) {
            (Kind::Accepted, _) => {
                let (due_at, origin) = (Time(due_at_or_accepted_number.cast_signed()), self.origin(place));
                Body::Accepted(Accepted { id, symbol, quantity, due_at, origin, rich: None })
            }
            (Kind::Bought, Some(tick)) => {
                Body::Bought(HouseTrade { order, ticks: ticks.into(), tick, fee: Money::ZERO })
            }
            (Kind::Cancelled, _) => Body::Cancelled(order),
            (Kind::Executed | Kind::Bought | Kind::Other, _) => Body::Executed(order),
        }
    }

    fn origin(&self, place: usize) -> Option<Arc<Origin>> {
        let found = self.origins.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(Arc::clone(&self.origins[found].1))
    }

    /// How many changes the one at this place tells of, and whether it is one of a status.
    fn step(&self, place: usize) -> (u64, u64) {
        match self.changes[place].kind {
            Kind::Accepted | Kind::Executed | Kind::Cancelled => (1, 1),
            Kind::Bought => (2, 1),
            Kind::Other => {
                let found = self.others.binary_search_by_key(&place, |(place, _)| *place);
                let body = &self.others[found.expect("it was kept")].1;
                (body.changes(), u64::from(body.status().is_some()))
            }
        }
    }

    /// The change at this place, which comes after that one, as a place.
    fn place_of(&self, place: usize, before: Place) -> Place {
        let (changes, statuses) = self.step(place);
        Place { number: Number(before.number.0 + changes), seq: Seq(before.seq.0 + statuses) }
    }
}

impl History {
    /// An empty history of at most `max` changes of status, and of what happens between them. What comes next comes
    /// after `number` and `seq`; what came before is held elsewhere.
    pub(crate) fn after(number: Number, seq: Seq, max: usize) -> History {
        let newest = Place { number, seq };
        History { blocks: VecDeque::new(), skipped: 0, held: 0, statuses: 0, max, newest }
    }

    /// Adds the changes that come next.
    pub(crate) fn extend(&mut self, events: &[Event]) {
        // What is no change is told of to nobody.
        for event in events.iter().filter(|event| event.body.changes() > 0) {
            if self.blocks.back().is_none_or(|block| block.changes.len() == BLOCK) {
                self.blocks.push_back(Block::after(self.newest));
            }
            if let Some(block) = self.blocks.back_mut() {
                block.push(event);
            }
            self.held += 1;
            self.statuses += usize::from(event.status().is_some());
            self.newest = Place::of(event);
            // What happens between changes of status is bounded too.
            while self.statuses > self.max || self.held > self.max.saturating_mul(OTHERS_AT_MOST) {
                self.drop_oldest();
            }
        }
    }

    fn drop_oldest(&mut self) {
        let Some(block) = self.blocks.front() else { return };
        let (_, statuses) = block.step(self.skipped);
        self.statuses -= statuses as usize;
        self.held -= 1;
        self.skipped += 1;
        if self.skipped == BLOCK {
            self.skipped = 0;
            self.blocks.pop_front();
        }
    }

    /// Whether the change after `number` is held, or is yet to come.
    pub(crate) fn holds_after(&self, number: Number) -> bool {
        number >= self.before_oldest().number
    }

    /// The last change that clients count as this one, or as one before it; `None` where that is no longer held.
    pub(crate) fn before_next(&self, seq: Seq) -> Option<Number> {
        if seq >= self.newest.seq {
            return Some(self.newest.number);
        }
        let oldest = Some(self.before_oldest()).filter(|oldest| oldest.seq <= seq)?;
        let block = self.blocks.partition_point(|block| block.before.seq <= seq).saturating_sub(1);
        // Where no change of the block counts, it is the one before the block.
        let mut last = if block == 0 { oldest } else { self.blocks[block].before };
        let mut places = self.places_from(block);
        while let Some((_, _, next)) = places.next().filter(|(_, _, next)| next.seq <= seq) {
            last = next;
        }
        Some(last.number)
    }

    /// What a reader is told that asked for more than is held.
    pub(crate) fn lost(&self) -> Lost {
        let (before, newest) = (self.before_oldest(), self.newest);
        Lost { before: before.number, oldest: before.seq.next(), as_of: newest.number, as_of_seq: newest.seq }
    }

    /// The next piece of what a reader asks for.
    pub(crate) fn read(&self, after: Number, filter: ChangeFilter) -> Changes {
        if !self.holds_after(after) {
            return Changes::Lost(self.lost());
        }
        let (mut events, mut upto) = (Vec::new(), after);
        let block = self.blocks.partition_point(|block| block.before.number <= after).saturating_sub(1);
        let wanted = self.places_from(block).filter(|(_, _, place)| place.number > after);
        for ((block, place), before, _) in wanted.take(PIECE) {
            let event = self.blocks[block].event(place, before);
            upto = event.number;
            if filter.matches(&event) {
                events.push(event);
            }
        }
        Changes::Held { events, upto, newest: self.newest.number }
    }

    /// The change before the oldest one that is held.
    fn before_oldest(&self) -> Place {
        let Some(block) = self.blocks.front().filter(|_| self.held > 0) else { return self.newest };
        (0..self.skipped).fold(block.before, |before, place| block.place_of(place, before))
    }

    /// All changes held from this block on: where each is, the change before it, and its own numbers.
    fn places_from(&self, first: usize) -> impl Iterator<Item = ((usize, usize), Place, Place)> {
        let blocks = (first..self.blocks.len()).map(|number| (number, &self.blocks[number]));
        blocks.flat_map(|(number, block)| {
            let skipped = if number == 0 { self.skipped } else { 0 };
            let mut before = block.before;
            (0..block.changes.len()).filter_map(move |place| {
                let (own_before, own) = (before, block.place_of(place, before));
                before = own;
                (place >= skipped).then_some(((number, place), own_before, own))
            })
        })
    }
}

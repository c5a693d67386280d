//! The recent changes, for subscribers that ask with `since`. Bounded by number; the oldest goes first.
//!
//! A change of a native order is kept in 48 bytes and its symbol's: with the changes of every order held, this is a
//! third of what an order takes. Any other is kept as it is.

mod activities;
mod block;
mod fills;
mod kept;

use std::collections::VecDeque;
use std::sync::Arc;

use tradepit_engine::{ChangeFilter, Changes, Event, Leaf, Lost, Number, Order, Seq, Spread};

use block::Block;

/// How many changes one piece of a replay looks at: about 50 KB of JSON.
const PIECE: usize = 256;

const BLOCK: usize = 256;

/// So many changes are held for each of a status, at most.
const OTHERS_AT_MOST: usize = 8;

/// The newest changes that were announced.
#[derive(Clone)]
pub(crate) struct History {
    /// All but the last are full; of the first, `skipped` changes are no longer held.
    blocks: VecDeque<Leaf<Block>>,
    skipped: usize,
    held: usize,
    /// How many of those that are held are changes of a status: these are what its length is counted in.
    statuses: usize,
    max: usize,
    newest: Place,
    /// Where the fills of each order are that are told one by one.
    fills: Spread<Number, OwnFills>,
}

/// The fills of an order that are held.
#[derive(Clone, Copy)]
struct OwnFills {
    newest: Number,
    held: usize,
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

impl History {
    /// An empty history of at most `max` changes of status, and of what happens between them. What comes next comes
    /// after `number` and `seq`; what came before is held elsewhere.
    pub(crate) fn after(number: Number, seq: Seq, max: usize) -> History {
        let newest = Place { number, seq };
        History { blocks: VecDeque::new(), skipped: 0, held: 0, statuses: 0, max, newest, fills: Spread::default() }
    }

    /// Adds the changes that come next.
    /// Of rich orders, `orders` has how they stood after each.
    pub(crate) fn extend(&mut self, events: &[Event], orders: &[(Number, Arc<Order>)]) {
        let mut orders = orders.iter().peekable();
        // What is no change is told of to nobody.
        for event in events.iter().filter(|event| event.body.changes() > 0) {
            while orders.next_if(|(number, _)| *number < event.number).is_some() {}
            let order = orders.next_if(|(number, _)| *number == event.number).map(|(_, order)| order);
            if self.blocks.back().is_none_or(|block| block.changes.len() == BLOCK) {
                let room = if self.blocks.is_empty() { 0 } else { BLOCK };
                self.blocks.push_back(Block::after(self.newest, room).into());
            }
            let earlier = self.note_fill(event);
            if let Some(block) = self.blocks.back_mut() {
                block.push(event, order, earlier);
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

    /// What a copy of it holds, which shares all of it.
    pub(crate) fn copy(&mut self) -> History {
        self.blocks.iter_mut().for_each(Leaf::share);
        self.fills.share();
        self.clone()
    }

    /// How many changes are held.
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    fn drop_oldest(&mut self) {
        let Some(block) = self.blocks.front() else { return };
        let (_, statuses) = block.step(self.skipped);
        let of_fill = block.filled_order(self.skipped);
        self.statuses -= statuses as usize;
        self.held -= 1;
        self.skipped += 1;
        if let Some(order) = of_fill {
            self.forget_fill(order);
        }
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

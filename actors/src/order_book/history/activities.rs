//! What the recent changes say of what moved an account's cash, and of where an instrument stood at a moment.

use tradepit_engine::{ActivitiesOf, Activity, Direction, Event, Leaf, Stretch, Trace, TraceOf};

use super::History;
use super::block::Block;

/// Changes that one piece of a list looks at, or some more: it ends with a block.
const LOOK_AT_MOST: usize = 4_096;
/// Blocks that are looked at for where an instrument stood, and of these, blocks that are looked through.
const BLOCKS_AT_MOST: usize = 4_096;
const BLOCKS_READ_AT_MOST: usize = 16;

impl History {
    /// The next piece of a list of activities. Those that are no longer held are left out.
    pub(crate) fn activities(&self, question: &ActivitiesOf) -> Stretch<Activity> {
        let mut piece = Stretch { items: Vec::new(), next: None };
        let (number, mut looked_at) = (question.after.0, 0);
        // How many blocks begin before that change: it is in the last of them.
        let begun = self.blocks.partition_point(|block| block.before.number < number);
        let mut next = match question.direction {
            Direction::OldestFirst => Some(begun.saturating_sub(1)).filter(|&first| first < self.blocks.len()),
            Direction::NewestFirst => begun.checked_sub(1),
        };
        while let Some(place) = next {
            // Times rise with numbers: what is before a change that is too old is, too.
            let is_over =
                |newer: &Leaf<Block>| question.direction == Direction::NewestFirst && newer.begins_by(question.since);
            if self.blocks.get(place + 1).is_some_and(is_over) {
                return piece;
            }
            if looked_at >= LOOK_AT_MOST || piece.items.len() >= question.limit {
                piece.next = Some(match question.direction {
                    Direction::OldestFirst => self.blocks[place].before.number,
                    Direction::NewestFirst => self.blocks[place + 1].before.number.next(),
                });
                return piece;
            }
            looked_at += self.blocks[place].changes.len();
            self.pick(place, question, &mut piece.items);
            next = match question.direction {
                Direction::OldestFirst => Some(place + 1).filter(|&next| next < self.blocks.len()),
                Direction::NewestFirst => place.checked_sub(1),
            };
        }
        piece
    }

    /// Picks what of a block belongs to a list.
    fn pick(&self, number: usize, question: &ActivitiesOf, items: &mut Vec<Activity>) {
        let block = &self.blocks[number];
        let mut places: Vec<(usize, Event)> = self.moving_in(number, block).collect();
        if question.direction == Direction::NewestFirst {
            places.reverse();
        }
        for (place, event) in places {
            let lots = || Some(block.order(place)?.rich.as_ref()?.terms.lots);
            items.extend(question.pick(&event).map(|mut activity| {
                let lots = activity.lacks().and_then(|_| lots());
                lots.into_iter().for_each(|lots| activity.complete(lots));
                activity
            }));
        }
    }

    /// The changes of a block that may be fills, or are of no native order.
    fn moving_in<'a>(&'a self, number: usize, block: &'a Block) -> impl Iterator<Item = (usize, Event)> + 'a {
        let places = self.places_from(number).take_while(move |((own, _), _, _)| *own == number);
        let moving = places.filter(|((_, place), _, _)| block.may_be_fill(*place));
        moving.map(|((_, place), before, _)| (place, block.event(place, before)))
    }

    /// The latest change by a moment that says where an instrument stood. One that is no longer held is not found.
    pub(crate) fn trace(&self, question: &TraceOf) -> Stretch<Trace> {
        let mut piece = Stretch { items: Vec::new(), next: None };
        let is_before =
            |block: &Leaf<Block>| block.before.number.next() < question.before && block.begins_by(question.by);
        let end = self.blocks.partition_point(is_before);
        let mut read = 0;
        for (looked_at, number) in (0..end).rev().enumerate() {
            if looked_at == BLOCKS_AT_MOST || read == BLOCKS_READ_AT_MOST {
                piece.next = Some(self.blocks[number + 1].before.number.next());
                return piece;
            }
            let block = &self.blocks[number];
            if !block.may_have(question.symbol, question.seek) {
                continue;
            }
            read += 1;
            let found = self.moving_in(number, block).filter_map(|(_, event)| question.found_in(&event)).last();
            if let Some(found) = found {
                piece.items.push(found);
                return piece;
            }
        }
        piece
    }
}

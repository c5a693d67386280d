//! How a log answers what it is asked of fills: by looking through all of it.

use tradepit_engine::{Direction, Event, Fill, FillsOf, Stretch};

/// The next piece of a list of fills, of so many at most.
pub(crate) fn fills(log: &[Event], question: &FillsOf, piece: usize) -> Stretch<Fill> {
    let FillsOf { after, upto, direction, filter, limit } = *question;
    let is_between = |number| direction.follows(number, after) && !direction.follows(number, upto);
    let of_it = |fill: &Fill| is_between(fill.number) && filter.matches(fill);
    let mut items: Vec<Fill> = log.iter().filter_map(Event::fill).filter(of_it).collect();
    if direction == Direction::NewestFirst {
        items.reverse();
    }
    let more = items.len() > limit.min(piece);
    items.truncate(limit.min(piece));
    let next = items.last().filter(|_| more).map(|last| last.number);
    Stretch { items, next }
}

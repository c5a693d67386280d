//! What the recent changes say of fills and trades. The fills of one order are linked, the newest first; of trades each
//! block says which symbols it may have.

use tradepit_engine::{Body, Direction, Event, Fill, FillsOf, Leaf, Number, Print, PrintsOf, Stretch};

use super::block::Block;
use super::{History, OwnFills};

/// Changes that one piece of a list of fills looks at.
const LOOK_AT_MOST: usize = 4_096;
/// Blocks that one piece of a list of trades looks at, and of these, blocks that are looked through.
const BLOCKS_AT_MOST: usize = 4_096;
const BLOCKS_READ_AT_MOST: usize = 16;

impl History {
    /// The next piece of a list of fills. Those that are no longer held are left out.
    pub(crate) fn fills(&self, question: &FillsOf) -> Stretch<Fill> {
        match question.direction {
            Direction::OldestFirst => self.oldest_fills_first(question),
            Direction::NewestFirst => self.newest_fills_first(question),
        }
    }

    fn newest_fills_first(&self, question: &FillsOf) -> Stretch<Fill> {
        let FillsOf { after: before, upto: first, filter, limit, .. } = *question;
        let mut piece = Stretch { items: Vec::new(), next: None };
        let end = self.blocks.partition_point(|block| block.before.number.next() < before);
        for (looked_at, number) in (0..end).rev().enumerate() {
            if looked_at == BLOCKS_READ_AT_MOST {
                piece.next = Some(self.blocks[number + 1].before.number.next());
                return piece;
            }
            let (block, places) =
                (&self.blocks[number], self.places_from(number).take_while(|place| place.0.0 == number));
            let wanted = places
                .filter(|((_, place), _, own)| own.number < before && own.number >= first && block.may_be_fill(*place));
            let fills = wanted.filter_map(|((_, place), own_before, _)| block.event(place, own_before).fill());
            let fills: Vec<Fill> = fills.filter(|fill| filter.matches(fill)).collect();
            for fill in fills.into_iter().rev() {
                if piece.items.len() == limit {
                    piece.next = piece.items.last().map(|last| last.number);
                    return piece;
                }
                piece.items.push(fill);
            }
            if block.before.number < first {
                break;
            }
        }
        piece
    }

    fn oldest_fills_first(&self, question: &FillsOf) -> Stretch<Fill> {
        let FillsOf { after, upto, filter, limit, .. } = *question;
        let mut piece = Stretch { items: Vec::new(), next: None };
        let block = self.blocks.partition_point(|block| block.before.number < after).saturating_sub(1);
        let wanted = self.places_from(block).skip_while(|(_, _, own)| own.number <= after);
        for (looked_at, ((block, place), before, own)) in wanted.enumerate() {
            if own.number > upto {
                piece.next = None;
                return piece;
            }
            if looked_at == LOOK_AT_MOST || piece.items.len() == limit {
                return piece;
            }
            piece.next = Some(own.number);
            let block = &self.blocks[block];
            if block.may_be_fill(place) {
                piece.items.extend(block.event(place, before).fill().filter(|fill| filter.matches(fill)));
            }
        }
        piece.next = None;
        piece
    }

    /// The newest fills of an order that are told one by one, up to a number of them; the newest first.
    pub(crate) fn newest_fills(&self, accepted: Number, at_most: usize) -> Vec<Fill> {
        let mut next = self.fills.get(&accepted).map(|fills| fills.newest);
        let mut fills = Vec::new();
        while let Some((event, earlier)) = next.filter(|_| fills.len() < at_most).and_then(|next| self.fill_at(next)) {
            fills.extend(event.fill());
            next = earlier;
        }
        fills
    }

    /// The fill of this number, if it is held, and the one of the same order before it.
    fn fill_at(&self, number: Number) -> Option<(Event, Option<Number>)> {
        let block = self.blocks.partition_point(|block| block.before.number < number).checked_sub(1)?;
        let ((block, place), before, _) = self
            .places_from(block)
            .find(|(_, _, own)| own.number >= number)
            .filter(|(_, _, own)| own.number == number)?;
        let block = &self.blocks[block];
        block.filled_order(place)?;
        Some((block.event(place, before), block.earlier(place)))
    }

    /// The next piece of a list of trades. Those that are no longer held are left out.
    pub(crate) fn prints(&self, question: &PrintsOf) -> Stretch<Print> {
        let PrintsOf { before, until, symbol, limit } = *question;
        let mut piece = Stretch { items: Vec::new(), next: None };
        let is_before = |block: &Leaf<Block>| block.before.number.next() < before && block.begins_by(until);
        let end = self.blocks.partition_point(is_before);
        let mut read = 0;
        for (looked_at, number) in (0..end).rev().enumerate() {
            if looked_at == BLOCKS_AT_MOST || read == BLOCKS_READ_AT_MOST {
                piece.next = Some(self.blocks[number + 1].before.number.next());
                return piece;
            }
            if !self.blocks[number].may_have_traded(symbol) {
                continue;
            }
            read += 1;
            let (block, places) =
                (&self.blocks[number], self.places_from(number).take_while(|place| place.0.0 == number));
            let fills = places.filter(|((_, place), _, own)| own.number < before && block.may_be_fill(*place));
            let prints = fills.filter_map(|((_, place), own_before, _)| block.event(place, own_before).print());
            let prints: Vec<Print> = prints.filter(|print| print.symbol == symbol && print.at < until).collect();
            for print in prints.into_iter().rev() {
                if piece.items.len() == limit {
                    piece.next = piece.items.last().map(|last| last.trade);
                    return piece;
                }
                piece.items.push(print);
            }
        }
        piece
    }

    /// A change is added: where it is a fill that is told by itself, returns the one of the same order before it.
    pub(super) fn note_fill(&mut self, event: &Event) -> Option<Number> {
        let Body::Filled(filled) = &event.body else { return None };
        let (accepted, newest) = (filled.order.accepted_number, event.number);
        let Some(fills) = self.fills.get_mut(&accepted) else {
            self.fills.insert(accepted, OwnFills { newest, held: 1 });
            return None;
        };
        let earlier = fills.newest;
        *fills = OwnFills { newest, held: fills.held + 1 };
        Some(earlier)
    }

    /// The oldest fill of this order that was held is no longer.
    pub(super) fn forget_fill(&mut self, accepted: Number) {
        let Some(fills) = self.fills.get_mut(&accepted) else { return };
        fills.held -= 1;
        if fills.held == 0 {
            self.fills.remove(&accepted);
        }
    }
}

//! What is told of something one after the other: each piece is written once for all who are told of it, and the newest
//! are kept for those who read more slowly.

use std::collections::VecDeque;

use bytes::Bytes;

/// So many pieces are kept. Whoever is further behind is told no more than these.
pub(super) const PIECES_AT_MOST: usize = 64;

/// Pieces, numbered 1, 2, 3 …
#[derive(Default)]
pub(super) struct Strip {
    pieces: VecDeque<(u64, Bytes)>,
    /// That of the newest.
    number: u64,
}

impl Strip {
    /// The number of the newest; 0 before the first.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The number of the newest, once there is one.
    pub(super) fn newest(&self) -> Option<u64> {
        Some(self.number).filter(|number| *number > 0)
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, frame: Bytes) {
        if self.pieces.len() == PIECES_AT_MOST {
            self.pieces.pop_front();
        }
        self.number += 1;
        self.pieces.push_back((self.number, frame));
    }

    /// Puts a piece in place of the newest, as one that comes after it.
    pub(super) fn replace(&mut self, frame: Bytes) {
        self.pieces.pop_back();
        self.add(frame);
    }

    /// Tells what came after the piece of this number and is still here; of all there is the newest alone to whoever
    /// was told nothing.
    pub(super) fn tell_after(&self, told: Option<u64>, tell: impl FnMut(Bytes)) {
        let after = told.unwrap_or(self.number.saturating_sub(1));
        self.pieces.iter().filter(|(number, _)| *number > after).map(|(_, frame)| frame.clone()).for_each(tell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(strip: &Strip, after: Option<u64>) -> Vec<u8> {
        let mut told = Vec::new();
        strip.tell_after(after, |frame| told.extend_from_slice(&frame));
        told
    }

    #[test]
    fn what_came_since_is_told_once_and_who_is_far_behind_is_told_the_newest() {
        let mut strip = Strip::default();
        assert_eq!((strip.number(), told(&strip, None), told(&strip, Some(0))), (0, vec![], vec![]));
        (1..=200).for_each(|piece| strip.add(Bytes::copy_from_slice(&[piece])));
        assert_eq!(strip.number(), 200);
        assert_eq!(
            (told(&strip, None), told(&strip, Some(198)), told(&strip, Some(200))),
            (vec![200], vec![199, 200], vec![])
        );
        assert_eq!(told(&strip, Some(3)), (137..=200).collect::<Vec<u8>>(), "bounded");
    }

    #[test]
    fn a_piece_that_was_replaced_is_told_no_more_and_what_replaced_it_also_to_who_knew_it() {
        let mut strip = Strip::default();
        strip.add(Bytes::from_static(&[1]));
        strip.add(Bytes::from_static(&[2]));
        strip.replace(Bytes::from_static(&[3]));
        assert_eq!(
            (told(&strip, Some(0)), told(&strip, Some(2)), told(&strip, Some(3))),
            (vec![1, 3], vec![3], vec![])
        );
    }
}

//! What a subscriber may hear beside the changes: numbered things that somebody else says, drawn from where they are
//! kept when there is time for them.
//!
//! Asides come between changes and are none: they have no place in the sequence, wait in no queue of ours, and are told
//! only to who has room. Whoever says more than that loses some of it, and the numbers show the gap. Knows nothing of
//! what is said.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::feed::voice::text_frames;

/// How often there is time for asides.
pub(super) const ASIDES_EVERY: Duration = Duration::from_millis(200);
/// So many are told to a subscriber at a time.
const AT_A_TIME: usize = 64;
/// A subscriber has room for more while so much at most is unread: far below where it counts as slow, so that asides
/// never make it so.
pub(super) const ROOM_BYTES: usize = 64 * 1024;

/// Where asides are kept, numbered 1, 2, 3 …
pub trait Aside: Send + Sync {
    /// The number of the newest; 0 before the first.
    fn newest(&self) -> u64;

    /// Where they are kept: what is drawn from the same place for several is written once.
    fn place(&self) -> usize;

    /// What was said after this number and is still kept, oldest first, at most so many: each with its number.
    fn said_after(&self, number: u64, at_most: usize) -> Vec<(u64, Vec<u8>)>;
}

/// A subscriber's place among asides.
pub(crate) struct Hearing {
    source: Arc<dyn Aside>,
    heard: Cell<u64>,
}

impl Hearing {
    /// Hears what is said from now on.
    pub(crate) fn begin(source: Arc<dyn Aside>) -> Hearing {
        let heard = Cell::new(source.newest());
        Hearing { source, heard }
    }

    /// What there is to hear, in frames; told to several who stand at the same place, it is written once.
    pub(super) fn next(&self, told: &mut Told) -> Option<Bytes> {
        let after = self.heard.get();
        if self.source.newest() <= after {
            return None;
        }
        let known = told.0.iter().find(|told| told.after == after && told.place == self.source.place());
        let (upto, frames) = match known {
            Some(told) => (told.upto, told.frames.clone()),
            None => told.draw(&*self.source, after)?,
        };
        self.heard.set(upto);
        Some(frames)
    }
}

/// What was told in one go.
#[derive(Default)]
pub(crate) struct Told(Vec<Drawn>);

struct Drawn {
    place: usize,
    after: u64,
    upto: u64,
    frames: Bytes,
}

impl Told {
    fn draw(&mut self, source: &dyn Aside, after: u64) -> Option<(u64, Bytes)> {
        let mut said = source.said_after(after, AT_A_TIME);
        // One always is told, however large.
        let mut bytes = 0;
        let fitting = said.iter().take_while(|(_, payload)| {
            bytes += payload.len();
            bytes <= ROOM_BYTES
        });
        let count = fitting.count().max(1);
        said.truncate(count);
        let upto = said.last()?.0;
        let frames = text_frames(said, |(_, payload), out| out.extend_from_slice(&payload));
        self.0.push(Drawn { place: source.place(), after, upto, frames: frames.clone() });
        Some((upto, frames))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says its numbers; keeps those from the first on.
    struct Counting {
        place: usize,
        first: u64,
        newest: u64,
        bytes: usize,
    }

    impl Aside for Counting {
        fn newest(&self) -> u64 {
            self.newest
        }

        fn place(&self) -> usize {
            self.place
        }

        fn said_after(&self, number: u64, at_most: usize) -> Vec<(u64, Vec<u8>)> {
            (self.first.max(number + 1)..=self.newest).take(at_most).map(|n| (n, vec![b'x'; self.bytes])).collect()
        }
    }

    fn hearing(first: u64, newest: u64, bytes: usize, heard: u64) -> Hearing {
        Hearing { source: Arc::new(Counting { place: 1, first, newest, bytes }), heard: Cell::new(heard) }
    }

    #[test]
    fn who_begins_hears_what_comes_and_nothing_of_before() {
        let it = Hearing::begin(Arc::new(Counting { place: 1, first: 1, newest: 5, bytes: 1 }));
        assert_eq!((it.heard.get(), it.next(&mut Told::default())), (5, None));
    }

    #[test]
    fn a_piece_is_bounded_in_number_and_in_bytes_and_goes_on_where_the_last_ended() {
        let it = hearing(1, 200, 1, 0);
        let sizes: Vec<usize> =
            std::iter::from_fn(|| it.next(&mut Told::default())).map(|frames| frames.len() / 3).collect();
        assert_eq!((sizes, it.heard.get()), (vec![AT_A_TIME, AT_A_TIME, AT_A_TIME, 8], 200));
        let large = hearing(1, 9, 30 * 1024, 0);
        assert_eq!(large.next(&mut Told::default()).map(|frames| frames.len()), Some(2 * (30 * 1024 + 4)));
        assert_eq!(large.heard.get(), 2);
        let larger = hearing(1, 9, 2 * ROOM_BYTES, 0);
        assert!(larger.next(&mut Told::default()).is_some() && larger.heard.get() == 1, "one always is told");
    }

    #[test]
    fn what_is_no_longer_kept_is_passed_over_and_what_several_hear_is_written_once() {
        let (one, told) = (hearing(50, 60, 1, 0), &mut Told::default());
        // Each subscriber comes with a source of its own.
        let other = hearing(50, 60, 1, 0);
        let frames = [one.next(told), other.next(told)].map(|frames| frames.expect("there is something"));
        assert_eq!(frames[0].as_ptr(), frames[1].as_ptr());
        assert_eq!((one.heard.get(), other.heard.get(), frames[0].len()), (60, 60, 11 * 3));
    }
}

//! What waits until it is durable: announcements and replies, in order.
//!
//! Without a store the durable number is simply the newest one: the same path, no second one (invariant 3).

use std::collections::VecDeque;

use tradepit_engine::Number;

use crate::feed::link::Announce;

type Deliver = Box<dyn FnOnce()>;

/// A batch that is not durable yet.
struct Held {
    announce: Announce,
    /// Whether anybody is to be told of it. It is held in any case: so its memory goes back to the thread that it came
    /// from.
    is_heard: bool,
}

/// Holds what may not be told yet.
#[derive(Default)]
pub(crate) struct Outbox {
    batches: VecDeque<Held>,
    replies: VecDeque<(Number, Deliver)>,
    durable: Number,
}

impl Outbox {
    /// One that may tell of everything up to `number`.
    pub(crate) fn after(number: Number) -> Outbox {
        Outbox { durable: number, ..Outbox::default() }
    }

    /// Whether everything up to `number` may be told.
    pub(crate) fn is_durable(&self, number: Number) -> bool {
        number <= self.durable
    }

    /// Holds a reply that tells of changes up to `number`.
    pub(crate) fn hold_reply(&mut self, number: Number, deliver: Deliver) {
        self.replies.push_back((number, deliver));
    }

    /// Holds a batch, which is announced if anybody hears.
    pub(crate) fn hold(&mut self, announce: Announce, is_heard: bool) {
        self.batches.push_back(Held { announce, is_heard });
    }

    /// Everything up to this may be told.
    pub(crate) fn durable(&self) -> Number {
        self.durable
    }

    /// Everything up to `number` is durable: tells it, announcements first, so that what a reply tells of is on its way
    /// to every subscriber.
    pub(crate) fn release(&mut self, number: Number, mut tell: impl FnMut(Announce)) {
        self.durable = self.durable.max(number);
        let number = self.durable;
        let is_durable = |held: &mut Held| held.announce.batch.last().is_none_or(|event| event.number <= number);
        while let Some(Held { announce, is_heard }) = self.batches.pop_front_if(is_durable) {
            if is_heard {
                tell(announce);
            }
        }
        // A batch is announced whole: where a part of it is durable, replies that tell of that part wait for the rest.
        let held_from = self.batches.front().and_then(|held| held.announce.batch.first()).map(|event| event.number);
        let may_be_told = |due: Number| due <= number && held_from.is_none_or(|first| due < first);
        while let Some((_, deliver)) = self.replies.pop_front_if(|(due, _)| may_be_told(*due)) {
            deliver();
        }
    }
}

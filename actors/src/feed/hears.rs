//! What a subscriber hears, and what of a round that is: the same bytes for all who hear the same.

use std::sync::Arc;

use bytes::Bytes;
use tradepit_engine::{ChangeFilter, Number};

use super::channels::Listener;
use super::link::Announce;
use super::round::Round;
use super::voice::Voice;
use super::way::Way;
use crate::faults::Board;

/// What a subscriber hears.
pub(crate) enum Hears {
    /// Changes of status.
    Statuses(&'static Voice, ChangeFilter),
    /// Kept changes, with their orders.
    Channels(Listener),
}

/// The stream that changes of status are.
const STATUSES: &str = "orders";

impl Hears {
    /// The way out of what it hears, past the faults that hang there.
    pub(super) fn way(&self, board: Arc<Board>) -> Way {
        match self {
            Hears::Statuses(..) => Way::new(board, |_| STATUSES, None),
            Hears::Channels(listener) => {
                let account = listener.channels.account.and_then(|number| listener.accounts.id(number));
                Way::new(board, listener.voice.channel, account)
            }
        }
    }

    /// The frames of a round.
    pub(super) fn frames(&self, after: Number, round: &Round) -> Bytes {
        match self {
            Hears::Statuses(voice, filter) if filter.is_all() && after < round.first => round.frames(voice),
            Hears::Channels(listener) if after < round.first => round.channel_frames(listener),
            Hears::Statuses(..) | Hears::Channels(..) => self.frames_after(after, &round.announced),
        }
    }

    pub(super) fn frames_after(&self, after: Number, announced: &[Announce]) -> Bytes {
        match self {
            Hears::Statuses(voice, filter) => {
                let events = announced.iter().flat_map(|announced| announced.batch.iter());
                voice.events(events.filter(|event| event.number > after && filter.matches(event)))
            }
            Hears::Channels(listener) => listener.frames(after, announced.iter().flat_map(Announce::changes)),
        }
    }
}

//! What the simulated market prints in an instrument, as it is told from the first subscription on.

use std::sync::Arc;

use tradepit_engine::{Time, step_from};

use super::Sight;
use super::strip::{PIECES_AT_MOST, Strip};
use crate::ask::Trade;
use crate::feed::voice::text_frames;
use crate::printing::Prints;

/// The prints of an instrument.
pub(super) struct Tape {
    print: fn(&Trade, &mut Vec<u8>),
    /// What prints, and the step from which on it was not told yet; once it was seen.
    source: Option<(Prints, u64)>,
    pub(super) strip: Strip,
}

impl Tape {
    /// Nothing was seen yet.
    pub(super) fn of(print: fn(&Trade, &mut Vec<u8>)) -> Tape {
        Tape { print, source: None, strip: Strip::default() }
    }

    /// Sees what was printed by now; whether that is anything. The first time it is nothing: what is told is what is
    /// printed from then on.
    pub(super) fn see(&mut self, sight: &Arc<Sight>) -> bool {
        let Some(printing) = &sight.printing else { return false };
        let now = sight.offered.at;
        let after = step_from(Time(now.0.saturating_add(1)));
        let Some((prints, next)) = &mut self.source else {
            self.source = Prints::of(printing).map(|prints| (prints, after));
            return false;
        };
        let printed = prints.since(*next, now, PIECES_AT_MOST);
        *next = after.max(*next);
        printed.iter().rev().for_each(|trade| self.strip.add(text_frames([trade], self.print)));
        !printed.is_empty()
    }
}

//! Where each venue's faults hang, and whether there are any at all: until there are, a request costs one look.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tradepit_actors::{Chance, Venue};

use super::Faults;
use super::in_force::InForce;

/// The faults of all venues of a process.
#[derive(Debug, Default)]
pub(crate) struct Boards {
    /// Somebody has asked for faults of requests, wherever.
    are_any: AtomicBool,
}

/// Those of one venue, kept beside it.
#[derive(Debug)]
struct Board {
    chance: Chance,
    in_force: RwLock<Arc<InForce>>,
}

impl Boards {
    /// A venue begins with these; what they draw follows from this chance.
    pub(crate) fn begin(&self, venue: &Venue, chance: Chance, faults: Faults) {
        let in_force = || RwLock::new(Arc::new(InForce::begin(Faults::default(), chance)));
        let _ = venue.beside(|| Board { chance, in_force: in_force() });
        if !faults.0.is_empty() {
            self.put(venue, faults);
        }
    }

    /// These are in force from now on, and those before no more.
    pub(crate) fn put(&self, venue: &Venue, faults: Faults) {
        let board = board(venue);
        self.are_any.fetch_or(!faults.0.is_empty(), Ordering::AcqRel);
        let mut in_force = board.in_force.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *in_force, Arc::new(InForce::begin(faults, board.chance)));
        before.lift();
        // Within the lock: of two lists that are put at once, one is in force.
        venue.put_faults(in_force.of_streams());
    }

    /// Whether any venue may have some.
    #[inline]
    pub(crate) fn are_any(&self) -> bool {
        self.are_any.load(Ordering::Relaxed)
    }
}

/// The faults in force at a venue.
pub(crate) fn in_force(venue: &Venue) -> Arc<InForce> {
    Arc::clone(&board(venue).in_force.read().unwrap_or_else(PoisonError::into_inner))
}

/// A venue that was not begun here has none, and draws by chance.
fn board(venue: &Venue) -> Arc<Board> {
    venue.beside(|| {
        let chance = Chance::random();
        Board { chance, in_force: RwLock::new(Arc::new(InForce::begin(Faults::default(), chance))) }
    })
}

//! The faults of a venue's streams, where its sockets find them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::{Matched, StreamFault};
use crate::chance::Chance;

/// Faults in the order in which they are tried, from the moment that they were put there.
#[derive(Debug)]
pub struct StreamFaults {
    pub(crate) chance: Chance,
    /// Each with its place in the list that it stands in, from which its draws follow.
    pub(crate) faults: Vec<(u32, StreamFault, Matched)>,
    /// How many sockets met them.
    sockets: AtomicU64,
}

impl StreamFaults {
    /// These, of which draws follow from this chance.
    #[must_use]
    pub fn new(chance: Chance, faults: Vec<(u32, StreamFault, Matched)>) -> StreamFaults {
        StreamFaults { chance, faults, sockets: AtomicU64::new(0) }
    }

    /// The number of one more socket that meets them: the first is 1.
    pub(crate) fn next_socket(&self) -> u64 {
        self.sockets.fetch_add(1, Ordering::AcqRel) + 1
    }
}

/// Where they hang.
#[derive(Debug)]
pub(crate) struct Board {
    /// Rises with each change: asked whenever something is written.
    version: AtomicU64,
    in_force: RwLock<Arc<StreamFaults>>,
}

impl Default for Board {
    fn default() -> Board {
        let none = StreamFaults::new(Chance::seeded(0), Vec::new());
        Board { version: AtomicU64::new(0), in_force: RwLock::new(Arc::new(none)) }
    }
}

impl Board {
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Those in force, and since which version at least.
    pub(crate) fn in_force(&self) -> (u64, Arc<StreamFaults>) {
        let version = self.version();
        (version, Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner)))
    }

    pub(crate) fn put(&self, faults: StreamFaults) {
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(faults);
        self.version.fetch_add(1, Ordering::AcqRel);
    }
}

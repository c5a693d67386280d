//! How many connections are open, over all workers, and what was broken on them.
//!
//! Owns the two counts, and a place among all for each connection. Knows no socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::broken::Broken;

/// All connections of the server, over all workers.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: AtomicUsize,
    pub(crate) broken: Broken,
}

/// One connection's place among all: free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Connections>);

impl Connections {
    pub(crate) fn count(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// A place for one more, and whether there were `max` before it.
    pub(super) fn place(self: &Arc<Self>, max: usize) -> (Place, bool) {
        let is_full = self.open.fetch_add(1, Ordering::Relaxed) >= max;
        (Place(Arc::clone(self)), is_full)
    }
}

impl Place {
    pub(super) fn connections(&self) -> &Connections {
        &self.0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

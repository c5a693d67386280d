//! What is made to go wrong of what a venue's subscribers are told.

use super::Venue;
use crate::faults::StreamFaults;

impl Venue {
    /// From now on these befall its streams, those that are open too; what others held back comes at once.
    pub fn put_faults(&self, faults: StreamFaults) {
        self.board.put(faults);
        self.look_at_faults();
    }
}

//! Which venue this is: what a number of a change is of. The database's id with a data folder, otherwise a new one at each
//! start. A number alone does not tell two histories apart.

use std::sync::{Arc, OnceLock};

/// The id, known before anybody is served.
#[derive(Clone, Debug, Default)]
pub(crate) struct VenueId(Arc<OnceLock<String>>);

impl VenueId {
    /// Makes it known; the first time counts.
    pub(crate) fn set(&self, id: u64) {
        self.0.get_or_init(|| format!("{id:016x}"));
    }

    /// 16 hexadecimal digits; empty while the data folder is read.
    pub(crate) fn as_str(&self) -> &str {
        self.0.get().map_or("", String::as_str)
    }
}

//! Times that several files hold a client to. A limit that one file enforces stands in that file.

use std::time::Duration;

/// How long a client may take to take leave once the server has closed.
pub(crate) const DISCONNECT_WITHIN: Duration = Duration::from_secs(2);
/// A time limit that is noticed so much later than it was set for does not count: the server did not run meanwhile.
pub(crate) const EXCUSED_AFTER: Duration = Duration::from_secs(1);

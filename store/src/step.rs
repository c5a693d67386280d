//! What takes long, for whoever waits for it.

/// A part of long work. How far it is, is told as so many done of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// All of a database is checked, in changes. First SQLite checks its file, and nothing is told.
    Check,
    /// A database is copied, in bytes.
    Copy,
    /// A database of an older Tradepit is brought up to date, in changes.
    Upgrade,
    /// The open orders are read.
    OpenOrders,
}

/// Told of every step from time to time.
pub type Tell<'a> = &'a mut dyn FnMut(Step, u64, u64);

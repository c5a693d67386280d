//! What trades where: instruments, and the book of each.
//!
//! Owns prices in order and orders in line. Knows no order beyond what a trade takes of it, no account and no time.

pub(crate) mod book;
pub(crate) mod built_in;
pub(crate) mod by_hand;
mod frozen;
pub(crate) mod hours;
pub(crate) mod house;
pub(crate) mod instrument;
mod ladder;
pub(crate) mod matching;
pub(crate) mod moving;
pub(crate) mod pit;
pub(crate) mod quoting;
pub(crate) mod replay;
pub(crate) mod steps;
pub(crate) mod triggers;

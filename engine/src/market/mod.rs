//! What trades where: the book of one instrument.
//!
//! Owns prices in order and orders in line. Knows no order beyond what a trade takes of it, no account and no time.

pub(crate) mod book;
mod ladder;

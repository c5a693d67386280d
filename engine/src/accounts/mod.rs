//! What is whose: positions, and what they cost.
//!
//! Knows no order and no book: it is told of trades.

pub(crate) mod position;

//! What is whose: positions and what they cost, and what open orders may come to.
//!
//! Knows no order and no book: it is told of trades, and of how much is open at which price.

pub(crate) mod account;
pub(crate) mod clearing;
pub(crate) mod commitments;
pub(crate) mod ledger;
pub(crate) mod position;

//! Rules: what becomes of an order on purpose, as data.
//!
//! Owns the list, which orders a rule is about, and how often each had something to say. Pure, integers only: chance is
//! a draw at a place that follows from a seed, the rule and a count, so it is the same whatever else happens. Knows no
//! book and no clock; what a rule says is carried out by the exchange (`exchange/ruling.rs`), and the list comes from
//! whoever sets it ([`crate::Command::SetRules`]).

pub(crate) mod conditions;
pub(crate) mod pattern;
pub(crate) mod rule;
pub(crate) mod rulebook;
mod spelled;

//! The order book's rules, case by case, as text: a script goes in, what the exchange told comes out.
//!
//! [`door`] reads and writes the text and is the only place that knows the engine's types; the other modules
//! hold cases only. A new case is new text.

mod agenda;
mod backed;
mod door;
mod names;
mod orders;
mod room;

//! What goes over the wire and comes in from it: shapes, their flaws and their errors.
//!
//! Turns bytes into the values of the engine and back. Knows no actors' business and no rules but those of form.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod announcement;
pub(crate) mod bar;
pub(crate) mod batch;
pub(crate) mod body;
pub(crate) mod channel;
pub(crate) mod channel_query;
pub(crate) mod encoding;
pub(crate) mod error;
pub(crate) mod fill;
pub(crate) mod flaw;
pub(crate) mod history;
pub(crate) mod id;
pub(crate) mod idempotency;
pub(crate) mod input;
mod json;
pub(crate) mod listing;
pub(crate) mod market;
pub(crate) mod new_account;
pub(crate) mod new_order;
mod nullable;
pub(crate) mod number;
pub(crate) mod object;
pub(crate) mod order;
pub(crate) mod outcome;
pub(crate) mod position;
pub(crate) mod query;
pub(crate) mod quote_by_hand;
pub(crate) mod reject;
mod rich;
pub(crate) mod rows;
pub(crate) mod terms;
pub(crate) mod timeframe;
pub(crate) mod trade;

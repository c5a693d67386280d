//! Orders: what was asked for and what became of it, where they are held, and the names that clients gave them.
//!
//! Knows no book and no account: it is told what befell an order.

pub(crate) mod group;
pub(crate) mod held;
pub(crate) mod kin;
pub(crate) mod line;
mod maybe_time;
mod numbers;
pub(crate) mod order;
pub(crate) mod origin;
pub(crate) mod pages;
pub(crate) mod plain;
pub(crate) mod reason_text;
pub(crate) mod row;
pub(crate) mod slab;
pub(crate) mod state;
pub(crate) mod terms;

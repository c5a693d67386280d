//! The bodies of `POST /orders` and `PATCH /orders/{id}`: one JSON object, whatever the Content-Type (contract,
//! "Routes").
//!
//! What nearly every body is, is read in one pass (`plain`). Of any other every flaw is found at once: what the body
//! tells by itself (`draft`), and what only its instrument can tell (`faults`). Values are looked at as they were
//! spelled, so that a number beyond what a float holds is judged by its digits.

mod amendment;
mod draft;
mod faults;
mod legs;
mod plain;

use tradepit_engine::{Asked, AskedGroup, Label, Quantity, Symbol};

pub(crate) use amendment::AmendmentDraft;
pub(crate) use draft::Draft;
pub(crate) use faults::flaw_of;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewOrder {
    pub(crate) symbol: Symbol,
    pub(crate) quantity: Quantity,
    pub(crate) client_order_id: Option<Label>,
    /// What is asked for beside, where this is no native order.
    pub(crate) asked: Option<Box<Asked>>,
    /// And of its legs, where it has some.
    pub(crate) group: Option<Box<AskedGroup>>,
}

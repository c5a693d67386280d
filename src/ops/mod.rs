//! The surface for operators: health, figures, documents, the first page.
//!
//! Owns its routes and what they answer. Must never know another surface, nor orders: it tells what the server counts and
//! says of itself.

pub(crate) mod documents;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod page;
pub(crate) mod papers;
pub(crate) mod routes;

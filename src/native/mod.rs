//! The native surface: orders over REST, changes over WebSocket, as `docs/contract.md` promises them.
//!
//! Owns its routes, the shapes on its wire, its errors and its stream. Must never know another surface, nor a business
//! rule: what came is read into the engine's words, asked of the order book, and the answer written.

pub(crate) mod orders;
pub(crate) mod requests;
pub(crate) mod wire;
pub(crate) mod ws;

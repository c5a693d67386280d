//! Ids on the wire: UUIDs with hyphens, read and written.
//!
//! Makes none, and does not look into them: which order one stands for is the order book's business.

use tradepit_engine::OrderId;
use uuid::Uuid;

/// An id, written with hyphens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireId(pub(crate) OrderId);

impl WireId {
    pub(crate) const LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;

    /// Reads an id: a UUID with hyphens, in either case. Other spellings of a UUID are none that this server gave.
    pub(crate) fn parse(text: &str) -> Option<OrderId> {
        let id = Uuid::try_parse(text).ok().filter(|_| text.len() == WireId::LENGTH)?;
        Some(OrderId(id.into_bytes()))
    }

    /// Writes the id into a buffer of its length.
    pub(crate) fn write(self, buffer: &mut [u8; WireId::LENGTH]) -> &str {
        Uuid::from_bytes(self.0.0).as_hyphenated().encode_lower(buffer)
    }
}

//! What became of several orders that one request was about, a row each.

use tradepit_engine::OrderId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::object::Object;

/// What became of one of several orders.
#[derive(ToSchema)]
#[schema(as = Outcome)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireOutcome {
    /// The order.
    id: Uuid,
    /// As its own request would have been answered: 204, it is cancelled; 202, a rule lets that take its time.
    #[schema(example = 204)]
    status: u16,
}

/// Orders that were cancelled, a row each.
pub(crate) fn outcomes_body(ids: &[(OrderId, bool)]) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + 64 * ids.len());
    body.push(b'[');
    for (place, &(id, is_decided)) in ids.iter().enumerate() {
        if place > 0 {
            body.push(b',');
        }
        let mut row = Object::begin(&mut body);
        row.id("id", id);
        row.number("status", if is_decided { 204 } else { 202 });
        row.end();
    }
    body.push(b']');
    body
}

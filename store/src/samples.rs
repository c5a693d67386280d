//! What the tests of single files write down.

use tradepit_engine::{Change, Event, OrderId, Quantity, Seq, Symbol, Time};

/// A change of the order that the change `accepted_seq` accepted.
pub(crate) fn event(seq: u64, accepted_seq: u64, change: Change) -> Event {
    Event {
        seq: Seq(seq),
        at: Time(seq as i64),
        id: OrderId([1; 16]),
        accepted_seq: Seq(accepted_seq),
        symbol: Symbol::new("EURUSD").expect("a symbol"),
        quantity: Quantity::new(5).expect("in range"),
        change,
        origin: None,
    }
}

//! The kept changes as whoever reads all of them is told: each with the order that it is about, as that stood then.

use std::sync::Arc;

use crate::accounts::clearing::Clearing;
use crate::event::{Event, HouseTrade};
use crate::market::book::Side;
use crate::orders::kin::Kin;
use crate::orders::order::Order;
use crate::orders::state::State;
use crate::orders::terms::{OrderType, Progress, Rich, Terms, TimeInForce};
use crate::reads::Lost;
use crate::values::{Decimal, Number, Step};

/// A change, and its order as of after that change.
pub type KeptChange = (Event, Option<Arc<Order>>);

/// A piece of the kept changes.
#[derive(Clone, Debug)]
pub enum KeptChanges {
    /// They are held.
    Held {
        /// All of them, in order.
        changes: Vec<KeptChange>,
        /// The last one looked at.
        upto: Number,
        /// The newest one there is.
        newest: Number,
    },
    /// Some of them are no longer held, or what it takes to tell them is not.
    Lost(Lost),
}

impl Order {
    /// A native order, which bought all from the house by this trade, as it stood when it had arrived and not yet
    /// traded: that is a change of its own, told with the trade.
    #[must_use]
    pub fn before_trade(&self, trade: &HouseTrade) -> Order {
        let at = self.closed_at.unwrap_or(self.accepted_at);
        let lot = Step::new(Decimal::ONE).map(|lot| {
            let terms = Terms {
                side: Side::Buy,
                order_type: OrderType::Market,
                time_in_force: TimeInForce::GoodTillCancelled,
                post_only: false,
                lots: self.quantity.get().into(),
                expires_at: None,
            };
            let progress = Progress { arrived_at: Some(at), ..Progress::accepted(at) };
            Rich {
                account: Clearing::DEFAULT,
                tick: trade.tick,
                lot,
                terms,
                progress,
                first: None,
                kin: Kin::default(),
            }
        });
        Order {
            state: State::New,
            closed_at: None,
            number: Number(self.number.0.saturating_sub(1)),
            seq: self.accepted_seq,
            bought: None,
            rich: lot.map(Arc::new),
            ..self.clone()
        }
    }
}

//! The venue, as handlers meet it: whom they ask, and what guards them.

use std::sync::Arc;

use tradepit_actors::{FeedHandle, OrderBookAddr};

use crate::edge::gate::Gate;
use crate::venue_id::VenueId;

/// What the handlers of one worker work with.
#[derive(Clone, Debug)]
pub(crate) struct Venue {
    pub(crate) id: VenueId,
    pub(crate) order_book: OrderBookAddr,
    pub(crate) feed: FeedHandle,
    pub(crate) gate: Arc<Gate>,
}

//! The exchange behind the orders: what asks for more than symbol and quantity, what comes of it, and what is offered.

mod accounts;
mod activities;
mod amending;
mod announcements;
mod bars;
mod batch;
mod channels;
mod crash;
mod depth;
mod durable;
mod fields;
mod fills;
mod flaws;
mod following;
mod groups;
mod halts;
mod history;
mod listings;
mod lists;
mod market;
mod native;
mod notional;
mod open_orders;
mod quotes_by_hand;
mod replacing;
mod replay;
mod stops;
mod trading;

use serde_json::Value;
use tradepit_actors::DelayModel;

use crate::support::rest::path;
use crate::support::{Venue, own_venue};

/// A venue at which orders arrive as soon as they are accepted, and where no price moves by itself.
fn at_once() -> Venue {
    own_venue(|config| config.venue.delay = DelayModel::None)
}

/// A venue at which they do not, as long as a test takes.
fn in_an_hour() -> Venue {
    own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 })
}

/// Places an order; returns the reply.
async fn place(venue: &Venue, fields: &str) -> Value {
    let reply = venue.post("/orders", &format!("{{{fields}}}")).await;
    assert_eq!(reply.status, 200, "{fields}: {reply:?}");
    reply.json()
}

/// Places an order that arrives at once; returns it as it stands then.
async fn arrive(venue: &Venue, fields: &str) -> Value {
    let order = place(venue, fields).await;
    again(venue, &order).await
}

/// The order as it stands now, as other replies have it: without its fills.
async fn again(venue: &Venue, order: &Value) -> Value {
    let mut order = shown(venue, order).await;
    order.as_object_mut().expect("an object").remove("fills");
    order
}

/// The order as it is shown alone.
async fn shown(venue: &Venue, order: &Value) -> Value {
    venue.get(&path(order)).await.json()
}

/// What an order tells in these fields, with spaces between; a null as it is.
fn told(order: &Value, fields: &[&str]) -> String {
    let text = |field: &&str| order[*field].as_str().map_or_else(|| order[*field].to_string(), str::to_owned);
    fields.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Where it stands, how much has traded, at what price, and why it ended.
fn outcome(order: &Value) -> String {
    told(order, &["status", "state", "filled_qty", "average_price", "reason"])
}

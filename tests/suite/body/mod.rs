//! The body of `POST /orders`: what is read as an order, and every flaw of what is not (contract, "An order" and
//! "Routes").

mod fields;
mod json;
mod quantity;
mod symbol;

use serde_json::{Value, json};
use tradepit_places::everywhere;

use crate::support::rest::{Kept, assert_detail, flaw_places, flaws};
use crate::support::{Reply, Request, venue};

/// Posts bodies over one connection.
struct Poster(Kept);

impl Poster {
    async fn new() -> Poster {
        Poster(Kept::open(venue().addr).await)
    }

    async fn post(&mut self, body: &str) -> Reply {
        self.0.ask("POST", "/orders", body).await
    }

    #[track_caller]
    fn assert_order(body: &str, reply: &Reply, stoks: &str, quantity: u64) {
        assert_eq!(reply.status, 200, "{body}: {reply:?}");
        let order = reply.json();
        assert_eq!((&order["stoks"], &order["quantity"]), (&json!(stoks), &json!(quantity)), "{body}");
    }

    async fn accepts_quantity(&mut self, quantity: &str, read: u64) {
        let body = format!(r#"{{"stoks": "A", "quantity": {quantity}}}"#);
        Poster::assert_order(&body, &self.post(&body).await, "A", read);
    }

    /// The body is refused for exactly these places, in any order.
    async fn refuses(&mut self, body: &str, places: &[&str]) {
        let reply = self.post(body).await;
        assert_eq!(reply.status, 422, "{body:.200}: {reply:?}");
        assert_eq!(flaw_places(&reply), places, "{body:.200}");
    }

    async fn refuses_quantity(&mut self, quantity: &str) {
        let body = format!(r#"{{"stoks": "A", "quantity": {quantity}}}"#);
        self.refuses(&body, &["body.quantity"]).await;
    }
}

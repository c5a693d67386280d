//! Many venues in one process: what `main` serves at `/X`, the venue `NAME` serves at `/venues/NAME/X`.

mod acts;
mod clock;
mod control;
mod copies;
mod durable;
mod faults;
mod isolation;
mod limits;
mod load;
mod metrics;
mod mount;
mod reset;
mod rules;
mod script;

use serde_json::Value;

use crate::support::Venue;

/// Makes a venue and returns it, and what was told of it.
pub async fn make(server: &Venue, body: Value) -> (Venue, Value) {
    let reply = server.post("/venues", &body.to_string()).await;
    assert_eq!(reply.status, 201, "{body}: {reply:?}");
    let told = reply.json();
    (server.at(told["name"].as_str().expect("a name")), told)
}

//! What is too large, too slow or too much (contract, "Routes").

mod body;
mod connections;
mod full;
mod head;
mod slow;

use std::num::NonZeroUsize;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tradepit_actors::DelayModel;
use tradepit_places::everywhere;

use crate::support::places::{now, wait};
use crate::support::rest::{
    Kept, assert_detail, assert_overloaded, assert_some_detail, flaw_places, id, listed_ids, path, symbol,
};
use crate::support::{Base, PATIENCE, Reply, Request, Venue, clock, in_time, own_venue, send_raw, server, venue};

/// How long a server may wait for a client to take leave after `Connection: close`; generous.
const CLOSED_WITHIN: Duration = Duration::from_secs(4);

/// Sends a request and reads its reply, but does not wait until the server closes.
async fn reply_to(at: &Venue, method: &str, request: &str) -> Reply {
    let mut connection = Kept::open(at).await;
    // It may answer and close before it was told all.
    let _ = connection.try_write(Base::from(at).request(request).as_bytes()).await;
    connection.reply(method).await.expect("a reply")
}

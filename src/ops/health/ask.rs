//! Asks a server whether it takes orders: one `GET /ready` over a connection of its own.
//!
//! Owns the reading of the reply, of which it takes the status and the reason. Reads a bounded amount within a bounded
//! time, whoever answers.

use std::io;
use std::time::Duration;

use serde::Deserialize;
use tradepit_load::Target;

use crate::asking::{self, Asked, Trust, status};

/// More of a reply is not read.
const REPLY_BYTES: u64 = 8 * 1024;

/// Why a server does not count as one that takes orders; after its address this reads as a sentence.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failing {
    #[error("cannot be reached: {0}")]
    Unreachable(io::Error),
    #[error("has not answered within {} s", .0.as_secs())]
    Silent(Duration),
    #[error("answers, but not over HTTP")]
    NoHttp,
    #[error("does not take orders: it answers {status}{reason}")]
    NotReady { status: u16, reason: String },
}

/// Whether the server takes orders.
pub(super) async fn ready(whom: &Target, trust: Option<&Trust>, limit: Duration) -> Result<(), Failing> {
    let asked = Asked { method: "GET", path: "/ready", body: None, reply_bytes: REPLY_BYTES };
    let reply = tokio::time::timeout(limit, asking::exchange(whom, trust, asked)).await;
    let reply = reply.map_err(|_| Failing::Silent(limit))?.map_err(Failing::Unreachable)?;
    match status(&reply) {
        Some(200) => Ok(()),
        Some(status) => Err(Failing::NotReady { status, reason: reason(&reply) }),
        None => Err(Failing::NoHttp),
    }
}

/// What an error's body says, in parentheses.
fn reason(reply: &str) -> String {
    #[derive(Deserialize)]
    struct Body {
        detail: String,
    }
    serde_json::from_str(asking::body(reply)).map_or_else(|_| String::new(), |Body { detail }| format!(" ({detail})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_tells_its_reason() {
        let reply = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n{\"detail\":\"It reads\"}";
        assert_eq!(reason(reply), " (It reads)");
        let reply = "HTTP/1.0 200 OK\r\n\r\n{}";
        assert_eq!(reason(reply), "");
    }
}

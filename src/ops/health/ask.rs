//! Asks a server whether it takes orders: one `GET /ready` over a connection of its own.
//!
//! Owns the request's bytes and the reading of the reply, of which it takes the status and the reason. Reads a bounded
//! amount within a bounded time, whoever answers.

use std::io;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use tradepit_load::Target;

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
pub(super) async fn ready(whom: &Target, limit: Duration) -> Result<(), Failing> {
    let reply = tokio::time::timeout(limit, exchange(whom)).await.map_err(|_| Failing::Silent(limit))?;
    let reply = reply.map_err(Failing::Unreachable)?;
    match status(&reply) {
        Some(200) => Ok(()),
        Some(status) => Err(Failing::NotReady { status, reason: reason(&reply) }),
        None => Err(Failing::NoHttp),
    }
}

async fn exchange(whom: &Target) -> io::Result<String> {
    let mut stream = TcpStream::connect(whom.address()).await?;
    let request = format!("GET /ready HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", whom.authority());
    stream.write_all(request.as_bytes()).await?;
    let mut reply = Vec::new();
    stream.take(REPLY_BYTES).read_to_end(&mut reply).await?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

fn status(reply: &str) -> Option<u16> {
    let (code, _) = reply.strip_prefix("HTTP/1.")?.split_once(' ')?.1.split_at_checked(3)?;
    code.parse().ok()
}

/// What an error's body says, in parentheses.
fn reason(reply: &str) -> String {
    #[derive(Deserialize)]
    struct Body {
        detail: String,
    }
    let body = reply.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
    body.map_or_else(String::new, |Body { detail }| format!(" ({detail})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_tells_its_status_and_its_reason() {
        let reply = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n{\"detail\":\"It reads\"}";
        assert_eq!((status(reply), reason(reply).as_str()), (Some(503), " (It reads)"));
        let reply = "HTTP/1.0 200 OK\r\n\r\n{}";
        assert_eq!((status(reply), reason(reply).as_str()), (Some(200), ""));
    }

    #[test]
    fn what_is_no_reply_has_no_status() {
        for reply in ["", "SSH-2.0-OpenSSH_9.2", "HTTP/1.1 20", "HTTP/1.1 ok!", "HTTP/1.1 \u{e4}\u{e4}", "HTTP/1."] {
            assert_eq!(status(reply), None, "{reply:?}");
        }
    }
}

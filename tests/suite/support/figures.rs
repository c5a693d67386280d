//! The server's own figures.

use std::net::SocketAddr;

use super::Request;

/// A figure of `/metrics`, by its name with labels.
pub async fn figure(addr: SocketAddr, name: &str) -> u64 {
    let reply = Request::new("GET", "/metrics").send(addr).await;
    let value = reply.body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {}", reply.body))
}

/// Subscribers now.
pub async fn subscribers(addr: SocketAddr) -> u64 {
    figure(addr, "tradepit_subscribers").await
}

/// Subscribers dropped since start for this reason.
pub async fn dropped(addr: SocketAddr, reason: &str) -> u64 {
    figure(addr, &format!(r#"tradepit_subscribers_dropped_total{{reason="{reason}"}}"#)).await
}

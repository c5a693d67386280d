//! What goes to stdout and what to stderr, and what becomes of either when nobody reads.

use super::*;

#[tokio::test]
async fn the_first_line_tells_where_it_serves_and_it_serves_at_that_moment() {
    let mut server = Process::start(&["serve", "--port", "0"]);
    let addr = server.address().await;
    assert_eq!(addr.ip().to_string(), "127.0.0.1");
    assert_ne!(addr.port(), 0);
    // On the spot: no second try.
    assert_eq!(get(addr, "/ready").await.status, 200);
    assert_eq!(place(addr).await["status"], "PENDING");
}

#[tokio::test]
async fn stdout_has_one_line_and_logs_go_to_stderr() {
    let (server, addr) = Process::serve_with(&["--delay", "none"], &[("RUST_LOG", "debug")]).await;
    let mut subscriber = Subscriber::connect(addr, "").await;
    let order = id(&place(addr).await);
    assert_eq!(subscriber.text_of(&order).await, format!("{order} is PENDING"));
    assert_eq!(get(addr, "/nowhere").await.status, 404);
    server.signal("TERM");
    let ended = ends_in_order(server, Clock::monotonic()).await;
    assert_eq!(ended.stdout, format!("tradepit listening on http://{addr}\n"));
    assert!(ended.stderr.contains("stopped"), "{ended:?}");
}

#[tokio::test]
async fn a_stdout_that_takes_nothing_does_not_stop_the_server() {
    let mut server = Process::start_deaf(&["serve", "--port", "0"]);
    let log = server.complaint("http://").await;
    let addr = log.rsplit("http://").next().and_then(|addr| addr.trim_end().parse().ok());
    let addr: SocketAddr = addr.unwrap_or_else(|| panic!("no address in {log:?}"));
    assert_eq!(get(addr, "/health").await.status, 200);
    server.signal("TERM");
    assert_eq!(server.ended().await.code, Some(0));
}

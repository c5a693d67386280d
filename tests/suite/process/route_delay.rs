//! `--route-delay`: the random sleep on all routes.

use super::*;

const LEAST: Duration = Duration::from_millis(200);

async fn timed(addr: SocketAddr, method: &str, path: &str, expected: u16) -> Duration {
    let asked = Clock::monotonic();
    let reply = Request::new(method, path).send(addr).await;
    assert_eq!(reply.status, expected, "{method} {path}: {reply:?}");
    asked.elapsed()
}

#[tokio::test]
async fn it_holds_for_every_route_and_blocks_no_other_request() {
    let (_server, addr) = Process::serve(&["--route-delay", "200ms..300ms", "--workers", "1"]).await;
    let routes = [
        ("GET", "/orders", 200),
        ("POST", "/orders", 422),
        ("GET", "/orders/x", 404),
        ("DELETE", "/orders/x", 404),
        ("PUT", "/orders", 405),
        ("GET", "/ws", 426),
        ("GET", "/health", 200),
        ("GET", "/ready", 200),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/asyncapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/docs/index.css", 200),
        ("GET", "/", 200),
        ("GET", "/assets/nothing.js", 404),
        ("GET", "/nowhere", 404),
    ];
    let asked = Clock::monotonic();
    let all = (0..4)
        .flat_map(|_| routes)
        .map(|(method, path, code)| async move { (format!("{method} {path}"), timed(addr, method, path, code).await) });
    for (route, took) in futures_util::future::join_all(all).await {
        assert!(took >= LEAST, "{route} took {took:?}");
    }
    // One after the other they would take 12 s at least.
    assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn an_order_is_not_accepted_before_its_route_has_slept() {
    let (_server, addr) = Process::serve(&["--route-delay", "60s", "--delay", "none"]).await;
    // Nothing is accepted while its route sleeps: no state is touched before.
    let place = tokio::time::timeout(Duration::from_millis(300), place(addr)).await;
    assert!(place.is_err(), "the route did not sleep");
}

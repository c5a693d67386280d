//! What is counted.

use super::*;

#[tokio::test]
async fn orders_are_counted_by_change_and_as_open() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 });
    let figures = Figures::of(&venue).await;
    for change in ["accepted", "executed", "cancelled"] {
        figures.is(&format!("orders_total{{change={change}}}"), 0.0);
    }
    figures.is("orders_open", 0.0);
    let first = venue.place("EURUSD", 1).await;
    venue.place("EURUSD", 1).await;
    let figures = Figures::of(&venue).await;
    figures.is("orders_total{change=accepted}", 2.0);
    figures.is("orders_open", 2.0);
    figures.is("orders_held", 2.0);
    assert_eq!(venue.delete(&format!("/orders/{}", id(&first))).await.status, 204);
    let figures = Figures::of(&venue).await;
    figures.is("orders_total{change=cancelled}", 1.0);
    figures.is("orders_total{change=executed}", 0.0);
    figures.is("orders_open", 1.0);
    figures.is("orders_held", 2.0);
}

#[tokio::test]
async fn lateness_is_a_histogram_of_the_executed_orders() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 20_000 });
    for _ in 0..25 {
        venue.place("EURUSD", 1).await;
    }
    until(&venue, "orders_total{change=executed}", 25.0).await;
    let figures = Figures::of(&venue).await;
    figures.is("orders_open", 0.0);
    figures.is("execution_lateness_seconds_count", 25.0);
    let sum = figures.get("execution_lateness_seconds_sum");
    assert!(sum > 0.0 && sum < 25.0, "{sum}");
    assert!(families(&venue).await.contains_key("tradepit_execution_lateness_seconds"));
}

#[tokio::test]
async fn requests_are_counted_and_timed_by_route_method_and_code() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let order = venue.place("EURUSD", 1).await;
    let one = format!("/orders/{}", id(&order));
    for (method, path) in [("GET", one.as_str()), ("GET", "/orders/x"), ("DELETE", "/orders/x/"), ("PUT", "/orders")] {
        Request::new(method, path).send(venue.addr).await;
    }
    venue.post("/orders/", "{}").await;
    venue.post("/orders/", "{}").await;
    for path in ["/nowhere", "/nowhere/else", "/health", "/docs/index.css", "/", "/assets/x.js", "/assets/x/y", "/ws"] {
        venue.get(path).await;
    }
    Request::new("GARBAGE", "/health").send(venue.addr).await;
    let figures = Figures::of(&venue).await;
    let expected = [
        ("/orders", "POST", 200, 1.0),
        ("/orders", "POST", 422, 2.0),
        ("/orders", "PUT", 405, 1.0),
        ("/orders/{id}", "GET", 200, 1.0),
        ("/orders/{id}", "GET", 404, 1.0),
        ("/orders/{id}", "DELETE", 404, 1.0),
        ("unknown", "GET", 404, 3.0),
        ("/health", "GET", 200, 1.0),
        ("/health", "other", 405, 1.0),
        ("/docs", "GET", 200, 1.0),
        ("/", "GET", 200, 1.0),
        ("/assets/{file}", "GET", 404, 1.0),
        ("/ws", "GET", 426, 1.0),
    ];
    for (route, method, code, count) in expected {
        let labels = format!("route={route},method={method},code={code}");
        figures.is(&format!("http_request_duration_seconds_count{{{labels}}}"), count);
        figures.is(&format!("http_request_duration_seconds_bucket{{le=+Inf,{labels}}}"), count);
        assert!(figures.get(&format!("http_request_duration_seconds_sum{{{labels}}}")) > 0.0, "{labels}");
    }
}

#[tokio::test]
async fn what_clients_invent_makes_no_new_series() {
    let venue = own_venue(|_| {});
    venue.get("/a").await;
    Request::new("BREW", "/a").send(venue.addr).await;
    let series = Figures::of(&venue).await.0.len();
    // The second scrape counts the first.
    let with_scrape = Figures::of(&venue).await.0.len();
    for number in 0..20 {
        Request::new(&format!("BREW{number}"), &format!("/b/{number}")).send(venue.addr).await;
        venue.get(&format!("/b/{number}?x={number}")).await;
    }
    assert!(with_scrape >= series);
    assert_eq!(Figures::of(&venue).await.0.len(), with_scrape);
}

#[tokio::test]
async fn subscribers_and_connections_rise_and_fall() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    Figures::of(&venue).await.is("subscribers", 0.0);
    let mut first = venue.subscribe("").await;
    let second = venue.subscribe("?format=json").await;
    let figures = Figures::of(&venue).await;
    figures.is("subscribers", 2.0);
    assert!(figures.get("connections") >= 3.0, "two WebSockets and the scrape");
    let order = venue.place("EURUSD", 1).await;
    assert!(first.text_of(id(&order)).await.ends_with("PENDING"));
    assert!(first.text_of(id(&order)).await.ends_with("EXECUTED"));
    first.socket.close(None).await.expect("it takes a close");
    drop((first, second));
    until(&venue, "subscribers", 0.0).await;
    until(&venue, "connections", 1.0).await;
    let figures = Figures::of(&venue).await;
    for reason in ["slow", "silent", "protocol_error", "feed_behind"] {
        figures.is(&format!("subscribers_dropped_total{{reason={reason}}}"), 0.0);
    }
}

#[tokio::test]
async fn a_subscriber_that_breaks_the_protocol_is_counted_as_dropped() {
    let venue = own_venue(|_| {});
    let mut subscriber = venue.subscribe("").await;
    subscriber.send(Message::binary(vec![0; 70_000])).await;
    assert_eq!(subscriber.close_frame().await.map(|frame| frame.code.into()), Some(1009_u16));
    let figures = Figures::of(&venue).await;
    figures.is("subscribers_dropped_total{reason=protocol_error}", 1.0);
    figures.is("subscribers_dropped_total{reason=slow}", 0.0);
}

#[tokio::test]
async fn a_subscriber_that_does_not_read_is_counted_as_dropped() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = socket.connect(venue.addr).await.expect("it accepts");
    let url = format!("ws://{}/ws?format=json", venue.addr);
    let (deaf, _) = tokio_tungstenite::client_async(url, stream).await.expect("the handshake succeeds");
    // Some 2 MB of announcements: more than the kernel and the venue keep for it together.
    flood(&venue, 5_000).await;
    until(&venue, "subscribers_dropped_total{reason=slow}", 1.0).await;
    drop(deaf);
    until(&venue, "subscribers", 0.0).await;
}

/// Places orders over one connection, one request after the other without waiting for replies.
async fn flood(venue: &Venue, orders: usize) {
    let body = r#"{"stoks": "EURUSD", "quantity": 1}"#;
    let request = format!("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let last = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let stream = tokio::net::TcpStream::connect(venue.addr).await.expect("it accepts");
    let (mut replies, mut requests) = stream.into_split();
    let all = request.repeat(orders) + last;
    let write = async { requests.write_all(all.as_bytes()).await.expect("it takes them") };
    let mut answer = Vec::new();
    let read = async { replies.read_to_end(&mut answer).await.expect("it answers") };
    in_time("all replies", async { tokio::join!(write, read) }).await;
    assert_eq!(String::from_utf8_lossy(&answer).matches("HTTP/1.1 200").count(), orders + 1);
}

#[tokio::test]
async fn the_mailbox_is_empty_when_nobody_asks_and_counts_whom_it_refused() {
    let venue = own_venue(|config| config.venue.mailbox = std::num::NonZeroUsize::MIN);
    let figures = Figures::of(&venue).await;
    figures.is("mailbox_depth", 0.0);
    figures.is("mailbox_refused_total", 0.0);
    let mut refused = 0;
    in_time("a refusal", async {
        while refused == 0 {
            let burst = (0..50).map(|_| venue.get("/orders"));
            let replies = futures_util::future::join_all(burst).await;
            let late = replies.iter().filter(|reply| reply.status == 503);
            refused += late.inspect(|reply| assert!(reply.header("retry-after").is_some(), "{reply:?}")).count();
        }
    })
    .await;
    let figures = Figures::of(&venue).await;
    figures.is("mailbox_refused_total", refused as f64);
    figures.is("mailbox_depth", 0.0);
    figures.is("http_request_duration_seconds_count{route=/orders,method=GET,code=503}", refused as f64);
}

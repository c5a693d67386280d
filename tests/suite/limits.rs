//! What is too large, too slow or too much (contract, "Routes").

use std::num::NonZeroUsize;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tradepit_actors::DelayModel;

use crate::support::rest::{
    Kept, assert_detail, assert_overloaded, assert_some_detail, flaw_places, id, listed_ids, now, path, symbol, wait,
};
use crate::support::{PATIENCE, Reply, Request, Venue, clock, in_time, own_venue, send_raw, venue};

const BODY_BYTES: usize = 65_536;
const HEAD_BYTES: usize = 65_536;
/// How long a server may wait for a client to take leave after `Connection: close`; generous.
const CLOSED_WITHIN: Duration = Duration::from_secs(4);

/// An order for `symbol`, padded to this length with what means nothing.
fn body_of(length: usize, symbol: &str) -> String {
    let body = format!(r#"{{"stoks": "{symbol}", "quantity": 1, "x": ""}}"#);
    let padding = "x".repeat(length - body.len());
    let body = body.replace(r#""x": """#, &format!(r#""x": "{padding}""#));
    assert_eq!(body.len(), length);
    body
}

fn chunked(body: &str, chunk: usize) -> String {
    let chunks = body.as_bytes().chunks(chunk).map(|chunk| {
        let text = std::str::from_utf8(chunk).expect("ASCII");
        format!("{:x}\r\n{text}\r\n", text.len())
    });
    chunks.collect::<String>() + "0\r\n\r\n"
}

async fn post_chunked(body: &str, chunk: usize) -> Reply {
    let request = Request::new("POST", "/orders").header("Transfer-Encoding", "chunked");
    request.body(chunked(body, chunk)).send(venue().addr).await
}

async fn count(symbol: &str) -> usize {
    listed_ids(&venue().get(&format!("/orders?stoks={symbol}")).await).len()
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_413() {
    let symbol = symbol();
    let taken = venue().post("/orders", &body_of(BODY_BYTES, &symbol)).await;
    assert_eq!((taken.status, &taken.json()["stoks"]), (200, &Value::from(symbol.as_str())));
    let refused = venue().post("/orders", &body_of(BODY_BYTES + 1, &symbol)).await;
    assert_some_detail(&refused, 413);
    assert_eq!(count(&symbol).await, 1);
}

#[tokio::test]
async fn a_body_in_chunks_of_64_kib_is_read_and_one_byte_more_is_413() {
    let symbol = symbol();
    for (chunk, placed) in [(BODY_BYTES + 1, 1), (30_000, 2), (1_000, 3), (16, 4)] {
        let taken = post_chunked(&body_of(BODY_BYTES, &symbol), chunk).await;
        assert_eq!(taken.status, 200, "in chunks of {chunk}: {taken:?}");
        let refused = post_chunked(&body_of(BODY_BYTES + 1, &symbol), chunk).await;
        assert_some_detail(&refused, 413);
        assert_eq!(count(&symbol).await, placed);
    }
}

#[tokio::test]
async fn a_body_in_chunks_without_end_is_413_as_soon_as_it_is_too_large() {
    let mut connection = Kept::open(venue().addr).await;
    connection.write(b"POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    let chunk = chunked(&"x".repeat(8_192), 8_192).replace("0\r\n\r\n", "");
    for _ in 0..9 {
        connection.write(chunk.as_bytes()).await;
    }
    let reply = connection.reply("POST").await.expect("a reply");
    assert_some_detail(&reply, 413);
    assert_eq!(reply.header("connection"), Some("close"), "the rest of the body cannot be told from a request");
}

#[tokio::test]
async fn a_connection_whose_body_in_chunks_was_too_large_is_closed() {
    let mut connection = Kept::open(venue().addr).await;
    connection.write(b"POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    let _ = connection.try_write(format!("20000\r\n{}", "x".repeat(70_000)).as_bytes()).await;
    assert_some_detail(&connection.reply("POST").await.expect("a reply"), 413);
    let closed = tokio::time::timeout(CLOSED_WITHIN, connection.is_closed()).await;
    assert_eq!(closed, Ok(true), "a client that sends and reads nothing more holds the connection");
}

/// Sends a request and reads its reply, but does not wait until the server closes.
async fn reply_to(method: &str, request: &[u8]) -> Reply {
    let mut connection = Kept::open(venue().addr).await;
    // It may answer and close before it was told all.
    let _ = connection.try_write(request).await;
    connection.reply(method).await.expect("a reply")
}

/// Many times: a reply that is overtaken by a reset is lost only now and then.
#[tokio::test]
async fn a_client_that_sends_all_of_a_body_that_is_too_large_still_reads_the_413() {
    let head = "POST /orders HTTP/1.1\r\nHost: localhost\r\n";
    for size in [BODY_BYTES + 1, 200_000, 1_000_000] {
        let body = body_of(size, "A");
        let declared = format!("{head}Content-Length: {size}\r\n\r\n{body}");
        let in_chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunked(&body, 16_384));
        for _ in 0..15 {
            assert_some_detail(&reply_to("POST", declared.as_bytes()).await, 413);
            assert_some_detail(&reply_to("POST", in_chunks.as_bytes()).await, 413);
        }
    }
}

#[tokio::test]
async fn a_declared_length_over_64_kib_is_413_on_every_route_at_once() {
    let order = venue().place_long(&symbol(), 1).await;
    let path = path(&order);
    let routes = [
        ("POST", "/orders"),
        ("POST", "/orders/"),
        ("GET", "/orders"),
        ("GET", "/orders?limit=0"),
        ("GET", &path),
        ("DELETE", &path),
        ("DELETE", "/orders/abc"),
        ("GET", "/ws"),
        ("GET", "/nowhere"),
        ("PUT", "/orders"),
        ("GET", "/health"),
        ("GET", "/"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("OPTIONS", "/orders"),
    ];
    for (method, path) in routes {
        for length in ["65537", "1000000", "18446744073709551615"] {
            // Nothing of the body is sent: the length says enough.
            let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
            assert_some_detail(&reply_to(method, head.as_bytes()).await, 413);
        }
    }
    let head = reply_to("HEAD", b"HEAD /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n").await;
    assert_eq!(head.status, 413);
    let found = venue().get(&path).await.json();
    assert_ne!(found["status"], "CANCELLED", "a refused DELETE cancelled it");
}

#[tokio::test]
async fn a_body_of_64_kib_is_no_flaw_on_any_route() {
    let order = venue().place_long(&symbol(), 1).await;
    for (method, path, status) in [
        ("GET", "/orders?stoks=LIMITS-NONE", 200),
        ("GET", &path(&order), 200),
        ("GET", "/nowhere", 404),
        ("DELETE", &path(&order), 204),
    ] {
        let reply = Request::new(method, path).body("x".repeat(BODY_BYTES)).send(venue().addr).await;
        assert_eq!(reply.status, status, "{method} {path}");
    }
}

#[tokio::test]
async fn a_length_that_is_no_length_is_refused() {
    for length in ["-1", "abc", "1, 2", "0x10", "99999999999999999999999999"] {
        let reply =
            Request::new("POST", "/orders").header("Content-Length", length).body("{}").send(venue().addr).await;
        assert!([400, 413].contains(&reply.status), "{length}: {reply:?}");
    }
    let both = "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ";
    assert_eq!(send_raw(venue().addr, both.as_bytes()).await.status, 400);
    let no_chunk = Request::new("POST", "/orders").header("Transfer-Encoding", "chunked").body("zz\r\n{}\r\n0\r\n\r\n");
    let reply = no_chunk.send(venue().addr).await;
    assert_eq!(reply.status, 400, "{reply:?}");
}

#[tokio::test]
async fn a_client_that_expects_100_continue_is_told_to_go_on_or_answered() {
    let mut connection = Kept::open(venue().addr).await;
    let head = "POST /orders HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n";
    let body = r#"{"stoks": "A", "quantity": 1}"#;
    connection.write(format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes()).await;
    assert_eq!(connection.reply("POST").await.expect("a reply").status, 100);
    connection.write(body.as_bytes()).await;
    assert_eq!(connection.reply("POST").await.expect("a reply").status, 200);
    // Where the body is too large the client had better not send it.
    connection.write(format!("{head}Content-Length: 65537\r\n\r\n").as_bytes()).await;
    let mut reply = connection.reply("POST").await.expect("a reply");
    if reply.status == 100 {
        reply = connection.reply("POST").await.expect("a reply");
    }
    assert_some_detail(&reply, 413);
}

/// A request whose head is this long, with its last bytes in one header.
fn head_of(length: usize) -> String {
    let head = "GET /orders?stoks=LIMITS-NONE HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: \r\n\r\n";
    head.replace("X: ", &format!("X: {}", "x".repeat(length - head.len())))
}

/// A request that is refused before it is one, if not with a reply then by closing.
#[track_caller]
fn assert_head_refused(reply: &Reply) {
    assert!([400, 431].contains(&reply.status), "{reply:.300?}");
    if !reply.body.is_empty() {
        assert_some_detail(reply, reply.status);
    }
}

#[tokio::test]
async fn a_head_of_64_kib_is_read_and_one_well_over_is_431() {
    for length in [1_000, 60_000, HEAD_BYTES] {
        let taken = send_raw(venue().addr, head_of(length).as_bytes()).await;
        assert_eq!((taken.status, taken.body.as_str()), (200, "{}"), "{length}");
    }
    for length in [HEAD_BYTES + 100, 100_000, 131_072, 140_000, 300_000] {
        let reply = send_raw(venue().addr, head_of(length).as_bytes()).await;
        assert!([400, 431].contains(&reply.status), "a head of {length}: {}", reply.status);
        assert_head_refused(&reply);
    }
}

#[tokio::test]
async fn a_head_of_64_kib_and_one_byte_is_431() {
    assert_head_refused(&send_raw(venue().addr, head_of(HEAD_BYTES + 1).as_bytes()).await);
}

#[tokio::test]
async fn space_and_the_method_count_as_part_of_the_head() {
    for head in [
        format!("GET /orders?stoks=LIMITS-NONE HTTP/1.1\r\nHost: a\r\nX: {}y\r\n\r\n", " ".repeat(67_000)),
        format!("{} /orders HTTP/1.1\r\nHost: a\r\n\r\n", "X".repeat(67_000)),
    ] {
        assert_head_refused(&reply_to("GET", head.as_bytes()).await);
    }
}

#[tokio::test]
async fn a_head_over_64_kib_is_431_wherever_its_bytes_are() {
    let many: String = (0..90).map(|n| format!("X-{n}: {}\r\n", "x".repeat(750))).collect();
    let long = "x".repeat(67_000);
    let heads = [
        format!("GET /orders HTTP/1.1\r\nHost: a\r\n{many}\r\n"),
        format!("GET /orders?{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET /orders?limit={long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET /orders/{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("POST /orders HTTP/1.1\r\nHost: a\r\nX: {long}\r\nContent-Length: 2\r\n\r\n{{}}"),
        format!("GET /ws HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"),
        format!("GET /nowhere HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"),
    ];
    for head in heads {
        let reply = reply_to("GET", head.as_bytes()).await;
        assert!([400, 431].contains(&reply.status), "{head:.30}: {}", reply.status);
    }
}

#[tokio::test]
async fn a_header_name_over_64_kib_is_431() {
    let head = format!("GET /orders HTTP/1.1\r\nHost: a\r\n{}: x\r\n\r\n", "x".repeat(67_000));
    assert_head_refused(&reply_to("GET", head.as_bytes()).await);
}

#[tokio::test]
async fn a_head_that_does_not_end_is_refused_before_it_has_cost_a_megabyte() {
    let mut stream = TcpStream::connect(venue().addr).await.expect("the server accepts");
    let _ = stream.write_all(b"GET /orders HTTP/1.1\r\nHost: a\r\nX: ").await;
    let (mut reader, mut writer) = stream.split();
    let write = async {
        let mut written = 0;
        while written < 8 << 20 && writer.write_all(&[b'x'; 16_384]).await.is_ok() {
            written += 16_384;
        }
        written
    };
    let mut answer = Vec::new();
    let (written, _) = in_time("the refusal", async { tokio::join!(write, reader.read_to_end(&mut answer)) }).await;
    // What the kernels between hold comes on top.
    assert!(written < 8 << 20, "it reads for ever");
    if !answer.is_empty() {
        assert_head_refused(&Reply::parse(&answer));
    }
}

#[tokio::test]
async fn a_head_of_96_headers_is_read_and_one_more_is_431() {
    let head = |headers: usize| {
        let more: String = (2..headers).map(|n| format!("X-{n}: {n}\r\n")).collect();
        format!("GET /orders?stoks=LIMITS-NONE HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n")
    };
    let taken = send_raw(venue().addr, head(96).as_bytes()).await;
    assert_eq!((taken.status, taken.body.as_str()), (200, "{}"), "{taken:?}");
    for headers in [97, 98, 500] {
        assert_head_refused(&send_raw(venue().addr, head(headers).as_bytes()).await);
    }
}

#[tokio::test]
async fn what_is_no_http_is_400() {
    for bytes in [
        "\r\n\r\nhello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /orders\r\n\r\n",
        "GET /orders HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\r\n\r\n",
    ] {
        let reply = send_raw(venue().addr, bytes.as_bytes()).await;
        assert_eq!(reply.status, 400, "{bytes:?}");
    }
}

/// What is answered to a request of which these pieces are sent, one each second; after how long; and whether the
/// connection is then closed.
async fn trickle(pieces: impl Iterator<Item = String>) -> (Option<Reply>, Duration, bool) {
    let started = now();
    let mut stream = TcpStream::connect(venue().addr).await.expect("the server accepts");
    let (mut reader, mut writer) = stream.split();
    let write = async {
        for piece in pieces {
            if writer.write_all(piece.as_bytes()).await.is_err() {
                break;
            }
            wait(Duration::from_secs(1)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = vec![0; 10_000];
    let length = tokio::select! {
        () = write => 0,
        read = in_time("an answer to a slow request", reader.read(&mut answer)) => read.unwrap_or(0),
    };
    let passed = started.elapsed();
    let rest = tokio::time::timeout(CLOSED_WITHIN, reader.read_to_end(&mut Vec::new())).await;
    ((length > 0).then(|| Reply::parse(&answer[..length])), passed, rest.is_ok())
}

/// One test, so that the ten seconds pass once for all of them.
#[tokio::test]
async fn what_is_not_complete_in_ten_seconds_is_408() {
    let post = "POST /orders HTTP/1.1\r\nHost: localhost\r\n";
    let declared = format!("{post}Content-Length: 1000\r\n\r\n{{\"stoks\": ");
    let in_chunks = format!("{post}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"sto\r\n");
    let once = |text: &str| std::iter::once(text.to_owned());
    let silent_body = trickle(once(&declared));
    let silent_chunks = trickle(once(&in_chunks));
    let no_body = trickle(once(&format!("{post}Content-Length: 5\r\n\r\n")));
    let slow_body = trickle(once(&declared).chain(std::iter::repeat_n(" ".to_owned(), 30)));
    let slow_chunks = trickle(once(&in_chunks).chain(std::iter::repeat_n("1\r\n \r\n".to_owned(), 30)));
    let silent_head = trickle(once(post));
    let slow_head = trickle(once(post).chain(std::iter::repeat_n("X: y\r\n".to_owned(), 30)));
    let in_time_body = async {
        let pieces =
            ["Content-Length: 29\r\n\r\n", "{\"stoks\": \"A\"", ", \"quantity\"", ": 1", "}"].map(str::to_owned);
        let mut connection = Kept::open(venue().addr).await;
        connection.write(post.as_bytes()).await;
        for piece in pieces {
            connection.write(piece.as_bytes()).await;
            wait(Duration::from_secs(2)).await;
        }
        connection.reply("POST").await.expect("a reply")
    };
    let bodies = join_all([
        Box::pin(silent_body) as std::pin::Pin<Box<dyn Future<Output = _>>>,
        Box::pin(silent_chunks),
        Box::pin(no_body),
        Box::pin(slow_body),
        Box::pin(slow_chunks),
    ]);
    let heads = join_all([Box::pin(silent_head) as std::pin::Pin<Box<dyn Future<Output = _>>>, Box::pin(slow_head)]);
    let (bodies, heads, complete) = tokio::join!(bodies, heads, in_time_body);
    assert_eq!(complete.status, 200, "slow, but in time: {complete:?}");
    for (case, (reply, passed, closed)) in bodies.into_iter().enumerate() {
        let reply = reply.unwrap_or_else(|| panic!("body {case}: closed without a word"));
        assert_eq!(reply.status, 408, "body {case}: {reply:?}");
        if !reply.body.is_empty() {
            assert_some_detail(&reply, 408);
        }
        assert!((9_900..13_500).contains(&passed.as_millis()), "body {case}: after {passed:?}");
        assert!(closed, "body {case}: the connection is held after the 408");
    }
    for (case, (reply, passed, closed)) in heads.into_iter().enumerate() {
        assert!(reply.as_ref().is_none_or(|reply| reply.status == 408), "head {case}: {reply:?}");
        assert!((5_000..13_500).contains(&passed.as_millis()), "head {case}: after {passed:?}");
        assert!(closed, "head {case}: the connection is held after the 408");
    }
}

#[tokio::test]
async fn a_later_head_on_a_kept_connection_has_ten_seconds_too() {
    let mut connection = Kept::open(venue().addr).await;
    connection.write(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(connection.reply("GET").await.expect("a reply").status, 200);
    let started = clock();
    connection.write(b"GET /health HTTP/1.1\r\nHost: a\r\n").await;
    assert_eq!(connection.reply("GET").await.expect("a reply").status, 408);
    let passed = started.elapsed().as_millis();
    assert!((9_900..13_500).contains(&passed), "after {passed} ms");
}

/// Connects until a place is free.
async fn until_served(venue: &Venue) -> Kept {
    let served = async {
        loop {
            let mut connection = Kept::open(venue.addr).await;
            if connection.try_write(b"GET /orders HTTP/1.1\r\nHost: a\r\n\r\n").await.is_ok()
                && connection.reply("GET").await.is_some_and(|reply| reply.status == 200)
            {
                return connection;
            }
        }
    };
    in_time("a free place", served).await
}

#[tokio::test]
async fn a_connection_too_many_gets_503_and_is_closed_and_a_freed_place_is_used_again() {
    let venue = own_venue(|config| {
        config.max_connections = NonZeroUsize::new(3).expect("3");
        config.workers = NonZeroUsize::new(2);
    });
    let mut places = Vec::new();
    for _ in 0..3 {
        let mut connection = Kept::open(venue.addr).await;
        assert_eq!(connection.ask("GET", "/orders", "").await.status, 200);
        places.push(connection);
    }
    for _ in 0..30 {
        // One that says nothing is told at once.
        let mut silent = Kept::open(venue.addr).await;
        assert_overloaded(&silent.reply("GET").await.expect("a reply"));
        assert!(silent.is_closed().await);
        // One that asks is told once, and nothing of what it asked happens.
        let reply = venue.post("/orders", r#"{"stoks": "A", "quantity": 1}"#).await;
        assert_overloaded(&reply);
    }
    for connection in &mut places {
        assert_eq!(connection.ask("GET", "/orders", "").await.body, "{}", "who was there first is served on");
    }
    for _ in 0..5 {
        drop(places.pop());
        places.push(until_served(&venue).await);
        assert_overloaded(&venue.get("/orders").await);
    }
    drop(places);
    assert_eq!(until_served(&venue).await.ask("GET", "/orders", "").await.body, "{}");
}

#[tokio::test]
async fn a_websocket_takes_a_place_among_the_connections() {
    let venue = own_venue(|config| config.max_connections = NonZeroUsize::MIN);
    let subscriber = venue.subscribe("").await;
    assert_overloaded(&venue.get("/orders").await);
    drop(subscriber);
    until_served(&venue).await;
}

fn small_venue(max_orders: usize) -> Venue {
    own_venue(|config| config.venue.max_orders = NonZeroUsize::new(max_orders).expect("not 0"))
}

#[tokio::test]
async fn beyond_max_orders_the_order_closed_longest_ago_is_forgotten() {
    let venue = small_venue(3);
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(venue.place_long("A", 1).await);
    }
    // Closed in another order than placed.
    for closed in [1, 0] {
        venue.delete(&path(&orders[closed])).await;
    }
    orders.push(venue.place_long("A", 1).await);
    assert_eq!(listed_ids(&venue.get("/orders").await), [0, 2, 3].map(|n| id(&orders[n])));
    assert_detail(&venue.get(&path(&orders[1])).await, 404, "Order not found");
    assert_detail(&venue.delete(&path(&orders[1])).await, 404, "Order not found");
    let after = venue.get(&format!("/orders?after={}", id(&orders[1]))).await;
    assert_eq!(flaw_places(&after), ["query.after"]);
    orders.push(venue.place_long("A", 1).await);
    assert_eq!(listed_ids(&venue.get("/orders").await), [2, 3, 4].map(|n| id(&orders[n])));
}

#[tokio::test]
async fn executed_orders_are_forgotten_too() {
    let venue = own_venue(|config| {
        config.venue.max_orders = NonZeroUsize::new(2).expect("2");
        config.venue.delay = DelayModel::None;
    });
    let mut orders = Vec::new();
    for _ in 0..20 {
        orders.push(venue.place("A", 1).await);
        let newest: Vec<&str> = orders.iter().rev().take(2).rev().map(id).collect();
        assert_eq!(listed_ids(&venue.get("/orders").await), newest);
    }
}

#[tokio::test]
async fn where_every_order_is_open_one_more_is_503_until_one_is_closed() {
    let venue = small_venue(2);
    let first = venue.place_long("A", 1).await;
    let second = venue.place_long("A", 2).await;
    let body = r#"{"stoks": "A", "quantity": 3}"#;
    for _ in 0..3 {
        assert_overloaded(&venue.post("/orders", body).await);
        assert_eq!(venue.post("/orders", "{}").await.status, 422, "what is wrong stays wrong");
    }
    assert_eq!(venue.get(&path(&first)).await.json(), first, "an open order is never forgotten");
    assert_eq!(listed_ids(&venue.get("/orders").await), [id(&first), id(&second)]);
    venue.delete(&path(&second)).await;
    let third = venue.post("/orders", body).await;
    assert_eq!(third.status, 200, "{third:?}");
    assert_eq!(listed_ids(&venue.get("/orders").await), [id(&first), id(&third.json())]);
}

#[tokio::test]
async fn a_full_mailbox_is_503_at_once_and_nothing_of_the_request_happens() {
    let venue = own_venue(|config| {
        config.venue.mailbox = NonZeroUsize::MIN;
        config.workers = NonZeroUsize::new(2);
    });
    let body = r#"{"stoks": "A", "quantity": 1}"#;
    let mut connections = join_all((0..40).map(|_| Kept::open(venue.addr))).await;
    let (mut placed, mut refused, started) = (Vec::new(), 0, now());
    while refused < 10 {
        assert!(started.elapsed() < PATIENCE, "never full");
        let asked = now();
        for reply in join_all(connections.iter_mut().map(|connection| connection.ask("POST", "/orders", body))).await {
            if reply.status == 200 {
                placed.push(id(&reply.json()).to_owned());
            } else {
                assert_overloaded(&reply);
                refused += 1;
            }
        }
        assert!(asked.elapsed() < Duration::from_secs(5), "not at once");
    }
    // It recovers entirely, and what it refused has left no trace.
    let mut listed: Vec<String> = Vec::new();
    let mut page = Some("/orders".to_owned());
    while let Some(path) = page {
        let reply = venue.get(&path).await;
        listed.extend(listed_ids(&reply));
        page = crate::support::rest::next_page(&reply);
    }
    listed.sort();
    placed.sort();
    assert_eq!(listed, placed);
}

/// Nobody asks a handler a second time that waited: for the requests before it, or for the sleep on all routes.
#[tokio::test]
async fn a_body_of_a_request_that_waited_has_ten_seconds_too() {
    let post = "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"stoks\": ";
    let behind = |before: &'static str, venue_addr| async move {
        let mut connection = Kept::open(venue_addr).await;
        let started = clock();
        connection.write(format!("{before}{post}").as_bytes()).await;
        if !before.is_empty() {
            assert_eq!(connection.reply("GET").await.expect("a reply").status, 200);
        }
        assert_eq!(connection.reply("POST").await.expect("a reply").status, 408, "behind {before:?}");
        let passed = started.elapsed().as_millis();
        assert!((9_900..13_500).contains(&passed), "behind {before:?}: after {passed} ms");
    };
    let sleepy = own_venue(|config| config.route_delay = DelayModel::Fixed { us: 20_000 });
    tokio::join!(
        behind("GET /health HTTP/1.1\r\nHost: a\r\n\r\n", venue().addr),
        behind("GET /health HTTP/1.1\r\nHost: a\r\n\r\n", sleepy.addr),
        behind("", sleepy.addr),
    );
}

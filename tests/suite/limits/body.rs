//! Bodies: up to 64 KiB, declared or in chunks, on every route.

use super::*;

const BODY_BYTES: usize = 65_536;

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

/// The head of an order that is placed, and what stands behind its first lines.
fn post(rest: &str) -> String {
    format!("POST {} HTTP/1.1\r\nHost: localhost\r\n{rest}", venue().path("/orders"))
}

async fn post_chunked(body: &str, chunk: usize) -> Reply {
    let request = Request::new("POST", "/orders").header("Transfer-Encoding", "chunked");
    request.body(chunked(body, chunk)).send(venue()).await
}

async fn count(symbol: &str) -> usize {
    listed_ids(&venue().get(&format!("/orders?stoks={symbol}")).await).len()
}

#[everywhere]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_413() {
    let symbol = symbol();
    let taken = venue().post("/orders", &body_of(BODY_BYTES, &symbol)).await;
    assert_eq!((taken.status, &taken.json()["stoks"]), (200, &Value::from(symbol.as_str())));
    let refused = venue().post("/orders", &body_of(BODY_BYTES + 1, &symbol)).await;
    assert_some_detail(&refused, 413);
    assert_eq!(count(&symbol).await, 1);
}

#[everywhere]
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

#[everywhere]
async fn a_body_in_chunks_without_end_is_413_as_soon_as_it_is_too_large() {
    let mut connection = Kept::open(venue()).await;
    connection.write(post("Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await;
    let chunk = chunked(&"x".repeat(8_192), 8_192).replace("0\r\n\r\n", "");
    for _ in 0..9 {
        connection.write(chunk.as_bytes()).await;
    }
    let reply = connection.reply("POST").await.expect("a reply");
    assert_some_detail(&reply, 413);
    assert_eq!(reply.header("connection"), Some("close"), "the rest of the body cannot be told from a request");
}

#[everywhere]
async fn a_connection_whose_body_in_chunks_was_too_large_is_closed() {
    let mut connection = Kept::open(venue()).await;
    connection.write(post("Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await;
    let _ = connection.try_write(format!("20000\r\n{}", "x".repeat(70_000)).as_bytes()).await;
    assert_some_detail(&connection.reply("POST").await.expect("a reply"), 413);
    let closed = tokio::time::timeout(CLOSED_WITHIN, connection.is_closed()).await;
    assert_eq!(closed, Ok(true), "a client that sends and reads nothing more holds the connection");
}

/// Many times: a reply that is overtaken by a reset is lost only now and then.
#[everywhere]
async fn a_client_that_sends_all_of_a_body_that_is_too_large_still_reads_the_413() {
    let head = "POST /orders HTTP/1.1\r\nHost: localhost\r\n";
    for size in [BODY_BYTES + 1, 200_000, 1_000_000] {
        let body = body_of(size, "A");
        let declared = format!("{head}Content-Length: {size}\r\n\r\n{body}");
        let in_chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunked(&body, 16_384));
        for _ in 0..15 {
            assert_some_detail(&reply_to(venue(), "POST", &declared).await, 413);
            assert_some_detail(&reply_to(venue(), "POST", &in_chunks).await, 413);
        }
    }
}

#[everywhere]
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
            assert_some_detail(&reply_to(venue(), method, &head).await, 413);
        }
    }
    let head = reply_to(venue(), "HEAD", "HEAD /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n").await;
    assert_eq!(head.status, 413);
    let found = venue().get(&path).await.json();
    assert_ne!(found["status"], "CANCELLED", "a refused DELETE cancelled it");
}

#[everywhere]
async fn a_body_of_64_kib_is_no_flaw_on_any_route() {
    let order = venue().place_long(&symbol(), 1).await;
    for (method, path, status) in [
        ("GET", "/orders?stoks=LIMITS-NONE", 200),
        ("GET", &path(&order), 200),
        ("GET", "/nowhere", 404),
        ("DELETE", &path(&order), 204),
    ] {
        let reply = Request::new(method, path).body("x".repeat(BODY_BYTES)).send(venue()).await;
        assert_eq!(reply.status, status, "{method} {path}");
    }
}

#[everywhere]
async fn a_length_that_is_no_length_is_refused() {
    for length in ["-1", "abc", "1, 2", "0x10", "99999999999999999999999999"] {
        let reply = Request::new("POST", "/orders").header("Content-Length", length).body("{}").send(venue()).await;
        assert!([400, 413].contains(&reply.status), "{length}: {reply:?}");
    }
    let both = post("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ");
    assert_eq!(send_raw(venue().addr, both.as_bytes()).await.status, 400);
    let no_chunk = Request::new("POST", "/orders").header("Transfer-Encoding", "chunked").body("zz\r\n{}\r\n0\r\n\r\n");
    let reply = no_chunk.send(venue()).await;
    assert_eq!(reply.status, 400, "{reply:?}");
}

#[everywhere]
async fn a_client_that_expects_100_continue_is_told_to_go_on_or_answered() {
    let mut connection = Kept::open(venue()).await;
    let head = post("Expect: 100-continue\r\n");
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

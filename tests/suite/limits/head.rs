//! Heads: up to 64 KiB and 96 headers, and what is none.

use super::*;

const HEAD_BYTES: usize = 65_536;

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
        let taken = send_raw(server().addr, head_of(length).as_bytes()).await;
        assert_eq!((taken.status, taken.body.as_str()), (200, "{}"), "{length}");
    }
    for length in [HEAD_BYTES + 100, 100_000, 131_072, 140_000, 300_000] {
        let reply = send_raw(server().addr, head_of(length).as_bytes()).await;
        assert!([400, 431].contains(&reply.status), "a head of {length}: {}", reply.status);
        assert_head_refused(&reply);
    }
}

#[tokio::test]
async fn a_head_of_64_kib_and_one_byte_is_431() {
    assert_head_refused(&send_raw(server().addr, head_of(HEAD_BYTES + 1).as_bytes()).await);
}

#[tokio::test]
async fn space_and_the_method_count_as_part_of_the_head() {
    for head in [
        format!("GET /orders?stoks=LIMITS-NONE HTTP/1.1\r\nHost: a\r\nX: {}y\r\n\r\n", " ".repeat(67_000)),
        format!("{} /orders HTTP/1.1\r\nHost: a\r\n\r\n", "X".repeat(67_000)),
    ] {
        assert_head_refused(&reply_to(server(), "GET", &head).await);
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
        let reply = reply_to(server(), "GET", &head).await;
        assert!([400, 431].contains(&reply.status), "{head:.30}: {}", reply.status);
    }
}

#[tokio::test]
async fn a_header_name_over_64_kib_is_431() {
    let head = format!("GET /orders HTTP/1.1\r\nHost: a\r\n{}: x\r\n\r\n", "x".repeat(67_000));
    assert_head_refused(&reply_to(server(), "GET", &head).await);
}

#[tokio::test]
async fn a_head_that_does_not_end_is_refused_before_it_has_cost_a_megabyte() {
    let mut stream = TcpStream::connect(server().addr).await.expect("the server accepts");
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
    let taken = send_raw(server().addr, head(96).as_bytes()).await;
    assert_eq!((taken.status, taken.body.as_str()), (200, "{}"), "{taken:?}");
    for headers in [97, 98, 500] {
        assert_head_refused(&send_raw(server().addr, head(headers).as_bytes()).await);
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
        let reply = send_raw(server().addr, bytes.as_bytes()).await;
        assert_eq!(reply.status, 400, "{bytes:?}");
    }
}

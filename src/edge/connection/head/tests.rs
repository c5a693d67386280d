//! The scanner's count, and beside it actix-http's decoder: the same heads and bodies, in whatever pieces they come.

use std::cell::Cell;

use actix_http::ServiceConfig;
use actix_http::h1::{Codec, Message, MessageType};
use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use tokio_util::codec::Decoder as _;

use super::*;

/// How many of these bytes are sound, when they come in pieces of this size; none where all are.
fn refused(bytes: &[u8], limit: usize, piece: usize) -> Option<usize> {
    let mut scanner = HeadScanner::new(limit);
    let refused = |(number, bytes)| Some(number * piece + scanner.scan(bytes).err()?.sound);
    bytes.chunks(piece).enumerate().find_map(refused)
}

/// Checks that in these bytes the largest head has `limit` bytes, however they come.
#[track_caller]
fn check(bytes: &str, limit: usize) {
    for piece in 1..=bytes.len() {
        assert_eq!(refused(bytes.as_bytes(), limit, piece), None, "in pieces of {piece}: {bytes:?}");
        assert!(refused(bytes.as_bytes(), limit - 1, piece).is_some(), "in pieces of {piece}: {bytes:?}");
    }
}

#[test]
fn a_head_counts_from_its_first_byte_to_the_end_of_the_empty_line() {
    check("GET / HTTP/1.1\r\n\r\n", 18);
    check("GET / HTTP/1.1\n\n", 16);
    check("GET / HTTP/1.1\nA: b\r\n\n", 22);
    check("\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", 18);
    check("GET / HTTP/1.1\r\nA:    b\r\n\r\n", 27);
    check("GET / HTTP/1.1\r\nA", 17);
    check("X", 1);
}

#[test]
fn a_body_does_not_count_and_the_next_head_does() {
    let next = "GET /a-longer-target/which-is-the-one-that-counts-in-all-of-these-connections HTTP/1.1\r\n\r\n";
    for before in [
        "GET / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\n\n\n\n",
        "POST / HTTP/1.1\ncontent-length:4 \n\nPOST",
        "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Type: 9\r\nContent-Lengths: 9\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n\r\n\n\r\n00A \r\n0123456789\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\nC: d\r\n\r\n",
        "POST / HTTP/1.1\r\nUpgrade: websockets\r\n\r\n\r\n",
    ] {
        check(&format!("{before}{next}"), next.len());
    }
}

#[test]
fn nothing_counts_once_the_connection_is_no_longer_http() {
    let rest = "x".repeat(1_000);
    for head in [
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nUPGRADE:  WebSocket\t\r\nContent-Length: 5\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\n\r\n",
    ] {
        check(&format!("{head}{rest}"), head.len());
    }
}

#[test]
fn what_comes_before_the_head_that_is_too_large_is_sound() {
    let (first, second) = ("GET / HTTP/1.1\r\n\r\n", "GET /a-longer-target HTTP/1.1\r\n\r\n");
    let both = [first, second].concat();
    assert_eq!(refused(both.as_bytes(), 20, both.len()), Some(first.len()));
    // The second head has begun in an earlier piece: nothing of this one is.
    assert_eq!(refused(both.as_bytes(), 20, 25), Some(25));
}

/// What actix-http's own decoder makes of a connection.
#[derive(Debug, PartialEq)]
enum Decoded {
    /// No head is too large; so many requests are complete.
    Sound(usize),
    /// A head that begins here is.
    TooLarge(usize),
    /// It gives up at a fault, in what begins here.
    Faulty(usize),
}

fn decode(config: &ServiceConfig, bytes: &[u8], limit: usize) -> Decoded {
    let mut codec = Codec::new(config.clone());
    let mut left = BytesMut::from(bytes);
    let (mut in_body, mut requests) = (false, 0);
    loop {
        let at = bytes.len() - left.len();
        let empty = left.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let head_at = at + empty;
        match codec.decode(&mut left) {
            Err(_) => return Decoded::Faulty(at),
            Ok(Some(Message::Item(_))) if bytes.len() - left.len() - head_at > limit => {
                return Decoded::TooLarge(head_at);
            }
            Ok(Some(Message::Item(_))) => {
                requests += 1;
                in_body = codec.message_type() != MessageType::None;
            }
            Ok(Some(Message::Chunk(Some(_)))) => {}
            Ok(Some(Message::Chunk(None))) => in_body = false,
            Ok(None) if !in_body && bytes.len() - head_at > limit => return Decoded::TooLarge(head_at),
            Ok(None) => return Decoded::Sound(requests),
        }
    }
}

/// The beginnings of a body's length.
const LENGTHS: [&str; 3] = ["Content-Length: ", "content-length:", "CONTENT-LENGTH:\t 0"];

/// Framings that a head may claim and should not, or that are another protocol's.
const ODD: [&str; 10] = [
    "Transfer-Encoding: identity",
    "Upgrade: websocket",
    "UPGRADE:\tWebSocket ",
    "Content-Length: 1\r\nContent-Length: 1",
    "Content-Length: 5 5",
    "Content-Length: 18446744073709551615",
    "Content-Length: 18446744073709551616",
    "Content-Length: 3\nTransfer-Encoding: chunked",
    "Upgrade: websocket\r\nTransfer-Encoding: chunked",
    "Upgrade: websocket\r\nUpgrade: x",
];

/// Requests of every framing, most of them without a fault.
fn request() -> impl Strategy<Value = String> {
    let begin = select(vec![
        "GET / HTTP/1.1",
        "GET / HTTP/1.0",
        "POST /orders HTTP/1.1",
        "POST /orders HTTP/1.1",
        "CONNECT a:1 HTTP/1.1",
        "CONNECTED / HTTP/1.1",
        "\r\n\nGET /a HTTP/1.1",
    ]);
    let other = select(vec![
        "A: b",
        "Content-Type: 7",
        "Content-Lengths: 7",
        "Content-Length-: 7",
        "Transfer: chunked",
        "Upgrade: h2c",
        "Upgrade: websocket2",
        "Upgrade:web socket",
        "Connection: upgrade",
        "X: content-length: 5",
        "U:",
        "T: \t u",
    ]);
    let framing = prop_oneof![
        4 => Just((String::new(), String::new())),
        4 => (select(LENGTHS.to_vec()), "[a:\r\n]{0,30}", select(vec!["", " ", "\t"]))
            .prop_map(|(name, body, space)| (format!("{name}{}{space}", body.len()), body)),
        3 => (chunked(), select(vec!["Transfer-Encoding: chunked", "transfer-encoding:CHUNKED \t"]))
            .prop_map(|(body, header)| (header.to_owned(), body)),
        1 => (chunked(), select(ODD.to_vec()))
            .prop_map(|(body, header)| (header.to_owned(), body)),
    ];
    let ends = select(vec!["\r\n", "\r\n", "\n"]);
    (begin, vec(other, 0..4), framing, ends).prop_map(|(begin, others, (header, body), end)| {
        let mut head = [begin, "Host: a"].join(end) + end;
        for line in others.into_iter().chain((!header.is_empty()).then_some(header.as_str())) {
            head += &(line.to_owned() + end);
        }
        head + end + &body
    })
}

fn chunked() -> impl Strategy<Value = String> {
    let chunk = ("0{0,2}", "[a:\r\n]{1,20}", select(vec!["", "", " ", ";a=b", "\t;\"x\""]))
        .prop_map(|(zeros, data, extension)| format!("{zeros}{:x}{extension}\r\n{data}\r\n", data.len()));
    let trailers = select(vec!["", "", "A: b\r\n", "A: b\r\nContent-Length: 9\r\n"]);
    (vec(chunk, 0..4), trailers).prop_map(|(chunks, trailers)| chunks.concat() + "0\r\n" + trailers + "\r\n")
}

#[actix_web::test]
async fn it_finds_the_same_heads_as_the_decoder_of_actix_http() {
    let config = ServiceConfig::default();
    let (sound, too_large, faulty) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let connections = vec(request(), 1..5).prop_map(|requests| requests.concat());
    let change = proptest::option::weighted(0.3, (any::<Index>(), select(b"\r\n:;0a \t\x00X".to_vec())));
    let cases = (connections, change, 15..200_usize, any::<Index>());
    let proptest_config = ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(proptest_config, rng)
        .run(&cases, |(connection, change, limit, piece)| {
            let mut bytes = connection.into_bytes();
            if let Some((place, byte)) = change {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let piece = 1 + piece.index(bytes.len());
            let told = refused(&bytes, limit, piece);
            match decode(&config, &bytes, limit) {
                Decoded::Sound(requests) => {
                    prop_assert_eq!(told, None);
                    sound.update(|count| count + requests);
                }
                Decoded::TooLarge(at) => {
                    // Told in the piece where the limit is passed.
                    let piece_at = (at + limit) / piece * piece;
                    prop_assert_eq!(told, Some(at.max(piece_at)));
                    too_large.update(|count| count + 1);
                }
                Decoded::Faulty(at) => {
                    prop_assert!(told.is_none_or(|told| told >= at), "{told:?} before {at}");
                    faulty.update(|count| count + 1);
                }
            }
            Ok(())
        })
        .unwrap();
    let (sound, too_large, faulty) = (sound.get(), too_large.get(), faulty.get());
    assert!(sound > 1_000 && too_large > 500 && faulty > 500, "{sound}, {too_large}, {faulty}");
}

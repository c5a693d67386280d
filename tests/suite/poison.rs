//! What a client can do wrong, or to excess, and that nobody else is affected (contract, "WebSocket"; RFC 6455;
//! invariant 6).

use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tradepit_places::everywhere;

use crate::support::raw_ws::{BINARY, CLOSE, CONTINUATION, FIN, Frame, PING, PONG, TEXT, close, frame, header};
use crate::support::{
    Dice, Line, RawSocket, Recorder, Venue, figures, id_of, in_time, own_venue, spawned, until, venue,
};

const MAX: usize = 64 * 1024;
const RSV1: u8 = 0x40;

/// Another subscriber and REST: whatever a client does, they are served.
struct Bystander {
    subscriber: Recorder,
    line: Line,
}

impl Bystander {
    async fn at(venue: &Venue) -> Bystander {
        let subscriber = Recorder::subscribe(venue, "?stoks=WS-OTHER").await;
        Bystander { subscriber, line: Line::open(venue).await }
    }

    async fn is_served(&mut self) {
        let id = id_of(&self.line.place("WS-OTHER").await);
        assert_eq!(self.subscriber.text_of(&id).await, format!("{id} is PENDING"));
        assert_eq!(self.line.get(&format!("/orders/{id}")).await["quantity"], 7);
    }
}

/// Sends these bytes; the connection must be closed with this code, and end.
async fn closes_with(case: String, bytes: Vec<u8>, code: u16) {
    let mut socket = RawSocket::open(venue(), "").await;
    socket.send(&bytes).await;
    assert_eq!(socket.close_code().await, Some(code), "{case}");
    // The rest of the closing handshake; a server that has gone already is right as well.
    let _ = socket.stream.write_all(&close(code, "")).await;
    in_time(&case, socket.end()).await;
}

async fn each_closes_with(code: u16, cases: Vec<(String, Vec<u8>)>) {
    let mut bystander = Bystander::at(venue()).await;
    let running = join_all(cases.into_iter().map(|(case, bytes)| closes_with(case, bytes, code)));
    tokio::join!(running, bystander.is_served());
    bystander.is_served().await;
}

/// A frame without a mask, as only a server may send it.
fn unmasked(first: u8, payload: &str) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("it is short");
    [&[first, length], payload.as_bytes()].concat()
}

#[everywhere]
async fn a_protocol_error_closes_with_1002() {
    let text = FIN | TEXT;
    let mut cases = vec![
        ("an unmasked text".to_owned(), unmasked(text, "hello")),
        ("an unmasked ping".to_owned(), unmasked(FIN | PING, "")),
        ("an unmasked close".to_owned(), unmasked(FIN | CLOSE, "")),
        ("an unmasked continuation".to_owned(), [frame(TEXT, "a"), unmasked(FIN, "b")].concat()),
        ("RSV on a continuation".to_owned(), [frame(TEXT, "a"), frame(FIN | RSV1, "b")].concat()),
        ("RSV on a ping".to_owned(), frame(FIN | RSV1 | PING, "")),
        ("a continuation of nothing".to_owned(), frame(FIN | CONTINUATION, "a")),
        ("a first fragment that continues nothing".to_owned(), frame(CONTINUATION, "a")),
        ("a continuation after the end".to_owned(), [frame(TEXT, "a"), frame(FIN, "b"), frame(FIN, "c")].concat()),
        ("a text within a text".to_owned(), [frame(TEXT, "a"), frame(text, "b")].concat()),
        ("a binary within a text".to_owned(), [frame(TEXT, "a"), frame(FIN | BINARY, "b")].concat()),
        ("a fragmented ping".to_owned(), frame(PING, "a")),
        ("a fragmented pong".to_owned(), frame(PONG, "a")),
        ("a fragmented close".to_owned(), frame(CLOSE, "")),
        ("a ping of 126 bytes".to_owned(), frame(FIN | PING, [b'a'; 126])),
        ("a pong of 65536 bytes".to_owned(), frame(FIN | PONG, [b'a'; MAX])),
        ("a close of 126 bytes".to_owned(), close(1000, [b'a'; 124])),
        ("a close of one byte".to_owned(), frame(FIN | CLOSE, [3])),
        ("125 bytes with a length in 2".to_owned(), [&[0x82, 0x80 | 126, 0, 125], &[0; 4 + 125][..]].concat()),
        ("no bytes with a length in 2".to_owned(), [0x82, 0x80 | 126, 0, 0, 0, 0, 0, 0].to_vec()),
        ("126 bytes with a length in 8".to_owned(), [&[0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 126], &[0; 130][..]].concat()),
        ("a length of 2^63".to_owned(), [0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].to_vec()),
        ("a request".to_owned(), b"GET /orders HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()),
    ];
    for rsv in [0x10, 0x20, 0x40, 0x70] {
        cases.push((format!("RSV {rsv:#x} on a text"), frame(text | rsv, "hello")));
        cases.push((format!("RSV {rsv:#x} on a close"), frame(FIN | CLOSE | rsv, "")));
    }
    for opcode in (0x3..=0x7).chain(0xb..=0xf) {
        cases.push((format!("opcode {opcode:#x}"), frame(FIN | opcode, "")));
        cases.push((
            format!("opcode {opcode:#x} within a message"),
            [frame(TEXT, "a"), frame(FIN | opcode, "b")].concat(),
        ));
    }
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] {
        cases.push((format!("a close with {code}"), close(code, "")));
        cases.push((format!("a close with {code} and a reason"), close(code, "why")));
    }
    each_closes_with(1002, cases).await;
}

#[everywhere]
async fn text_that_is_not_utf_8_closes_with_1007() {
    let bad: [(&str, &[u8]); 8] = [
        ("a byte that never occurs", b"abc\xff"),
        ("a continuation byte alone", b"\x80abc"),
        ("an overlong slash", b"\xc0\xaf"),
        ("an overlong of three", b"\xe0\x80\xaf"),
        ("a surrogate", b"\xed\xa0\x80"),
        ("above U+10FFFF", b"\xf4\x90\x80\x80"),
        ("five bytes", b"\xf8\x88\x80\x80\x80"),
        ("cut off at the end", "caf\u{e9}".as_bytes().split_last().expect("it is not empty").1),
    ];
    let mut cases = Vec::new();
    for (case, text) in bad {
        cases.push((case.to_owned(), frame(FIN | TEXT, text)));
        cases.push((format!("{case}, as a close's reason"), close(1000, text)));
        for at in 0..text.len() {
            let fragments =
                [frame(TEXT, &text[..at]), frame(FIN | PING, "between"), frame(0, ""), frame(FIN, &text[at..])]
                    .concat();
            cases.push((format!("{case}, broken at {at}"), fragments));
        }
    }
    let late = [&[b'a'; MAX - 1][..], b"\xff"].concat();
    cases.push(("the last byte of many".to_owned(), frame(FIN | TEXT, late)));
    each_closes_with(1007, cases).await;
}

#[everywhere]
async fn a_message_above_64_kib_closes_with_1009() {
    let half = [b'a'; MAX / 2];
    let mut cases = vec![
        ("a text of one more".to_owned(), frame(FIN | TEXT, [b'a'; MAX + 1])),
        ("a binary of one more".to_owned(), frame(FIN | BINARY, [0xff; MAX + 1])),
        ("two fragments and a byte".to_owned(), [frame(TEXT, half), frame(0, half), frame(FIN, "a")].concat()),
        (
            "with pings between".to_owned(),
            [frame(BINARY, half), frame(FIN | PING, "p"), frame(0, half), frame(0, ""), frame(FIN, "a")].concat(),
        ),
        ("a fragment, and a declared rest".to_owned(), [frame(TEXT, "a"), header(FIN, MAX as u64)].concat()),
        (
            "many fragments of one byte".to_owned(),
            [frame(TEXT, "a"), frame(0, "a").repeat(MAX), frame(FIN, "")].concat(),
        ),
    ];
    for (name, length) in [("64 KiB + 1", MAX as u64 + 1), ("2^32", 1 << 32), ("2^62", 1 << 62), ("2^63 - 1", !0 >> 1)]
    {
        // At once: nobody waits for what will never come.
        cases.push((format!("{name} bytes, declared only"), header(FIN | BINARY, length)));
        cases.push((format!("{name} bytes of a fragment, declared only"), header(TEXT, length)));
    }
    each_closes_with(1009, cases).await;
}

#[everywhere]
async fn a_message_of_64_kib_exactly_is_read_and_ignored() {
    let mut bystander = Bystander::at(venue()).await;
    let euros = "\u{20ac}".repeat(MAX / 3) + "a";
    assert_eq!(euros.len(), MAX);
    let cases = [
        ("a text", frame(FIN | TEXT, [b'a'; MAX])),
        ("a text of long characters", frame(FIN | TEXT, &euros)),
        ("a binary", frame(FIN | BINARY, [0xff; MAX])),
        ("two fragments", [frame(TEXT, [b'a'; MAX / 2]), frame(FIN, [b'a'; MAX / 2])].concat()),
        ("fragments that split characters", {
            let pieces: Vec<u8> = euros.as_bytes().chunks(1000).flat_map(|piece| frame(0, piece)).collect();
            [frame(TEXT, ""), pieces, frame(FIN, "")].concat()
        }),
        ("an empty text", frame(FIN | TEXT, "")),
        ("an empty fragmented binary", [frame(BINARY, ""), frame(0, ""), frame(FIN, "")].concat()),
    ];
    let mut socket = RawSocket::open(venue(), "?stoks=WS-64K").await;
    for (case, bytes) in cases {
        // Twice: the second one begins at nought again.
        socket.send([&bytes[..], &bytes, &frame(FIN | PING, case)].concat()).await;
        assert_eq!(String::from_utf8(socket.pong().await).expect("the case's name"), case);
    }
    let id = id_of(&bystander.line.place("WS-64K").await);
    assert_eq!(socket.text().await, format!("{id} is PENDING"), "it is still subscribed");
    bystander.is_served().await;
}

#[everywhere]
async fn what_a_client_says_is_ignored_and_answered_by_nothing() {
    let mut bystander = Bystander::at(venue()).await;
    let mut line = Line::open(venue()).await;
    let order = id_of(&line.place_long("WS-SAYS").await);
    let mut socket = RawSocket::open(venue(), "?stoks=WS-SAYS").await;
    let orders = [
        format!("DELETE /orders/{order}"),
        format!(r#"{{"action": "cancel", "id": "{order}"}}"#),
        format!("{order} is CANCELLED"),
        r#"{"stoks": "WS-SAYS", "quantity": 1}"#.to_owned(),
    ];
    for say in &orders {
        let (first, second) = say.split_at(say.len() / 2);
        let fragments =
            [frame(TEXT, first), frame(FIN | PING, "a"), frame(FIN | PONG, "b"), frame(FIN, second)].concat();
        socket.send([frame(FIN | TEXT, say), frame(FIN | BINARY, say), fragments].concat()).await;
        assert_eq!(socket.frame().await, Some(Frame { first: FIN | PONG, payload: b"a".to_vec() }));
    }
    assert_eq!(line.get(&format!("/orders/{order}")).await["status"], "PENDING");
    // The next thing that it is told is the next thing that happens.
    assert_eq!(line.cancel(&order).await, 204);
    assert_eq!(socket.text().await, format!("{order} is CANCELLED"));
    bystander.is_served().await;
}

#[everywhere]
async fn a_ping_is_answered_with_a_pong_of_the_same_payload() {
    let mut socket = RawSocket::open(venue(), "?stoks=WS-NONE").await;
    for payload in [&b""[..], b"x", b"\x00\xff\x80 any bytes", &[7; 125]] {
        socket.send(frame(FIN | PING, payload)).await;
        assert_eq!(socket.pong().await, payload);
    }
    // A byte at a time, and within a message.
    for byte in [frame(TEXT, "a"), frame(FIN | PING, "slow"), frame(FIN, "b"), frame(FIN | PING, "after")].concat() {
        socket.send([byte]).await;
    }
    assert_eq!(socket.pong().await, b"slow");
    assert_eq!(socket.pong().await, b"after");
}

#[everywhere]
async fn a_close_is_answered_with_a_close_of_the_same_code_and_the_connection_ends() {
    let mut bystander = Bystander::at(venue()).await;
    let codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
    let closing = codes.map(async |code| {
        for reason in ["", "bye", "\u{20ac}".repeat(41).as_str()] {
            let mut socket = RawSocket::open(venue(), "").await;
            socket.send(close(code, reason)).await;
            assert_eq!(socket.close_code().await, Some(code), "{reason}");
            assert_eq!(socket.frame().await, None, "nothing follows a close frame");
        }
    });
    join_all(closing).await;
    let mut socket = RawSocket::open(venue(), "").await;
    // What follows a close frame is not read any more.
    socket.send([frame(FIN | CLOSE, ""), unmasked(FIN | TEXT, "x"), frame(FIN | PING, "late")].concat()).await;
    let code = socket.close_code().await;
    assert!(matches!(code, Some(1000 | 1005)), "a close without a code: {code:?}");
    assert_eq!(socket.frame().await, None);
    bystander.is_served().await;
}

#[everywhere]
async fn a_flood_of_pings_holds_nobody_up_and_each_is_answered() {
    const PINGS: u32 = 30_000;
    let mut bystander = Bystander::at(venue()).await;
    let socket = RawSocket::open(venue(), "?stoks=WS-NONE").await;
    let (mut reader, mut writer) = socket.stream.into_split();
    let flood = async {
        for piece in 0..PINGS / 1000 {
            let pings = (piece * 1000..(piece + 1) * 1000).map(|n| frame(FIN | PING, n.to_be_bytes().repeat(25)));
            writer.write_all(&pings.collect::<Vec<_>>().concat()).await.expect("the server takes it, sooner or later");
        }
    };
    let reading = async {
        // At first the pongs are left lying.
        for _ in 0..5 {
            bystander.is_served().await;
        }
        let mut pong = [0; 102];
        for n in 0..PINGS {
            in_time("a pong", reader.read_exact(&mut pong)).await.expect("the connection stands");
            assert_eq!((pong[0], pong[1], &pong[2..6]), (FIN | PONG, 100, &n.to_be_bytes()[..]));
        }
    };
    tokio::join!(flood, reading);
    bystander.is_served().await;
}

#[everywhere]
async fn garbage_harms_nobody() {
    let mut bystander = Bystander::at(venue()).await;
    let one = async |seed| {
        let mut dice = Dice::seeded(seed);
        let mut socket = RawSocket::open(venue(), "").await;
        let len = 1 + dice.below(3000);
        let garbage = dice.bytes(len);
        if socket.stream.write_all(&garbage).await.is_err() || dice.below(2) == 0 {
            return socket.reset();
        }
        // It may wait for the rest of what it takes for a frame. It need not then, but it must be able to end.
        let _ = socket.stream.shutdown().await;
        in_time("the end", async {
            while let Some(frame) = socket.frame_at_last().await {
                if frame.first & 0xf == CLOSE {
                    assert!(matches!(frame.close_code(), 1000..=1002 | 1007 | 1009 | 3000..=4999), "{frame:?}");
                }
            }
        })
        .await;
    };
    tokio::join!(join_all((0..100).map(one)), bystander.is_served());
    bystander.is_served().await;
}

#[tokio::test]
async fn a_client_that_goes_away_in_any_manner_is_forgotten() {
    let venue = own_venue(|_| {});
    let mut bystander = Bystander::at(&venue).await;
    let starts: [Vec<u8>; 5] = [
        Vec::new(),
        frame(FIN | TEXT, "a whole message"),
        header(FIN | TEXT, 1000),
        [&frame(TEXT, "a fragment")[..], &[FIN]].concat(),
        vec![FIN | PING],
    ];
    let mut half_closed = Vec::new();
    for start in &starts {
        let mut socket = RawSocket::open(venue.addr, "?format=json&since=0").await;
        socket.send(start).await;
        socket.reset();
        let mut socket = RawSocket::open(venue.addr, "").await;
        socket.send(start).await;
        drop(socket);
        let mut socket = RawSocket::open(venue.addr, "").await;
        socket.send(start).await;
        socket.stream.shutdown().await.expect("the client may close its half");
        half_closed.push(socket);
    }
    bystander.is_served().await;
    for mut socket in half_closed {
        socket.end().await;
    }
    until("only the bystander is left", async || (figures::subscribers(venue.addr).await == 1).then_some(())).await;
    bystander.is_served().await;
}

#[tokio::test]
async fn a_subscriber_that_was_closed_for_a_breach_is_counted_and_forgotten() {
    let venue = own_venue(|_| {});
    let mut bystander = Bystander::at(&venue).await;
    bystander.is_served().await;
    let flaws = [unmasked(FIN | TEXT, "x"), frame(FIN | TEXT, b"\xff"), header(FIN | TEXT, 1 << 62)];
    join_all(flaws.map(async |bytes| {
        // It does not answer the close frame, and does not go.
        let mut socket = RawSocket::open(venue.addr, "").await;
        socket.send(bytes).await;
        assert!(socket.close_code().await.is_some());
        socket.end().await;
    }))
    .await;
    until("only the bystander is left", async || (figures::subscribers(venue.addr).await == 1).then_some(())).await;
    assert_eq!(figures::dropped(venue.addr, "protocol_error").await, 3);
    bystander.is_served().await;
}

/// Sends the same again and again and never reads, until the server takes no more or 12 MB are sent.
async fn flood(mut socket: RawSocket, bytes: &[u8]) -> RawSocket {
    for _ in 0..12_000_000 / bytes.len() {
        let sent = tokio::time::timeout(Duration::from_millis(500), socket.stream.write_all(bytes)).await;
        if !matches!(sent, Ok(Ok(()))) {
            break;
        }
    }
    socket
}

#[tokio::test]
async fn neither_a_declared_length_nor_a_flood_of_pings_costs_memory() {
    const CLIENTS: u64 = 16;
    let server = spawned(&[]);
    let before = server.memory();
    let flooding = (0..CLIENTS).map(async |client| {
        let mut socket = RawSocket::open(server.addr, "").await;
        if client % 2 == 0 {
            socket.send(header(FIN | BINARY, 1 << 62)).await;
            flood(socket, &[0; 64 * 1024]).await
        } else {
            flood(socket, &frame(FIN | PING, [b'p'; 125]).repeat(500)).await
        }
    });
    let sockets = join_all(flooding).await;
    let grown = server.memory().saturating_sub(before);
    // 1 MiB each, and some for what any process takes at first use.
    assert!(grown < (CLIENTS + 8) << 20, "{CLIENTS} clients cost {} KiB", grown >> 10);
    drop(sockets);
}

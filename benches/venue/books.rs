//! What it costs to tell many subscribers of a book as it changes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{LocalSet, spawn_local};

use super::process::{Bench, Server, median, percentile};
use super::subscriber::{now_us, subscribe_to};

const SUBSCRIBERS: usize = 500;
const CHANGES_A_SECOND: u32 = 200;
const SECONDS: u32 = 15;
/// Orders that rest, each at a price of its own. A change is a new quantity of one of them, which no other has.
const ORDERS: u32 = 20;

/// What all subscribers saw.
#[derive(Default)]
struct Seen {
    frames: Cell<u64>,
    /// When each quantity was asked for, in microseconds since 1970.
    asked: RefCell<HashMap<u64, i64>>,
    /// How late frames came after that, in milliseconds, by the second in which they came.
    late_ms: RefCell<BTreeMap<i64, Vec<f64>>>,
}

/// 500 subscribers of a book that changes 200 times a second: 100 000 frames a second.
pub fn many_followers(bench: &mut Bench) {
    let server = Server::start(&["--market", "none", "--delay", "none"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seen = Rc::new(Seen::default());
    let cpu = LocalSet::new().block_on(&runtime, async {
        let mut line = TcpStream::connect(server.addr).await.expect("the server accepts");
        let mut orders = Vec::new();
        for order in 0..ORDERS {
            let price = format!("1.05{order:03}");
            let terms = format!(r#""type": "limit", "limit_price": "{price}", "qty": 1"#);
            let reply = ask(&mut line, "POST", "/orders", &format!(r#"{{"stoks": "EURUSD", {terms}}}"#)).await;
            orders.push(super::posts::field(&reply, "id").to_owned());
        }
        for _ in 0..SUBSCRIBERS {
            let stream = subscribe_to(server.addr, "?format=json&channels=book&symbols=EURUSD").await;
            spawn_local(read_frames(stream, Rc::clone(&seen)));
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        seen.frames.set(0);
        let before = server.cpu();
        change_steadily(server.addr, &orders, &seen).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.cpu() - before
    });
    let (frames, changes) = (seen.frames.get(), u64::from(CHANGES_A_SECOND * SECONDS));
    let expected = changes * SUBSCRIBERS as u64;
    let what = "500 subscribers of a book, 200 changes/s: frames delivered";
    // Two changes within a moment may come as one.
    bench.result(what, &format!("{frames} of {expected}"), ">= 95 %", frames * 100 >= expected * 95);
    let per_second = frames as f64 / cpu.as_secs_f64();
    bench.result("  frames per server CPU-second", &format!("{per_second:.0}"), ">= 300000", per_second >= 3e5);
    let p99 = median(seen.late_ms.borrow_mut().values_mut().map(|late_ms| percentile(late_ms, 0.99)).collect());
    bench.result("  asked to received, p99", &format!("{p99:.1} ms"), "<= 50 ms", p99 <= 50.0);
}

/// Changes the quantities in turn, evenly, whether the replies are there or not.
async fn change_steadily(addr: SocketAddr, orders: &[String], seen: &Seen) {
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.push(TcpStream::connect(addr).await.expect("the server accepts"));
    }
    let (started, every) = (Instant::now(), Duration::from_secs(1) / CHANGES_A_SECOND);
    let changing = lines.iter_mut().enumerate().map(|(first, line)| async move {
        for number in (first as u32..CHANGES_A_SECOND * SECONDS).step_by(4) {
            tokio::time::sleep_until((started + every * number).into()).await;
            let qty = u64::from(1_000 + number);
            seen.asked.borrow_mut().insert(qty, now_us());
            let order = &orders[number as usize % orders.len()];
            ask(line, "PATCH", &format!("/orders/{order}"), &format!(r#"{{"qty": {qty}}}"#)).await;
        }
    });
    futures_util::future::join_all(changing).await;
}

async fn ask(line: &mut TcpStream, method: &str, path: &str, body: &str) -> String {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    line.write_all(format!("{head}{body}").as_bytes()).await.expect("the server reads");
    let mut reply = String::new();
    while !reply.ends_with('}') {
        let mut more = vec![0; 4096];
        let read = line.read(&mut more).await.expect("the server answers");
        assert!(read > 0, "the server has gone");
        reply.push_str(&String::from_utf8_lossy(&more[..read]));
    }
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    reply
}

/// Reads frames until the server closes.
async fn read_frames(mut stream: TcpStream, seen: Rc<Seen>) {
    let mut buffer = Vec::with_capacity(64 * 1024);
    while stream.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        let (now, mut rest) = (now_us(), &buffer[..]);
        while let Some((frame, after)) = split_frame(rest) {
            if !frame.is_empty() {
                note(frame, now, &seen);
            }
            rest = after;
        }
        let parsed = buffer.len() - rest.len();
        buffer.drain(..parsed);
    }
}

fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, head) = match *bytes.get(1)? {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        len => (usize::from(len), 2),
    };
    Some((bytes.get(head..head + len)?, &bytes[head + len..]))
}

/// Notes how late the first size is that it tells: `"bids":[["1.05000","1234"]`.
fn note(frame: &[u8], now: i64, seen: &Seen) {
    seen.frames.set(seen.frames.get() + 1);
    const BEFORE: &[u8] = br#""bids":[["1.05000",""#;
    let begins = frame.windows(8).position(|part| part == b"\"bids\":[").map(|at| at + BEFORE.len());
    let digits = begins.and_then(|begins| frame.get(begins..)).unwrap_or_default();
    let qty = digits
        .iter()
        .take_while(|digit| digit.is_ascii_digit())
        .fold(0, |qty, digit| qty * 10 + u64::from(digit - b'0'));
    if let Some(asked) = seen.asked.borrow().get(&qty) {
        seen.late_ms.borrow_mut().entry(now / 1_000_000).or_default().push((now - asked) as f64 / 1e3);
    }
}

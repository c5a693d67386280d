//! Subscribers that read frames as cheaply as can be, and note when each order's EXECUTED came.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What all subscribers of a run saw.
#[derive(Default)]
pub struct Seen {
    /// Frames received, over all subscribers.
    pub frames: Cell<u64>,
    /// When each order was due, in microseconds since 1970, by the first half of its id.
    pub due: RefCell<HashMap<u64, i64>>,
    /// How late EXECUTED frames came after their due time, in milliseconds, by the second in which they came.
    pub late_ms: RefCell<BTreeMap<i64, Vec<f64>>>,
}

/// Opens a WebSocket and returns it when the 101 is there.
pub async fn subscribe(addr: SocketAddr) -> TcpStream {
    subscribe_to(addr, "").await
}

/// The same with a query.
pub async fn subscribe_to(addr: SocketAddr, query: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.expect("the server accepts");
    let request = format!(
        "GET /ws{query} HTTP/1.1\r\nHost: {addr}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut reply = Vec::new();
    while !reply.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.expect("the server answers");
        reply.push(byte);
    }
    assert!(reply.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&reply));
    stream
}

/// Reads frames until the server closes.
pub async fn read_frames(mut stream: TcpStream, seen: Rc<Seen>) {
    let mut buffer = Vec::with_capacity(64 * 1024);
    while stream.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        let now = now_us();
        let mut rest = &buffer[..];
        while let Some((frame, after)) = split_frame(rest) {
            note(frame, now, &seen);
            rest = after;
        }
        let parsed = buffer.len() - rest.len();
        buffer.drain(..parsed);
    }
}

fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = usize::from(*bytes.get(1)?);
    assert!(len <= 125, "text announcements are short");
    let frame = bytes.get(2..2 + len)?;
    Some((frame, &bytes[2 + len..]))
}

fn note(frame: &[u8], now: i64, seen: &Seen) {
    if frame.is_empty() {
        return; // a ping
    }
    seen.frames.set(seen.frames.get() + 1);
    if frame.ends_with(b"EXECUTED")
        && let Some(due) = seen.due.borrow().get(&key(frame))
    {
        seen.late_ms.borrow_mut().entry(now / 1_000_000).or_default().push((now - due) as f64 / 1e3);
    }
}

/// The first eight hexadecimal digits of an id, as they stand.
pub fn key(id: &[u8]) -> u64 {
    u64::from_le_bytes(id[..8].try_into().expect("an id is longer"))
}

/// Now, in microseconds since 1970: the wall clock, as a client of another machine would use.
pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    since.as_micros() as i64
}

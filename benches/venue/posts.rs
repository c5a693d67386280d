//! A client that places orders: raw bytes over kept-alive connections, so that it is never what is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a client asks for, again and again.
#[derive(Clone, Copy)]
pub struct Asks<'a> {
    pub path: &'a str,
    pub body: &'a str,
    /// How a reply ends that is whole.
    pub end: &'a [u8],
}

/// A native order.
pub const NATIVE: Asks<'static> = Asks { path: "/orders", body: r#"{"stoks": "EURUSD", "quantity": 123}"#, end: b"}" };

/// A kept-alive connection.
pub struct Poster {
    stream: TcpStream,
    request: Vec<u8>,
    end: Vec<u8>,
    reply: Vec<u8>,
}

impl Poster {
    pub async fn connect(addr: SocketAddr) -> Poster {
        Poster::asking(addr, NATIVE).await
    }

    pub async fn asking(addr: SocketAddr, Asks { path, body, end }: Asks<'_>) -> Poster {
        let stream = TcpStream::connect(addr).await.expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP option");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {addr}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Poster { stream, request: request.into_bytes(), end: end.to_vec(), reply: Vec::with_capacity(1024) }
    }

    /// Places an order; returns the reply's JSON.
    pub async fn post(&mut self) -> &str {
        self.stream.write_all(&self.request).await.expect("the server reads");
        self.reply.clear();
        loop {
            let read = self.stream.read_buf(&mut self.reply).await.expect("the server answers");
            assert!(read > 0, "the server closed");
            if self.reply.ends_with(&self.end) {
                break;
            }
        }
        let reply = std::str::from_utf8(&self.reply).expect("a reply is text");
        assert!(reply.starts_with("HTTP/1.1 20"), "{reply}");
        reply.split_once("\r\n\r\n").expect("a reply has a body").1
    }
}

/// Places `count` orders over some connections, as fast as the server answers.
pub async fn place_many(addr: SocketAddr, connections: usize, count: usize) {
    let posting = (0..connections).map(|number| async move {
        let mut poster = Poster::connect(addr).await;
        for _ in (number..count).step_by(connections) {
            poster.post().await;
        }
    });
    futures_util::future::join_all(posting).await;
}

/// Places `rate` orders a second for some time, evenly, over some connections: a reply that takes long delays none but
/// the next on its own connection. Calls `placed` with each reply.
pub async fn place_steadily(addr: SocketAddr, rate: u32, time: Duration, placed: impl Fn(&str)) -> usize {
    const CONNECTIONS: u32 = 16;
    let started = Instant::now();
    let count = rate * time.as_secs() as u32;
    let every = time / count;
    let posting = (0..CONNECTIONS).map(|connection| {
        let placed = &placed;
        async move {
            let mut poster = Poster::connect(addr).await;
            for number in (connection..count).step_by(CONNECTIONS as usize) {
                tokio::time::sleep_until((started + every * number).into()).await;
                placed(poster.post().await);
            }
        }
    });
    futures_util::future::join_all(posting).await;
    count as usize
}

/// The text of a string field of a flat JSON object.
pub fn field<'a>(json: &'a str, name: &str) -> &'a str {
    let after = json.split_once(&format!("\"{name}\":\"")).expect("the reply has this field").1;
    after.split_once('"').expect("a string ends").0
}

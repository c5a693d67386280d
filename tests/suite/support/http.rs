//! An HTTP/1.1 client that follows nothing, adds nothing and hides nothing.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::in_time;
use super::server::Base;

/// A request to be sent on a connection of its own.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    headers: String,
    body: Vec<u8>,
    has_length: bool,
}

impl Request {
    pub fn new(method: &str, path: &str) -> Request {
        let headers = "Host: localhost\r\nConnection: close\r\n".to_owned();
        Request { method: method.to_owned(), path: path.to_owned(), headers, body: Vec::new(), has_length: false }
    }

    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.has_length |=
            name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding");
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// The body; its length is declared unless a header says otherwise.
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Request {
        self.body = body.as_ref().to_vec();
        self
    }

    /// Sends it to a server, or to a venue, whose prefix its path gets; the reply.
    pub async fn send(self, to: impl Into<Base>) -> Reply {
        Reply::parse(&self.answer(to).await)
    }

    /// Sends it; all that comes back before the connection ends, and be it nothing.
    pub async fn answer(self, to: impl Into<Base>) -> Vec<u8> {
        let Base { addr, prefix } = to.into();
        answer_to(addr, &self.bytes_below(&prefix)).await
    }

    /// All of it, as it is sent to `main`.
    pub fn bytes(self) -> Vec<u8> {
        self.bytes_below("")
    }

    fn bytes_below(mut self, prefix: &str) -> Vec<u8> {
        if !self.has_length && !self.body.is_empty() {
            self.headers.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        let line = format!("{} {prefix}{} HTTP/1.1\r\n", self.method, self.path);
        let mut bytes = (line + &self.headers + "\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Sends these bytes and reads until the server closes.
pub async fn send_raw(addr: SocketAddr, bytes: &[u8]) -> Reply {
    Reply::parse(&answer_to(addr, bytes).await)
}

async fn answer_to(addr: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(addr).await.expect("the server accepts");
    // A server that has answered early may have closed: what it said is what counts.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = in_time("a reply", stream.read_to_end(&mut answer)).await;
    answer
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// As text, whatever it is.
    pub body: String,
    /// As it came.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// Reads a reply whose body ends with the connection.
    pub fn parse(answer: &[u8]) -> Reply {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no HTTP reply: {:?}", String::from_utf8_lossy(answer)));
        let (head, bytes) = (String::from_utf8_lossy(&answer[..end]), answer[end + 4..].to_vec());
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status line");
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Reply { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

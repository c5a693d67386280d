//! A client that asks one thing after the other.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client with one kept-alive connection.
pub struct Client {
    stream: TcpStream,
    addr: SocketAddr,
    reply: Vec<u8>,
}

impl Client {
    pub async fn connect(addr: SocketAddr) -> Client {
        let stream = TcpStream::connect(addr).await.expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP option");
        Client { stream, addr, reply: Vec::new() }
    }

    /// The reply's status and body.
    pub async fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\n\r\n{body}", self.addr);
        self.stream.write_all(request.as_bytes()).await.expect("the server reads");
        self.reply.clear();
        loop {
            let read = self.stream.read_buf(&mut self.reply).await.expect("the server answers");
            assert!(read > 0, "the server closed");
            let text = std::str::from_utf8(&self.reply).expect("a reply is text");
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if length.map_or(0, |length| length.parse().expect("a number")) == body.len() {
                let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
                return (status.expect("a status"), body.to_owned());
            }
        }
    }
}

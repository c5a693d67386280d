//! An HTTP connection that stays open and is pipelined: many orders in little time.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::Base;
use super::{Reply, in_time};

/// So many requests are sent before their replies are read: they fit into any socket's buffer.
const AT_A_TIME: usize = 64;

/// A keep-alive connection.
pub struct Line {
    stream: TcpStream,
    unread: Vec<u8>,
    /// What stands before each path that it asks for by itself.
    prefix: String,
}

impl Line {
    pub async fn open(at: impl Into<Base>) -> Line {
        let Base { addr, prefix } = at.into();
        let stream = TcpStream::connect(addr).await.expect("the server accepts");
        stream.set_nodelay(true).expect("the socket takes the option");
        Line { stream, unread: Vec::new(), prefix }
    }

    /// Places an order and returns it.
    pub async fn place(&mut self, stoks: &str) -> Value {
        self.place_many(stoks, 1).await.remove(0)
    }

    /// Places an order that stays pending for long.
    pub async fn place_long(&mut self, stoks: &str) -> Value {
        self.send(&self.post(stoks, "long-pending: 1\r\n")).await;
        self.order().await
    }

    /// Places so many orders and returns them.
    pub async fn place_many(&mut self, stoks: &str, count: usize) -> Vec<Value> {
        let request = self.post(stoks, "");
        let mut orders = Vec::with_capacity(count);
        while orders.len() < count {
            let now = AT_A_TIME.min(count - orders.len());
            self.send(&request.repeat(now)).await;
            for _ in 0..now {
                orders.push(self.order().await);
            }
        }
        orders
    }

    /// Cancels an order; returns the status of the reply.
    pub async fn cancel(&mut self, id: &str) -> u16 {
        self.send(&format!("DELETE {}/orders/{id} HTTP/1.1\r\nHost: localhost\r\n\r\n", self.prefix)).await;
        self.reply().await.status
    }

    pub async fn get(&mut self, path: &str) -> Value {
        self.send(&format!("GET {}{path} HTTP/1.1\r\nHost: localhost\r\n\r\n", self.prefix)).await;
        let reply = self.reply().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("the server takes it");
    }

    /// Sends to a server that may have closed.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// The next reply, to its declared length; one without is taken to have no body.
    pub async fn reply(&mut self) -> Reply {
        self.try_reply().await.expect("the server does not close a connection that is kept alive")
    }

    /// The next reply; `None` where the connection ends first.
    pub async fn try_reply(&mut self) -> Option<Reply> {
        loop {
            if let Some(end) = self.unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = Reply::parse(&self.unread[..end + 4]);
                let length = head.header("content-length").map_or(0, |length| length.parse().expect("a number"));
                if self.unread.len() >= end + 4 + length {
                    let rest = self.unread.split_off(end + 4 + length);
                    return Some(Reply::parse(&std::mem::replace(&mut self.unread, rest)));
                }
            }
            let mut more = [0; 16 * 1024];
            match in_time("a reply", self.stream.read(&mut more)).await {
                Ok(0) | Err(_) => return None,
                Ok(len) => self.unread.extend_from_slice(&more[..len]),
            }
        }
    }

    async fn order(&mut self) -> Value {
        let reply = self.reply().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    fn post(&self, stoks: &str, header: &str) -> String {
        let body = format!(r#"{{"stoks": "{stoks}", "quantity": 7}}"#);
        let (prefix, length) = (&self.prefix, body.len());
        let head = format!("POST {prefix}/orders HTTP/1.1\r\nHost: localhost\r\n{header}");
        format!("{head}Content-Length: {length}\r\n\r\n{body}")
    }
}

//! A WebSocket client that hides nothing and forbids nothing: it sends any bytes, and shows each frame as it came.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::server::Base;
use super::{PATIENCE, Reply, in_its_time, in_time};

pub const FIN: u8 = 0x80;
pub const CONTINUATION: u8 = 0x0;
pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const PONG: u8 = 0xa;

/// The key of RFC 6455 section 1.3, and what the server must make of it.
pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// FIN, RSV and opcode.
    pub first: u8,
    pub payload: Vec<u8>,
}

impl Frame {
    pub fn is_text(&self) -> bool {
        self.first == FIN | TEXT
    }

    pub fn text(&self) -> &str {
        assert!(self.is_text(), "{self:?}");
        std::str::from_utf8(&self.payload).expect("a text is UTF-8")
    }

    /// The code of a close frame; 1005 where it has none (RFC 6455 section 7.1.5).
    pub fn close_code(&self) -> u16 {
        assert_eq!(self.first, FIN | CLOSE, "{self:?}");
        self.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code))
    }
}

pub struct RawSocket {
    pub stream: TcpStream,
    unread: Vec<u8>,
}

impl RawSocket {
    pub async fn open(at: impl Into<Base>, query: &str) -> RawSocket {
        let base = at.into();
        let stream = TcpStream::connect(base.addr).await.expect("the server accepts");
        RawSocket::shake_hands(stream, &base.request(&handshake(query))).await
    }

    /// One whose kernel buffers hardly anything for it.
    pub async fn open_narrow(addr: SocketAddr, query: &str) -> RawSocket {
        let socket = TcpSocket::new_v4().expect("the machine has sockets");
        socket.set_recv_buffer_size(4 * 1024).expect("the socket takes the option");
        let stream = socket.connect(addr).await.expect("the server accepts");
        RawSocket::shake_hands(stream, &handshake(query)).await
    }

    async fn shake_hands(mut stream: TcpStream, request: &str) -> RawSocket {
        stream.set_nodelay(true).expect("the socket takes the option");
        stream.write_all(request.as_bytes()).await.expect("the server takes it");
        let (reply, unread) = read_head(&mut stream).await;
        assert_eq!(reply.status, 101, "{reply:?}");
        RawSocket { stream, unread }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("the server takes it");
    }

    /// The next frame; `None` where the connection ends first.
    pub async fn frame(&mut self) -> Option<Frame> {
        in_its_time("a frame", self.frame_at_last()).await
    }

    /// The next frame, however long it takes.
    pub async fn frame_at_last(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.buffered() {
                return Some(frame);
            }
            if !self.read_at_most(16 * 1024).await {
                return None;
            }
        }
    }

    /// The next frame of what has come by now; the connection must stand.
    pub async fn frame_by_now(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.buffered() {
                return Some(frame);
            }
            // Not `now_or_never`: tokio must get the chance to notice what has come.
            match tokio::time::timeout(std::time::Duration::from_millis(300), self.read_at_most(16 * 1024)).await {
                Ok(stands) => assert!(stands, "the connection has ended"),
                Err(_) => return None,
            }
        }
    }

    /// The next frame that was read already.
    pub fn buffered(&mut self) -> Option<Frame> {
        let (&[first, second], rest) = self.unread.split_first_chunk()?;
        assert_eq!(second & 0x80, 0, "a server does not mask");
        let (length, header) = match second {
            127 => (usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).expect("it fits"), 10),
            126 => (usize::from(u16::from_be_bytes(*rest.first_chunk()?)), 4),
            short => (usize::from(short), 2),
        };
        if self.unread.len() < header + length {
            return None;
        }
        let payload = self.unread[header..header + length].to_vec();
        self.unread.drain(..header + length);
        Some(Frame { first, payload })
    }

    /// Reads once, so many bytes at most; returns whether the connection still stands.
    pub async fn read_at_most(&mut self, len: usize) -> bool {
        let mut more = vec![0; len];
        match self.stream.read(&mut more).await {
            Ok(0) | Err(_) => false,
            Ok(len) => {
                self.unread.extend_from_slice(&more[..len]);
                true
            }
        }
    }

    /// The next text.
    pub async fn text(&mut self) -> String {
        loop {
            let frame = self.frame().await.expect("the connection stands");
            if frame.first != FIN | PING {
                return frame.text().to_owned();
            }
        }
    }

    /// The next text that speaks of this order.
    pub async fn text_of(&mut self, id: &str) -> String {
        loop {
            let text = self.text().await;
            if text.contains(id) {
                return text;
            }
        }
    }

    /// The next pong.
    pub async fn pong(&mut self) -> Vec<u8> {
        loop {
            let frame = self.frame().await.expect("the connection stands");
            if frame.first == FIN | PONG {
                return frame.payload;
            }
            assert!(frame.is_text() || frame.first == FIN | PING, "{frame:?}");
        }
    }

    /// Reads on to a close frame; its code, or `None` where the connection ends without.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            let frame = self.frame().await?;
            if frame.first & 0xf == CLOSE {
                return Some(frame.close_code());
            }
        }
    }

    /// Reads on until the server ends the connection; nothing but the rest of what it said may come.
    pub async fn end(&mut self) {
        while let Some(frame) = self.frame().await {
            assert_ne!(frame.first & 0xf, CLOSE, "a second close frame: {frame:?}");
        }
    }

    /// Ends the connection with a reset.
    pub fn reset(self) {
        socket2::SockRef::from(&self.stream).set_linger(Some(std::time::Duration::ZERO)).expect("the socket takes it");
    }
}

/// The request of a handshake that is in order.
pub fn handshake(query: &str) -> String {
    format!(
        "GET /ws{query} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
    )
}

/// Sends this request and reads the reply, whether the server closes after it or not; the body of a 101 is whatever
/// came with it.
pub async fn ask(at: impl Into<Base>, request: &str) -> Reply {
    let base = at.into();
    let mut stream = TcpStream::connect(base.addr).await.expect("the server accepts");
    stream.write_all(base.request(request).as_bytes()).await.expect("the server takes it");
    let (head, mut body) = read_head(&mut stream).await;
    let has_body = !request.starts_with("HEAD") && head.status != 101;
    let length =
        head.header("content-length").filter(|_| has_body).map_or(0, |length| length.parse().expect("a number"));
    while body.len() < length {
        let read = in_time("a body", stream.read_buf(&mut body)).await.expect("the server finishes its reply");
        assert_ne!(read, 0, "the body breaks off");
    }
    Reply { body: String::from_utf8_lossy(&body).into_owned(), ..head }
}

/// A reply's head, and what was read after it.
async fn read_head(stream: &mut TcpStream) -> (Reply, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return (Reply::parse(&bytes), rest);
        }
        let read = in_time("a reply", stream.read_buf(&mut bytes)).await.expect("a reply");
        assert_ne!(read, 0, "the server closed within {PATIENCE:?} without a reply");
    }
}

/// A frame as a client sends it. `first` is FIN, RSV and opcode.
pub fn frame(first: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    let payload = payload.as_ref();
    let mut bytes = header(first, payload.len() as u64);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// The header of a masked frame, in the shortest encoding.
pub fn header(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match length {
        0..126 => bytes.push(0x80 | length.to_le_bytes()[0]),
        126..0x1_0000 => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&length.to_be_bytes()[6..]);
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&length.to_be_bytes());
        }
    }
    bytes.extend_from_slice(&MASK);
    bytes
}

/// A close frame as a client sends it.
pub fn close(code: u16, reason: impl AsRef<[u8]>) -> Vec<u8> {
    frame(FIN | CLOSE, [&code.to_be_bytes(), reason.as_ref()].concat())
}

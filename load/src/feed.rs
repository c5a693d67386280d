//! A subscriber of `/ws`: hears how orders end.
//!
//! Owns the WebSocket handshake and the reading of plain text frames; pings are
//! answered by the WebSocket library while frames are read. Knows nothing of
//! which orders are whose: `closed` and `open` pick out their own.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};

use super::clock;
use super::failure::Failure;
use super::frame::{End, OrderId, end_of};
use super::target::{CONNECT_LIMIT, Server};

/// How long a farewell waits for the server's own.
const LEAVE_LIMIT: Duration = Duration::from_secs(1);

/// One subscription.
pub(super) struct Feed {
    socket: WebSocketStream<TcpStream>,
}

impl Feed {
    /// Connects and subscribes; every change made after this returned is heard.
    ///
    /// `buffer` is how many bytes one read takes at most: small where there are
    /// many subscribers, large where one hears it all.
    pub(super) async fn subscribe(server: &Server, buffer: usize) -> Result<Self, Failure> {
        let stream = server.connect().await?;
        let request = format!("ws://{}/ws", server.authority).into_client_request().map_err(refused)?;
        let config = WebSocketConfig::default().read_buffer_size(buffer);
        let handshake = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
        let (socket, _) = clock::within(CONNECT_LIMIT, handshake)
            .await
            .ok_or_else(|| Failure::NoWebSocket("the handshake timed out".to_owned()))?
            .map_err(refused)?;
        Ok(Self { socket })
    }

    /// Waits for the next end of any order; drops every other frame on the way.
    ///
    /// Can be cancelled without losing a frame.
    pub(super) async fn next_end(&mut self) -> Result<(OrderId, End), Failure> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Some(end) = end_of(text.as_bytes()) {
                        return Ok(end);
                    }
                }
                Some(Ok(Message::Close(close))) => {
                    return Err(Failure::SocketClosed(close.map(|close| close.code.into())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Failure::SocketClosed(None)),
            }
        }
    }

    /// Reads and drops frames; returns only when the socket is closed.
    pub(super) async fn drain(&mut self) -> Failure {
        loop {
            if let Err(failure) = self.next_end().await {
                return failure;
            }
        }
    }

    /// Says goodbye, so that the server does not log a lost connection.
    pub(super) async fn leave(mut self) {
        let farewell = async {
            if self.socket.close(None).await.is_ok() {
                self.drain().await;
            }
        };
        clock::within(LEAVE_LIMIT, farewell).await;
    }
}

fn refused(error: Error) -> Failure {
    match error {
        Error::Http(reply) => Failure::Refused(reply.status().as_u16()),
        Error::Io(error) => Failure::NoConnection(error.kind().to_string()),
        // Its own words speak of a handshake that nobody at the keyboard made.
        Error::Protocol(ProtocolError::HandshakeIncomplete) => {
            Failure::NoWebSocket("the connection was closed during the handshake".to_owned())
        }
        other => Failure::NoWebSocket(other.to_string()),
    }
}

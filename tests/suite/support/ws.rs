//! A WebSocket subscriber.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::server::Base;
use super::{in_its_time, in_time};

/// A connected subscriber. Pings are answered while it reads.
pub struct Subscriber {
    pub socket: WebSocketStream<TcpStream>,
}

impl Subscriber {
    pub async fn connect(at: impl Into<Base>, query: &str) -> Subscriber {
        Subscriber::try_connect(at, query).await.expect("the handshake succeeds")
    }

    pub async fn try_connect(at: impl Into<Base>, query: &str) -> Result<Subscriber, Error> {
        let Base { addr, prefix } = at.into();
        Subscriber::connect_to(addr, &format!("{prefix}/ws{query}")).await
    }

    /// Connects to this path.
    pub async fn connect_to(addr: SocketAddr, path: &str) -> Result<Subscriber, Error> {
        let stream = TcpStream::connect(addr).await?;
        let (socket, _) = client_async(format!("ws://{addr}{path}"), stream).await?;
        Ok(Subscriber { socket })
    }

    /// The next text; anything else that ends the connection is a failure.
    pub async fn text(&mut self) -> String {
        loop {
            match in_its_time("an announcement", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => return text.to_string(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a text, got {other:?}"),
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

    /// The next text, read as JSON.
    pub async fn json(&mut self) -> Value {
        let text = self.text().await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    /// Reads on until the server closes; the frame that it closed with.
    pub async fn close_frame(&mut self) -> Option<CloseFrame> {
        loop {
            match in_time("a close frame", self.socket.next()).await {
                Some(Ok(Message::Close(frame))) => return frame,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("the server takes it");
    }
}

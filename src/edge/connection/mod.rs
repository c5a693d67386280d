//! The server's connections: how many there are, what each may send, and a handle on each that can end it from outside.
//!
//! [`Connections::take`] makes a [`Stream`] of every socket that was accepted, after its TLS handshake where there is
//! one; actix reads and writes through it. Knows bytes and heads; what a request asks for is not known here.

mod broken;
mod handshake;
mod head;
mod limits;
mod open;
mod promptness;
mod socket;
mod stream;

use std::net::Shutdown;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::SockRef;
use tradepit_actors::Disconnect;

pub(crate) use self::broken::Reason;
use self::handshake::{Failed, shake};
pub(crate) use self::limits::{DISCONNECT_WITHIN, EXCUSED_AFTER};
pub(crate) use self::open::Connections;
pub(crate) use self::promptness::Promptness;
use self::socket::Socket;
pub(crate) use self::stream::Stream;
use crate::edge::refusal::Refusal;
use crate::edge::tls::Tls;

/// What requests know of their connection. Lives in the connection's own data: dropped with it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// A second descriptor of the socket. Whoever else wants it holds a [`Weak`]: the socket must close with its
    /// connection.
    socket: Option<Rc<socket2::Socket>>,
    promptness: Rc<Promptness>,
}

impl Connections {
    /// Counts a new connection, and takes its handshake where TLS is spoken; there is none where that came to nothing.
    /// One too many is told so and closed; nothing of what it asks is read.
    pub(crate) async fn take(self: &Arc<Self>, max: usize, tcp: TcpStream, tls: Option<&Tls>) -> Option<Stream> {
        let (place, is_full) = self.place(max);
        let socket = match tls {
            None => Socket::Plain(tcp),
            Some(tls) => match shake(tls, tcp).await {
                Ok(socket) => socket,
                Err(Failed::Other(tcp)) => {
                    self.broken.note(&Refusal::PlainHttp);
                    return Some(Stream::refused(Socket::Plain(tcp), place, Refusal::PlainHttp));
                }
                Err(failed) => {
                    self.broken.note_handshake(&failed);
                    if let Failed::Refused(_, tcp) = failed {
                        // What ends at once, with bytes unread, takes the alert along.
                        stream::leave(Socket::Plain(tcp), &[]).await;
                    }
                    return None;
                }
            },
        };
        Some(match is_full {
            false => Stream::open(socket, place),
            true => {
                let why = Refusal::Overloaded("The server has as many connections as it may have");
                Stream::refused(socket, place, why)
            }
        })
    }
}

/// Keeps a handle on a new connection where its requests find it.
pub(crate) fn on_connect(stream: &Stream, data: &mut Extensions) {
    if let Some(tcp) = stream.served() {
        let socket = SockRef::from(tcp).try_clone().ok().map(Rc::new);
        data.insert(Connection { socket, promptness: stream.promptness() });
    }
}

impl Connection {
    /// Whether its requests are handled in one go with what brings them.
    pub(crate) fn promptness(&self) -> &Rc<Promptness> {
        &self.promptness
    }

    /// A way to shut the socket from outside; does nothing once the connection is gone.
    pub(crate) fn disconnect(&self) -> Disconnect {
        let socket = self.socket.as_ref().map_or_else(Weak::new, Rc::downgrade);
        Box::new(move |how| {
            if let Some(socket) = socket.upgrade() {
                // It fails where the client was faster.
                let _ = socket.shutdown(how);
            }
        })
    }
}

/// Ends a connection whose body was given up, once the client had time to read why: actix would read on for as long as
/// the client goes on sending in chunks, or does not.
#[expect(clippy::disallowed_methods, reason = "a connection's own time limit")]
pub(crate) fn hang_up(connection: Option<&Connection>) {
    if let Some(connection) = connection {
        let disconnect = connection.disconnect();
        actix_web::rt::spawn(async move {
            tokio::time::sleep(DISCONNECT_WITHIN).await;
            disconnect(Shutdown::Both);
        });
    }
}

//! The server's connections: how many there are, what each may send, and a handle on each that can end it from outside.
//!
//! [`Connections::take`] makes a [`Stream`] of every socket that was accepted; actix reads and writes through it. Knows
//! bytes and heads; what a request asks for is not known here.

mod broken;
mod head;
mod limits;
mod open;
mod promptness;
mod stream;

use std::net::Shutdown;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};
use tradepit_actors::Disconnect;

pub(crate) use self::broken::Reason;
pub(crate) use self::limits::{DISCONNECT_WITHIN, EXCUSED_AFTER};
pub(crate) use self::open::Connections;
pub(crate) use self::promptness::Promptness;
pub(crate) use self::stream::Stream;
use crate::edge::refusal::Refusal;

/// What requests know of their connection. Lives in the connection's own data: dropped with it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// A second descriptor of the socket. Whoever else wants it holds a [`Weak`]: the socket must close with its
    /// connection.
    socket: Option<Rc<Socket>>,
    promptness: Rc<Promptness>,
}

impl Connections {
    /// Counts a new connection. One too many is told so and closed; nothing of what it asks is read.
    pub(crate) fn take(self: &Arc<Self>, max: usize, tcp: TcpStream) -> Stream {
        match self.place(max) {
            (place, false) => Stream::open(tcp, place),
            (place, true) => {
                let why = Refusal::Overloaded("The server has as many connections as it may have");
                Stream::refused(tcp, place, why)
            }
        }
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

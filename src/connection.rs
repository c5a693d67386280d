//! The server's connections: how many there are, and a handle on each that can end it from outside.

use std::any::Any;
use std::io::Write;
use std::net::Shutdown;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};
use tradepit_actors::Disconnect;

const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\
Content-Length: 61\r\nRetry-After: 1\r\nConnection: close\r\n\r\n\
{\"detail\":\"The server has as many connections as it may have\"}";

/// All connections of the server, over all workers.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: AtomicUsize,
}

/// One connection. Lives in the connection's own data: dropped with it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// A second descriptor of the socket. Whoever else wants it holds a [`Weak`]: the socket must close with its
    /// connection.
    socket: Option<Rc<Socket>>,
    connections: Arc<Connections>,
    /// The server was full when it came: it was answered and gets nothing more.
    pub(crate) refused: bool,
}

impl Connections {
    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }
}

/// Counts a new connection and keeps a handle on it; answers it at once when there are too many.
pub(crate) fn on_connect(connections: &Arc<Connections>, max: usize, stream: &dyn Any, data: &mut Extensions) {
    let Some(stream) = stream.downcast_ref::<TcpStream>() else { return };
    let refused = connections.open.fetch_add(1, Ordering::Relaxed) >= max;
    let socket = SockRef::from(stream).try_clone().ok();
    if let Some(mut socket) = socket.as_ref().filter(|_| refused) {
        // Best effort: a new socket takes these few bytes; where not, the client sees the close.
        let _ = socket.write(NO_ROOM);
        let _ = socket.shutdown(Shutdown::Write);
    }
    data.insert(Connection { socket: socket.map(Rc::new), connections: Arc::clone(connections), refused });
}

impl Connection {
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

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open.fetch_sub(1, Ordering::Relaxed);
    }
}

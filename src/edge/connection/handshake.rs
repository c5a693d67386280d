//! The beginning of a connection where TLS is spoken: from a socket that was accepted to one that requests come from.
//!
//! Whoever speaks plain HTTP is told, in plain HTTP; whoever is refused within TLS is told by its alert.

use std::io;
use std::time::Duration;

use actix_web::rt::net::TcpStream;

use super::limits::Timer;
use super::socket::Socket;
use crate::edge::tls::Tls;

/// How long a handshake may take, all of it: one that does not go on holds a connection no longer.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// The first byte of every handshake: the type of its first record (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

/// Why it came to nothing.
pub(super) enum Failed {
    /// Something other than TLS came, of which nothing is read yet.
    Other(TcpStream),
    /// Nothing came, as from browsers that open a connection in advance.
    Silent,
    /// It began, and was not over in time.
    Late,
    /// It was refused, by one side or the other, or broke off; an alert may be on its way.
    Refused(io::Error, TcpStream),
}

/// Takes a handshake.
pub(super) async fn shake(tls: &Tls, tcp: TcpStream) -> Result<Socket, Failed> {
    let mut timer = Timer::new(HANDSHAKE_WITHIN);
    let mut first = [0];
    match timer.hold(tcp.peek(&mut first)).await {
        None | Some(Ok(0) | Err(_)) => return Err(Failed::Silent),
        Some(Ok(_)) if first != [HANDSHAKE] => return Err(Failed::Other(tcp)),
        Some(Ok(_)) => {}
    }
    match timer.hold(tls.acceptor().accept(tcp).into_fallible()).await {
        None => Err(Failed::Late),
        Some(Ok(stream)) => Ok(Socket::Tls(Box::new(stream))),
        Some(Err((why, tcp))) => Err(Failed::Refused(why, tcp)),
    }
}

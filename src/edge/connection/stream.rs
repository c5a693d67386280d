//! The socket as actix sees it: it never shows actix a head that is larger than it may be.
//!
//! A client that is refused reads why: after the answers to what it asked before, and before the socket closes. Where
//! actix refuses on its own it says nothing but the status; what goes out instead says why.

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::ResponseError;
use actix_web::body::MessageBody;
use actix_web::rt::net::TcpStream;
use memchr::memmem;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::head::{HeadScanner, TooLarge};
use super::limits::{DISCONNECT_WITHIN, Timer};
use super::open::Place;
use super::promptness::Promptness;
use super::socket::Socket;
use crate::edge::refusal::Refusal;

/// The largest head of a request, in bytes (contract, "Routes").
const HEAD_BYTES: usize = 64 * 1024;
/// How long a request's head may take to come in: a slow-loris holds a connection no longer.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How much a client that is refused may still send for its answer not to be lost.
const LEAVE_BYTES: u64 = 512 * 1024;

/// One connection's socket, and what is watched on it.
pub(crate) struct Stream {
    state: State,
    place: Place,
    promptness: Rc<Promptness>,
}

/// Runs while a head is incomplete, from the beginning of the connection on. (actix watches the first head only, and by
/// the clock alone.)
type HeadTimer = Option<Timer>;

enum State {
    /// Requests come in.
    Open(Socket, HeadScanner, HeadTimer),
    /// Nothing more is read. Why is told once the requests before are answered: when actix is done with the stream.
    Refused(Socket, Refusal),
    /// The client is told, and given time to read it.
    Leaving(Pin<Box<dyn Future<Output = ()>>>),
    /// Only the descriptor is still there.
    Left,
}

impl Stream {
    /// A connection that is served.
    pub(super) fn open(socket: Socket, place: Place) -> Stream {
        Stream {
            state: State::Open(socket, HeadScanner::new(HEAD_BYTES), Some(Timer::new(HEAD_WITHIN))),
            place,
            promptness: Rc::default(),
        }
    }

    /// A connection that is told why it is not served.
    pub(super) fn refused(socket: Socket, place: Place, why: Refusal) -> Stream {
        Stream { state: State::Refused(socket, why), place, promptness: Rc::default() }
    }

    pub(super) fn promptness(&self) -> Rc<Promptness> {
        Rc::clone(&self.promptness)
    }

    /// The socket, where it is served.
    pub(super) fn served(&self) -> Option<&TcpStream> {
        match &self.state {
            State::Open(socket, ..) => Some(socket.tcp()),
            State::Refused(..) | State::Leaving(_) | State::Left => None,
        }
    }

    /// The socket, for as long as actix may write to it.
    fn writable(&mut self) -> Option<Pin<&mut Socket>> {
        match &mut self.state {
            State::Open(socket, ..) | State::Refused(socket, _) => Some(Pin::new(socket)),
            State::Leaving(_) | State::Left => None,
        }
    }

    fn refuse(&mut self, why: Refusal) {
        // Who has opened a connection and sent nothing, as browsers do in advance, has broken nothing.
        let is_silent = matches!(&self.state, State::Open(_, scanner, _) if !scanner.is_in_head());
        if !(is_silent && matches!(why, Refusal::HeadTimeout)) {
            self.place.connections().broken.note(&why);
        }
        self.state = match std::mem::replace(&mut self.state, State::Left) {
            State::Open(socket, ..) => State::Refused(socket, why),
            state => state,
        };
    }

    /// Tells a client that is refused why, and waits until it has read it.
    fn poll_leave(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.state = match std::mem::replace(&mut self.state, State::Left) {
            State::Refused(socket, why) => State::Leaving(Box::pin(take_leave(socket, why))),
            state => state,
        };
        if let State::Leaving(leave) = &mut self.state {
            ready!(leave.as_mut().poll(cx));
            self.state = State::Left;
        }
        Poll::Ready(())
    }
}

/// The refusal that actix wrote on its own at the end of these bytes, if it did: how many bytes come before it, and
/// why.
///
/// It writes one, without a body, to what it cannot read; then it reads nothing more, and nothing follows. All that we
/// refuse has a body.
fn refusal(bytes: &[u8]) -> Option<(usize, Refusal)> {
    const LONGEST: usize = 200;
    if !bytes.ends_with(b"\r\n\r\n") {
        return None;
    }
    let end = &bytes[bytes.len().saturating_sub(LONGEST)..];
    let refusals = [
        (&b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n"[..], Refusal::BrokenHead),
        (b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n", Refusal::HeadTimeout),
        (b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n", Refusal::HeadTooLarge),
    ];
    refusals.into_iter().find_map(|(head, why)| {
        let at = memmem::rfind(end, head)?;
        let is_last = memmem::find(&end[at..], b"\r\n\r\n").is_some_and(|ends| at + ends + 4 == end.len());
        is_last.then_some((bytes.len() - end.len() + at, why))
    })
}

/// Tells the client `why`, and ends the connection.
async fn take_leave(socket: Socket, why: Refusal) {
    leave(socket, &raw(&why)).await;
}

/// Sends the client these last bytes, then waits until it has closed too: closing before it has sent all would reset
/// the connection, and what it did not read yet would be lost.
pub(super) async fn leave(socket: Socket, last: &[u8]) {
    let leave = async {
        let (incoming, mut outgoing) = tokio::io::split(socket);
        outgoing.write_all(last).await?;
        outgoing.shutdown().await?;
        let mut discarded = incoming.take(LEAVE_BYTES);
        tokio::io::copy_buf(&mut tokio::io::BufReader::new(&mut discarded), &mut tokio::io::sink()).await?;
        if discarded.limit() == 0 {
            // It goes on sending, but it may still read.
            std::future::pending::<()>().await;
        }
        Ok::<(), io::Error>(())
    };
    // It fails where the client was faster.
    let _ = tokio::time::timeout(DISCONNECT_WITHIN, leave).await;
}

/// The answer to an error, for a client that is told outside of actix.
fn raw(error: &Refusal) -> Vec<u8> {
    let response = error.error_response();
    let mut answer = format!("HTTP/1.1 {}\r\nConnection: close\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let body = response.into_body().try_into_bytes().unwrap_or_default();
    answer.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
    answer.extend(body);
    answer
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let State::Open(socket, scanner, timer) = &mut this.state else {
            // To actix the client has ended the stream.
            return Poll::Ready(Ok(()));
        };
        let before = buf.filled().len();
        if Pin::new(socket).poll_read(cx, buf)?.is_pending() {
            if timer.as_mut().is_some_and(|timer| timer.is_over(cx)) {
                this.refuse(Refusal::HeadTimeout);
                return Poll::Ready(Ok(()));
            }
            return Poll::Pending;
        }
        this.promptness.read();
        if let Err(TooLarge { sound }) = scanner.scan(&buf.filled()[before..]) {
            buf.set_filled(before + sound);
            this.refuse(Refusal::HeadTooLarge);
        } else if !scanner.is_in_head() {
            *timer = None;
        } else if timer.is_none() {
            *timer = Some(Timer::new(HEAD_WITHIN));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let mut buf = buf;
        if let State::Open(..) = self.state
            && let Some((before, why)) = refusal(buf)
        {
            if before == 0 {
                self.refuse(why);
                // actix looks after the connection only for as long as it has something to write.
                ready!(self.poll_leave(cx));
                return Poll::Ready(Ok(buf.len()));
            }
            buf = &buf[..before];
        }
        if let State::Leaving(_) = self.state {
            ready!(self.poll_leave(cx));
        }
        let written = self.writable().map_or(Poll::Ready(Ok(buf.len())), |socket| socket.poll_write(cx, buf));
        self.promptness.write(written.is_pending());
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = self.writable().map_or(Poll::Ready(Ok(())), |socket| socket.poll_flush(cx));
        // actix flushes once everything was written; within TLS some of that may wait still.
        self.promptness.write(flushed.is_pending());
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let State::Open(socket, ..) = &mut self.state {
            return Pin::new(socket).poll_shutdown(cx);
        }
        self.poll_leave(cx).map(Ok)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let all = || Poll::Ready(Ok(bufs.iter().map(|buf| buf.len()).sum()));
        let written = self.writable().map_or_else(all, |socket| socket.poll_write_vectored(cx, bufs));
        self.promptness.write(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, tcp) = match &self.state {
            State::Open(socket, ..) => ("open", Some(socket.tcp())),
            State::Refused(socket, _) => ("refused", Some(socket.tcp())),
            State::Leaving(_) => ("leaving", None),
            State::Left => ("left", None),
        };
        f.debug_struct("Stream").field("state", &state).field("tcp", &tcp).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_refused_client_reads_is_framed_right() {
        for why in [Refusal::HeadTooLarge, Refusal::Overloaded("none")] {
            let answer = String::from_utf8(raw(&why)).expect("text");
            let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
            assert!(head.starts_with(&format!("HTTP/1.1 {}\r\n", why.status_code())), "{head}");
            assert!(head.ends_with(&format!("content-length: {}", body.len())), "{head}");
            assert_eq!(body, format!("{{\"detail\":\"{why}\"}}"));
        }
    }

    #[test]
    fn what_actix_refuses_on_its_own_is_told_from_every_answer() {
        let refused = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\ndate: Thu, 26 Nov 2026 17:17:16 GMT\r\n\r\n";
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        assert!(matches!(refusal(refused), Some((0, Refusal::BrokenHead))));
        let both = [&answer[..], refused].concat();
        assert!(matches!(refusal(&both), Some((before, Refusal::BrokenHead)) if before == answer.len()));
        for other in [
            &answer[..],
            b"HTTP/1.1 204 No Content\r\ndate: Thu, 26 Nov 2026 17:17:16 GMT\r\n\r\n",
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 31\r\n\r\n",
            &[&refused[..], answer].concat(),
            &[&refused[..], b"HTTP/1.1 204 No Content\r\n\r\n"].concat(),
            b"\r\n\r\n",
            b"",
        ] {
            assert!(refusal(other).is_none(), "{}", String::from_utf8_lossy(other));
        }
    }
}

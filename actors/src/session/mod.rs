//! The Session actor, one for each WebSocket, and the two streams around it: the only file that knows
//! actix-web-actors.
//!
//! ```text
//! socket ─▶ Inbound (guard) ─▶ Session ─┐
//!                Feed ─▶ Subscription ──┴▶ Outgoing ─▶ socket
//! ```
//! The Session answers pings and closes. Announcements do not pass through it: they are encoded once for all
//! subscribers and joined to what it writes.

pub mod guard;
mod kept;
mod replay;

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix::{Actor, ActorContext, StreamHandler};
use actix_web::Error;
use actix_web::error::PayloadError;
pub use actix_web_actors::ws::handshake;
use actix_web_actors::ws::{self, Message, ProtocolError, WebsocketContext};
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use futures_util::future::LocalBoxFuture;
use tradepit_engine::Number;

use crate::feed::closing::CloseCode;
use crate::feed::registry::Registration;
use crate::feed::subscription::Subscription;
use crate::venue::Venue;
use guard::Guard;
use replay::replay;

/// The greatest message that a client may send, in bytes (contract, "WebSocket").
const MAX_MESSAGE_BYTES: u64 = 64 * 1024;

/// Where a subscriber begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// After this change, which was the newest when it subscribed.
    Live(Number),
    /// After this change, which is in the past.
    Since(Number),
}

/// Opens a session: takes what the client sends, returns what is sent to it.
pub fn open(
    registration: Registration,
    begin: Begin,
    venue: Arc<Venue>,
    payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
) -> impl Stream<Item = Result<Bytes, Error>> {
    let subscription = &registration.subscription;
    let draw_after = |number| -> LocalBoxFuture<'static, ()> {
        let subscription = Rc::clone(subscription);
        match subscription.channels().cloned() {
            None => Box::pin(replay(subscription, venue, number)),
            Some(listener) => Box::pin(kept::replay(subscription, venue, listener, number)),
        }
    };
    let replaying: Option<LocalBoxFuture<'static, ()>> = match begin {
        Begin::Live(newest) if subscription.go_live(newest) => None,
        Begin::Live(number) | Begin::Since(number) => Some(draw_after(number)),
    };
    let inbound = Inbound { payload, guard: Guard::new(MAX_MESSAGE_BYTES), subscription: Rc::clone(subscription) };
    let session = Session { subscription: Rc::clone(subscription) };
    let session = Box::pin(WebsocketContext::create(session, inbound));
    Outgoing { session, replaying, registration, ending: false }
}

/// The actor. It holds nothing but its subscription: a client changes nothing.
struct Session {
    subscription: Rc<Subscription>,
}

impl Actor for Session {
    type Context = WebsocketContext<Self>;
}

impl StreamHandler<Result<Message, ProtocolError>> for Session {
    fn handle(&mut self, item: Result<Message, ProtocolError>, ctx: &mut Self::Context) {
        match item {
            Ok(Message::Ping(payload)) => {
                if !self.subscription.is_closing() {
                    ctx.pong(&payload);
                }
            }
            Ok(Message::Close(reason)) => {
                // The second close frame of two is not answered.
                if self.subscription.closed_by_client() {
                    ctx.close(reason.map(|reason| ws::CloseReason { code: reason.code, description: None }));
                }
                ctx.stop();
            }
            Ok(Message::Pong(_) | Message::Text(_) | Message::Binary(_) | Message::Continuation(_) | Message::Nop) => {}
            Err(_) => ctx.stop(),
        }
    }
}

/// What the client sends, with everything taken out but whole and valid control frames.
struct Inbound<P> {
    payload: P,
    guard: Guard,
    subscription: Rc<Subscription>,
}

impl<P: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for Inbound<P> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(chunk) = ready!(Pin::new(&mut self.payload).poll_next(task)?) else { return Poll::Ready(None) };
            self.subscription.heard();
            let mut controls = BytesMut::new();
            if let Err(breach) = self.guard.read(&chunk, &mut controls) {
                let code = CloseCode { code: breach.close_code(), reason: breach.reason() };
                self.subscription.close_for_breach(code);
            }
            if !controls.is_empty() {
                return Poll::Ready(Some(Ok(controls.freeze())));
            }
        }
    }
}

/// What is sent to the client: the Session's frames first, then announcements, then the replay, then how the market
/// stands by then.
struct Outgoing<S> {
    session: Pin<Box<S>>,
    replaying: Option<LocalBoxFuture<'static, ()>>,
    registration: Registration,
    ending: bool,
}

impl<S: Stream<Item = Result<Bytes, Error>>> Stream for Outgoing<S> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ending {
            // The close frame was flushed meanwhile. Without this the client would wait for the end of the stream until
            // actix has waited, for some seconds, for the client to end it.
            self.registration.subscription.hang_up();
            return Poll::Ready(None);
        }
        loop {
            match self.session.as_mut().poll_next(task) {
                // A fault keeps the socket silent.
                Poll::Ready(Some(Ok(_))) if self.registration.subscription.is_silent() => {}
                Poll::Ready(Some(written)) => return Poll::Ready(Some(written)),
                Poll::Ready(None) => return self.end(task),
                Poll::Pending => break,
            }
        }
        loop {
            if let Some(frames) = self.registration.subscription.take(task) {
                return Poll::Ready(Some(Ok(frames)));
            }
            if self.registration.subscription.is_done() {
                return self.end(task);
            }
            if let Some(replaying) = &mut self.replaying {
                if replaying.as_mut().poll(task).is_ready() {
                    self.replaying = None;
                    continue;
                }
                if self.registration.subscription.has_more() {
                    continue;
                }
            }
            if let Some(frames) = self.registration.subscription.draw(task) {
                return Poll::Ready(Some(Ok(frames)));
            }
            // A fault may have ended it instead.
            if !self.registration.subscription.is_done() {
                return Poll::Pending;
            }
        }
    }
}

impl<S> Outgoing<S> {
    /// Lets what was written be flushed before the stream ends.
    fn end(&mut self, task: &Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        self.ending = true;
        task.waker().wake_by_ref();
        Poll::Pending
    }
}

//! What tests of the OrderBook do in a world: subscribe, read what is written, ask without waiting for the reply.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use tradepit_actors::{FeedHandle, Placed, Refused, Registration, Submit, Voice};
use tradepit_engine::{ChangeFilter, Event, Number, Rejection, Status};
use tradepit_world::World;

/// One frame for each change: `<id> <what happened>`.
pub(crate) static VOICE: Voice = Voice { event: write_text, gap: None };

pub(crate) fn write_text(event: &Event, out: &mut Vec<u8>) {
    let word = match event.status() {
        Some(Status::Pending) => "ACCEPTED",
        Some(Status::Executed) => "EXECUTED",
        Some(Status::Cancelled) => "CANCELLED",
        None => return,
    };
    out.extend_from_slice(format!("{:?} {word}", event.order().expect("it is about one").id).as_bytes());
}

pub(crate) async fn subscribe(feed: &FeedHandle, world: &World) -> (Registration, Number) {
    let subscribed = world.venue.subscribe(feed, &VOICE, ChangeFilter::default(), Box::new(|_| {})).await;
    let (registration, newest, _) = subscribed.expect("the mailbox has room");
    (registration, newest)
}

/// What a session writes, read until nothing more comes within a second.
pub(crate) async fn written(session: impl futures_util::Stream<Item = Result<Bytes, actix_web::Error>>) -> String {
    let mut session = Box::pin(session);
    let mut written = Vec::new();
    let second = Duration::from_secs(1);
    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(second, session.next()).await {
        written.extend_from_slice(&bytes);
    }
    String::from_utf8_lossy(&written).into_owned()
}

/// Calls a function whenever it is woken, on the spot: it sees the world as it is while a reply is sent.
pub(crate) struct OnWake<F>(F);

impl<F: Fn() + Send + Sync> Wake for OnWake<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

pub(crate) fn on_wake(act: impl Fn() + Send + Sync + 'static) -> Waker {
    Waker::from(Arc::new(OnWake(act)))
}

pub(crate) type Asked<T> = Pin<Box<dyn Future<Output = Result<T, Refused>>>>;

/// Places an order without waiting for the reply.
pub(crate) fn send(world: &World, submit: Submit) -> Asked<Result<Placed, Rejection>> {
    let venue = Arc::clone(&world.venue);
    Box::pin(async move { venue.place(submit).await })
}

pub(crate) fn poll_with<T>(asked: &mut Asked<T>, waker: &Waker) -> Poll<Result<T, Refused>> {
    asked.as_mut().poll(&mut Context::from_waker(waker))
}

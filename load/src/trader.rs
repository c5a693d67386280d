//! Sends the requests of a mix over one connection, one at a time.
//!
//! Owns the connection and what an answer means: done, too late for an order that ended meanwhile, or a failure. What
//! to send comes from the `desk`; what was answered goes to `orders` and the `Record`.

use std::rc::Rc;

use bytes::Bytes;
use hyper::{StatusCode, Uri};
use serde::Deserialize;

use super::clock::Micros;
use super::desk::{Desk, Request};
use super::failure::Failure;
use super::kind::Kind;
use super::mixed::Shared;
use super::orders::Asked;
use super::post::{Poster, Reply, placed};

/// One user or connection of a mix.
pub(super) struct Trader {
    shared: Rc<Shared>,
    desk: Desk,
    poster: Option<Poster>,
}

impl Trader {
    /// The trader of this number, which connects when it has something to send, unless it has a connection.
    pub(super) fn new(shared: Rc<Shared>, number: u64, poster: Option<Poster>) -> Self {
        let desk = Desk::new(shared.mix, number);
        Self { shared, desk, poster }
    }

    /// Whether there is a connection to pause on, or one to open anew.
    pub(super) fn connected(&self) -> bool {
        self.poster.is_some()
    }

    /// Connects, where that is needed.
    pub(super) async fn connect(&mut self) -> Result<(), Failure> {
        // A server may close a connection that was idle for long: that is no failure.
        if let Some(open) = &mut self.poster
            && open.usable().await
        {
            return Ok(());
        }
        self.poster = None;
        self.poster = Some(Poster::connect(&self.shared.server, self.shared.grace).await?);
        Ok(())
    }

    /// Sends the next request, which is timed from the moment `sent`, and reads what is answered.
    pub(super) async fn act(&mut self, sent: Micros) -> Result<(), Failure> {
        self.connect().await?;
        let Some(poster) = &mut self.poster else { return Ok(()) };
        let shared = self.shared.clone();
        let request = self.desk.next(&shared.instrument, |id| shared.orders.borrow().is_open(id));
        let asked = match request.kind {
            Kind::Post | Kind::Patch => Asked::Nothing,
            Kind::Replace => Asked::Replace,
            Kind::Delete => Asked::Cancel,
        };
        if let Some(id) = request.about {
            shared.orders.borrow_mut().asked(id, asked);
        }
        // Made of an id of 36 characters that came within JSON: it need not fit a path.
        let path: Uri = request.path().parse().map_err(|_| Failure::BadReply(Kind::Post))?;
        let answered = poster.ask(request.kind, path, Bytes::from(request.body.clone())).await;
        let reply = match answered {
            Ok(reply) => reply,
            Err(broken) => {
                // Whatever was under way on it is lost.
                self.poster = None;
                return Err(broken);
            }
        };
        self.answered(&request, &reply, sent)
    }

    fn answered(&mut self, request: &Request, reply: &Reply, sent: Micros) -> Result<(), Failure> {
        let now = self.shared.clock.now();
        let (mut orders, mut record) = (self.shared.orders.borrow_mut(), self.shared.record.borrow_mut());
        let done = reply.status == request.kind.success();
        // A cancel is answered alike whatever became of the order: `orders` knows whether it came too late.
        if !done && (request.kind == Kind::Delete || !is_closed(reply)) {
            return Err(Failure::Status(request.kind, reply.status.as_u16()));
        }
        record.answered(request.kind, sent, now);
        if let Some(id) = request.about
            && (!done || request.kind != Kind::Patch)
        {
            self.desk.forget(id);
        }
        if !done {
            orders.too_late();
            return Ok(());
        }
        if matches!(request.kind, Kind::Post | Kind::Replace) {
            let id = placed(&reply.body).ok_or(Failure::BadReply(request.kind))?.id;
            orders.placed(id, request.quantity, request.passing, &mut record.failures);
            self.desk.take(id, request);
        }
        Ok(())
    }
}

/// Whether a reply says that the order had ended.
fn is_closed(reply: &Reply) -> bool {
    #[derive(Deserialize)]
    struct Refusal<'a> {
        code: &'a str,
    }
    reply.status == StatusCode::CONFLICT
        && serde_json::from_slice::<Refusal<'_>>(&reply.body).is_ok_and(|refusal| refusal.code == "order_closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_conflict_with_its_code_says_that_the_order_is_closed() {
        let reply =
            |status, body: &'static str| Reply { status, link: None, body: Bytes::from_static(body.as_bytes()) };
        let closed = r#"{"detail":"The order is closed","code":"order_closed"}"#;
        assert!(is_closed(&reply(StatusCode::CONFLICT, closed)));
        assert!(!is_closed(&reply(StatusCode::FORBIDDEN, closed)));
        assert!(!is_closed(&reply(StatusCode::CONFLICT, r#"{"code":"other"}"#)));
        assert!(!is_closed(&reply(StatusCode::CONFLICT, "")));
    }
}

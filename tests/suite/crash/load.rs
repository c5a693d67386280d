//! What clients do until the server is killed, and what they can swear to.

use std::net::SocketAddr;
use std::time::Instant;

use serde_json::Value;

use super::truth::Truth;
use crate::support::{Dice, Line, Reply, clock, id_of};

/// How long an order surely stays open, from before it was sent: by the server's flags.
const USUALLY_MS: u128 = 20;
const LONG_MS: u128 = 2_000;
/// Orders that a trader sends at once.
const BURST: usize = 8;

/// An order as a client sends it. No two have the same symbol.
#[derive(Clone, Debug)]
pub(super) struct NewOrder {
    pub(super) stoks: String,
    pub(super) quantity: u64,
    key: Option<String>,
    long: bool,
}

impl NewOrder {
    fn roll(dice: &mut Dice, stoks: String) -> NewOrder {
        let key = (dice.below(3) == 0).then(|| format!("key/{stoks}"));
        NewOrder { quantity: 1 + dice.number() % 1_000, key, long: dice.below(3) == 0, stoks }
    }

    fn request(&self) -> String {
        let body = format!(r#"{{"stoks": "{}", "quantity": {}}}"#, self.stoks, self.quantity);
        let key = self.key.as_ref().map_or_else(String::new, |key| format!("Idempotency-Key: {key}\r\n"));
        let long = if self.long { "long-pending: 1\r\n" } else { "" };
        let length = body.len();
        format!("POST /orders HTTP/1.1\r\nHost: localhost\r\n{key}{long}Content-Length: {length}\r\n\r\n{body}")
    }
}

/// One thing that a client did, and what it was told of it.
#[derive(Debug)]
pub(super) enum Note {
    Placed {
        order: NewOrder,
        reply: Option<Reply>,
    },
    /// `in_time`: the answer came before the order can have fallen due.
    Cancelled {
        id: String,
        answered: bool,
        in_time: bool,
    },
    Seen(Value),
}

impl Note {
    pub(super) fn was_answered(&self) -> bool {
        match self {
            Note::Placed { reply, .. } => reply.is_some(),
            Note::Cancelled { answered, .. } => *answered,
            Note::Seen(_) => true,
        }
    }

    /// An order that can be placed again, with the reply that it got.
    pub(super) fn keyed(&self) -> Option<(&NewOrder, Option<&Reply>)> {
        match self {
            Note::Placed { order, reply } if order.key.is_some() => Some((order, reply.as_ref())),
            _ => None,
        }
    }
}

/// Places, cancels and looks at orders until the connection breaks.
pub(super) async fn trade(addr: SocketAddr, seed: u64, name: String) -> Vec<Note> {
    let mut trader = Trader { line: Line::open(addr).await, dice: Dice::seeded(seed), notes: Vec::new() };
    let mut number = 0;
    loop {
        let count = if trader.dice.below(2) == 0 { 1 } else { 1 + trader.dice.below(BURST) };
        let orders =
            (number..number + count).map(|n| NewOrder::roll(&mut trader.dice, format!("{name}.{n}"))).collect();
        number += count;
        if trader.turn(orders).await.is_none() {
            return trader.notes;
        }
    }
}

struct Trader {
    line: Line,
    dice: Dice,
    notes: Vec<Note>,
}

impl Trader {
    /// Places these orders in one go, then does something with some. `None` once the connection is broken.
    async fn turn(&mut self, orders: Vec<NewOrder>) -> Option<()> {
        let sent_at = clock();
        self.line.try_send(orders.iter().map(NewOrder::request).collect::<String>()).await;
        let mut placed = Vec::new();
        let mut alive = true;
        for order in orders {
            let reply = if alive { self.line.try_reply().await } else { None };
            alive = reply.is_some();
            if let Some(reply) = &reply {
                assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, None), "{reply:?}");
                placed.push((id_of(&reply.json()), order.long));
            }
            self.notes.push(Note::Placed { order, reply });
        }
        for (id, long) in placed {
            match self.dice.below(6) {
                _ if !alive => break,
                0 | 1 => self.cancel(id, sent_at, if long { LONG_MS } else { USUALLY_MS }).await?,
                2 => self.look_at(&id).await?,
                _ => {}
            }
        }
        alive.then_some(())
    }

    async fn cancel(&mut self, id: String, sent_at: Instant, open_ms: u128) -> Option<()> {
        self.line.try_send(format!("DELETE /orders/{id} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
        let reply = self.line.try_reply().await;
        if let Some(reply) = &reply {
            assert_eq!(reply.status, 204, "{reply:?}");
        }
        let in_time = sent_at.elapsed().as_millis() < open_ms;
        self.notes.push(Note::Cancelled { id, answered: reply.is_some(), in_time });
        reply.map(drop)
    }

    async fn look_at(&mut self, id: &str) -> Option<()> {
        self.line.try_send(format!("GET /orders/{id} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
        let reply = self.line.try_reply().await?;
        assert_eq!(reply.status, 200, "{reply:?}");
        self.notes.push(Note::Seen(reply.json()));
        Some(())
    }
}

/// Sends a keyed order of the round before again, twice: there is one order, whatever became of the first reply.
pub(super) async fn place_again(addr: SocketAddr, truth: &Truth, (order, first): (&NewOrder, Option<&Reply>)) {
    let mut line = Line::open(addr).await;
    let mut replies = Vec::new();
    for _ in 0..2 {
        line.send(order.request()).await;
        let reply = line.reply().await;
        assert_eq!(reply.status, 200, "{order:?}: {reply:?}");
        replies.push(reply);
    }
    let replayed = |reply: &Reply| reply.header("idempotent-replayed") == Some("true");
    let known = truth.id_of_symbol(&order.stoks);
    assert_eq!(replayed(&replies[0]), known.is_some(), "{order:?}: {replies:?}");
    assert!(replayed(&replies[1]), "{order:?}: {replies:?}");
    assert!(known.is_none_or(|id| id == id_of(&replies[0].json())), "{order:?}: {replies:?}");
    assert_eq!(replies[0].body, replies[1].body);
    if let Some(first) = first {
        assert_eq!(replies[0].body, first.body, "not the first reply");
    }
}

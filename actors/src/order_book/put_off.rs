//! What is asked of orders whose rule lets it take its time: whoever asked waits until that is decided.
//!
//! The exchange says when; what was asked is kept here, and done then. A restart forgets who asked, and what for, but a
//! cancellation: that is the exchange's own.

use std::collections::BTreeMap;

use tokio::sync::oneshot::{Receiver, Sender, channel};
use tradepit_engine::{Command, Number, Order, Rejection};

use super::OrderBook;
use crate::ask::{self, Placed};

/// What becomes of what is asked: known now, or told later.
pub(crate) enum Decided<T> {
    Now(T),
    Later(Receiver<T>),
}

/// What was asked, and who waits for it.
enum Asked {
    Cancel(Sender<()>),
    Amend(Command, Sender<Result<Order, Rejection>>),
    Replace(ask::Replace, Sender<Result<Placed, Rejection>>),
}

impl Asked {
    fn is_missed_by_nobody(&self) -> bool {
        // Only what somebody waits for is a reason to keep a cancellation.
        matches!(self, Asked::Cancel(tell) if tell.is_closed())
    }
}

/// All that waits, by the change that accepted its order.
#[derive(Default)]
pub(super) struct Waits(BTreeMap<Number, Vec<Asked>>);

impl OrderBook {
    /// Whether something was asked of an order that is not yet decided.
    pub(super) fn is_put_off(&self, accepted: Number) -> bool {
        self.exchange.plan(accepted).is_some_and(|plan| plan.put_off.is_some())
    }

    /// Waits until it is decided whether an order is cancelled, or ends otherwise.
    pub(super) fn cancel_later(&mut self, accepted: Number) -> Receiver<()> {
        let (tell, told) = channel();
        self.wait(accepted, Asked::Cancel(tell));
        told
    }

    /// Amends an order once that is decided.
    pub(super) fn amend_later(&mut self, accepted: Number, amend: Command) -> Receiver<Result<Order, Rejection>> {
        let (tell, told) = channel();
        self.wait(accepted, Asked::Amend(amend, tell));
        told
    }

    /// Places an order in place of another one once that is decided.
    pub(super) fn replace_later(
        &mut self,
        accepted: Number,
        replace: ask::Replace,
    ) -> Receiver<Result<Placed, Rejection>> {
        let (tell, told) = channel();
        self.wait(accepted, Asked::Replace(replace, tell));
        told
    }

    fn wait(&mut self, accepted: Number, asked: Asked) {
        let waits = self.waits.0.entry(accepted).or_default();
        waits.retain(|before| !before.is_missed_by_nobody());
        waits.push(asked);
    }

    /// Does what is decided by now.
    pub(super) fn do_decided(&mut self) {
        if self.waits.0.is_empty() {
            return;
        }
        let decided: Vec<Number> =
            self.waits.0.keys().copied().filter(|accepted| !self.is_put_off(*accepted)).collect();
        for accepted in decided {
            for asked in self.waits.0.remove(&accepted).unwrap_or_default() {
                match asked {
                    Asked::Cancel(tell) => self.tell_later(tell, ()),
                    Asked::Amend(command, tell) => {
                        let amended = self.commit(&Command::Decided(Box::new(command)));
                        let order = || self.exchange.order(accepted).ok_or(Rejection::UnknownOrder);
                        let amended = amended.and_then(|_| order());
                        self.tell_later(tell, amended);
                    }
                    Asked::Replace(replace, tell) => {
                        let replaced = self.replace_now(accepted, replace);
                        self.tell_later(tell, replaced);
                    }
                }
            }
        }
    }

    /// Tells whoever waits, once what that tells of is durable.
    fn tell_later<T: Send + 'static>(&mut self, tell: Sender<T>, what: T) {
        let newest = self.exchange.last_number();
        // It fails where whoever asked has gone, and nobody misses the answer.
        let deliver = move || drop(tell.send(what));
        if self.outbox.is_durable(newest) {
            deliver();
        } else {
            self.outbox.hold_reply(newest, Box::new(deliver));
            self.batch_replies += 1;
        }
    }
}

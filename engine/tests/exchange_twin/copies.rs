//! An exchange and its copy: the life goes on with either, and the other one stands as it did meanwhile, and goes on
//! beside a twin of its own. Neither sees what befalls the other.

use std::mem;

use tradepit_engine::{Exchange, Number, Order, Time};

use crate::life::{Life, same};
use crate::naive::{Entry, Naive};
use crate::resumed::go_on;

/// It is copied once in so many steps.
const COPIED_ONCE_IN: usize = 397;

/// How far the one that stays behind goes on, in the end.
const MINUTES: i64 = 600_000_000;

/// The one that stays behind.
pub(crate) struct Beside {
    exchange: Exchange,
    twin: Naive,
    at: Time,
}

impl Life {
    /// Copies the exchange once in a while, and lets the one before go on that stayed behind.
    pub(crate) fn copy(&mut self) -> Result<(), String> {
        if !self.steps.is_multiple_of(COPIED_ONCE_IN) {
            return Ok(());
        }
        let mut exchange = self.exchange.copy();
        // A copy of a copy every now and then, and the one that was copied in between.
        if self.steps.is_multiple_of(2) {
            mem::swap(&mut exchange, &mut self.exchange);
        }
        let beside = Beside { exchange, twin: self.twin.clone(), at: self.now };
        self.beside.replace(beside).map_or(Ok(()), Beside::go_on)
    }
}

impl Beside {
    /// It stands as it did, and goes on as its twin does.
    fn go_on(mut self) -> Result<(), String> {
        let shown: Vec<Order> = self.twin.orders.iter().map(Entry::shown).collect();
        same("orders beside", self.exchange.orders_after(Number(0)).collect::<Vec<_>>(), shown)?;
        go_on(&mut self.exchange, &mut self.twin, Time(self.at.0 + MINUTES))
    }
}

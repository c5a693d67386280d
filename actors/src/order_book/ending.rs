//! The end of an OrderBook whose venue is no more.

use std::mem;
use std::thread;

use actix::{ActorContext, Handler, Message};
use tradepit_engine::{Exchange, Number, Rules, Seq};

use super::OrderBook;
use super::history::History;

/// Giving back the memory of more orders than these would hold up whoever else lives on the thread: it has one of its
/// own.
const FORGOTTEN_AT_ONCE: usize = 10_000;

/// Tells what happened by now, and answers nothing more.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct End;

impl Handler<End> for OrderBook {
    type Result = ();

    fn handle(&mut self, _: End, ctx: &mut Self::Context) {
        self.end_batch();
        if self.exchange.held_orders() > FORGOTTEN_AT_ONCE {
            let exchange = mem::replace(&mut self.exchange, Exchange::with_rules(0, Rules::default()));
            let history = mem::replace(&mut self.history, History::after(Number(0), Seq(0), 0));
            // Where there is no thread for it, it is done here.
            drop(thread::Builder::new().name("forget".to_owned()).spawn(move || drop((exchange, history))));
        }
        ctx.stop();
    }
}

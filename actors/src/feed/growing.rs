//! How bars grow is asked, of each that somebody follows, once in every second of the venue's time: soon after that
//! has begun, when those that are over have just ended. A Feed does so while anybody follows bars, one after the other.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use actix::{ActorFutureExt, AsyncContext, Context, Handler, Message, WrapFuture};
use tradepit_engine::{Symbol, Time};

use super::Feed;
use super::market::desk::Desk;
use crate::ask::{BarsTold, ReadBars};

const SECOND_US: i64 = 1_000_000;

/// Asks the venue for bars; `None` where it has none to tell.
pub(crate) type AskBars = Rc<dyn Fn(ReadBars) -> Pin<Box<dyn Future<Output = Option<BarsTold>>>>>;

/// Somebody follows bars from now on.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub(crate) struct TellBars;

/// How far a Feed is with its bars.
pub(super) struct Growing {
    ask: AskBars,
    /// It is asking, or will.
    goes_on: bool,
    /// When it was that it asked last.
    asked_at: Option<Time>,
}

impl Growing {
    /// Nobody follows bars.
    pub(super) fn of(ask: AskBars) -> Growing {
        Growing { ask, goes_on: false, asked_at: None }
    }

    /// How long it is until it asks next, where it was so late when it did; a second where that does not pass.
    fn rests(&mut self, now: Time) -> Duration {
        let second = |at: Time| at.0.div_euclid(SECOND_US);
        let stands = self.asked_at.is_some_and(|before| second(before) >= second(now));
        self.asked_at = Some(now);
        let rest = if stands { SECOND_US } else { SECOND_US - now.0.rem_euclid(SECOND_US) };
        Duration::from_micros(rest.unsigned_abs())
    }
}

impl Feed {
    fn ask_for_bars(&mut self, ctx: &mut Context<Feed>) {
        let (desk, ask) = (Rc::clone(self.registry.desk()), Rc::clone(&self.growing.ask));
        let asked = async move { ask_all(&desk, &ask).await }.into_actor(self);
        ctx.spawn(asked.map(|told, feed, ctx| {
            let Some((changed, now)) = told else {
                feed.growing.goes_on = false;
                return;
            };
            for subscription in feed.registry.subscriptions().values() {
                subscription.look(&changed);
            }
            let rest = now.map_or(Duration::from_secs(1), |now| feed.growing.rests(now));
            ctx.run_later(rest, Feed::ask_for_bars);
        }));
    }
}

/// Asks for all that is followed; returns where there is news, and how late it was at the first answer. `None` where
/// nobody follows anything.
async fn ask_all(desk: &Desk, ask: &AskBars) -> Option<(BTreeSet<Symbol>, Option<Time>)> {
    let asks = desk.asks();
    if asks.is_empty() {
        return None;
    }
    let (mut changed, mut now) = (BTreeSet::new(), None);
    for read in asks {
        let Some(mut told) = ask(read).await else { continue };
        if told.next.is_some() {
            // So many ended since: those that did last are told.
            told = ask(ReadBars { start: None, ..read }).await.unwrap_or(told);
        }
        now = now.or(Some(told.now));
        if desk.take(&read, &told) {
            changed.insert(read.symbol);
        }
    }
    Some((changed, now))
}

impl Handler<TellBars> for Feed {
    type Result = ();

    fn handle(&mut self, _: TellBars, ctx: &mut Self::Context) {
        if !self.growing.goes_on {
            self.growing.goes_on = true;
            self.ask_for_bars(ctx);
        }
    }
}

//! What a store brings back: an exchange that takes up the open orders has the same books, waits for the same, and goes
//! on as the other one would.

use tradepit_engine::{AskedQuote, Command, Exchange, Number, Order, Side, Symbol, Time};

use crate::life::{Life, same};
use crate::market::times;
use crate::naive::{Entry, Naive};

const TWO_DAYS: i64 = 2 * 86_400_000_000;

impl Life {
    /// Takes up the open orders, as a store has them, in another exchange, and lets both go on.
    pub(crate) fn resume(&self) -> Result<(), String> {
        let mut resumed = Exchange::with_rules(self.world.max_orders, self.world.rules());
        resumed.restore_accounts(self.exchange.clearing().clone());
        let open = self.twin.orders.iter().filter(|entry| entry.is_open());
        let mut open: Vec<Order> = open.map(Entry::shown).collect();
        // Who is on the way first, then who stands in line, in that order; the one that trades comes last.
        open.sort_by_key(|order| {
            let progress = order.rich.as_ref().map(|rich| rich.progress).filter(|own| own.arrived_at.is_some());
            progress.map_or(Number(0), |progress| progress.line.unwrap_or(Number(u64::MAX)))
        });
        open.iter().for_each(|order| resumed.restore(order));
        open.sort_by_key(|order| order.accepted_number);
        same("resumed orders", resumed.orders_after(Number(0)).collect::<Vec<_>>(), open)?;
        let mut twin = self.twin.resumed();
        let at = Time(twin.last_at);
        resumed.resume(self.exchange.last_number(), self.exchange.last_seq(), at, self.exchange.accepted_orders());
        for market in &twin.markets {
            for side in [Side::Buy, Side::Sell] {
                let levels = resumed.levels(market.symbol, side);
                let levels: Vec<_> = levels.map(|level| (level.price, level.total, level.orders)).collect();
                same("resumed levels", levels, twin.levels(market.symbol, side))?;
            }
        }
        go_on(&mut resumed, &mut twin, at)?;
        let waiting = twin.orders.iter().filter(|entry| entry.waits());
        let mut waiting: Vec<Symbol> = waiting.map(|entry| entry.symbol).collect();
        waiting.dedup();
        for symbol in waiting {
            // Up and down, so that whoever waits is triggered.
            for (bid, ask) in [(3, 4), (1, 2), (5, 6)] {
                let price = |of_reference: u128| {
                    let market = twin.market(symbol);
                    times(market.tick, u128::from(market.reference_ticks) * of_reference / 3 + of_reference)
                };
                let quote = AskedQuote { bid: price(bid), ask: price(ask), bid_size: None, ask_size: None };
                both(&mut resumed, &mut twin, at, &Command::Quote { symbol, quote: Some(quote) })?;
                go_on(&mut resumed, &mut twin, at)?;
            }
        }
        go_on(&mut resumed, &mut twin, Time(at.0 + TWO_DAYS))
    }
}

/// All that is due is done.
pub(crate) fn go_on(exchange: &mut Exchange, twin: &mut Naive, at: Time) -> Result<(), String> {
    while both(exchange, twin, at, &Command::ExecuteDue)? {}
    same("next_due of the resumed", exchange.next_due(), twin.next_due())
}

/// Whether anything came of it.
fn both(exchange: &mut Exchange, twin: &mut Naive, at: Time, command: &Command) -> Result<bool, String> {
    let (decided, done) = (exchange.decide(at, command), twin.obey(at, command));
    same("events of the resumed", &decided, &done)?;
    done.iter().flatten().for_each(|event| exchange.apply(event));
    Ok(done.is_ok_and(|events| !events.is_empty()))
}

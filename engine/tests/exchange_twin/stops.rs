//! What orders wait for, as it is drawn.

use tradepit_engine::{AskedStop, Decimal, OrderType, Side};

use crate::commands::Drawing;
use crate::market::{Market, times};
use crate::naive::Entry;

impl Drawing {
    /// What an order waits for, of one in so many.
    pub(crate) fn stop(&mut self, market: &Market, side: Side) -> Option<AskedStop> {
        let once_in = self.world.stops_once_in;
        let waits = once_in > 0 && self.dice.once_in(once_in);
        waits.then(|| if self.dice.once_in(2) { self.stop_at(market, side) } else { self.behind(market) })
    }

    /// What one waits for instead, mostly of the same kind; seldom of one that it never waited for.
    pub(crate) fn other_stop(&mut self, market: &Market, entry: &Entry) -> Option<AskedStop> {
        if self.world.stops_once_in == 0 {
            return None;
        }
        let (is_other, asks) = (self.dice.once_in(12), self.dice.once_in(2));
        match entry.terms.order_type {
            OrderType::Stop { .. } | OrderType::StopLimit { .. } if asks && !is_other => {
                Some(self.stop_at(market, entry.terms.side))
            }
            OrderType::TrailingStop { .. } if asks && !is_other => Some(self.behind(market)),
            _ if is_other && asks => Some(self.stop_at(market, entry.terms.side)),
            _ if is_other => Some(self.behind(market)),
            _ => None,
        }
    }

    /// Mostly a price where the market is not yet, and few others: several wait for the same one.
    fn stop_at(&mut self, market: &Market, side: Side) -> AskedStop {
        let (reference, away) = (u128::from(market.reference_ticks), u128::from(self.dice.below(self.world.spread)));
        AskedStop::At(match (self.dice.below(4), side) {
            (0, _) => self.price(market, side),
            (_, Side::Buy) => times(market.tick, reference + away),
            (_, Side::Sell) => times(market.tick, reference.saturating_sub(away).max(1)),
        })
    }

    fn behind(&mut self, market: &Market) -> AskedStop {
        let (spread, reference) = (i128::from(self.world.spread), i128::from(market.reference_ticks));
        // In 10^-6 of a percent.
        let tick = 100_000_000 / reference;
        match self.dice.below(40) {
            0 => AskedStop::Behind(times(market.tick, self.dice.of(&[0, 100 * reference.unsigned_abs() + 1]))),
            1 => AskedStop::Behind(Decimal::new(market.tick * 2 + 5, 13).expect("it is short")),
            2 => AskedStop::BehindPercent(self.dice.of(&[0, 1, 100, 101].map(|all| times(1_000_000_000_000, all)))),
            3 => AskedStop::BehindPercent(Decimal::new(5, 7).expect("it is short")),
            4..22 => AskedStop::Behind(times(market.tick, 1 + u128::from(self.dice.below(self.world.spread)))),
            _ => {
                let most = u64::try_from(tick * spread).expect("it is short");
                AskedStop::BehindPercent(times(1_000_000, 1 + u128::from(self.dice.below(most.min(99_999_999)))))
            }
        }
    }
}

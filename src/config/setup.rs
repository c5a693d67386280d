//! From a venue's configuration to what its OrderBook is started with.

use tradepit_actors::{Chance, Clock, Setup};
use tradepit_engine::{Quoting, Rules};
use tradepit_market::{Preset, Simulated};

use super::{Market, UnknownSymbols, VenueConfig};

impl VenueConfig {
    /// With ids and delays of this chance, a market of this seed, and this clock.
    pub(crate) fn setup(&self, chance: Chance, market_seed: u64, clock: Clock) -> Setup {
        let simulated = self.simulated(market_seed);
        Setup {
            delay: self.delay,
            long_delay: self.long_delay,
            chance,
            clock,
            max_orders: self.max_orders.get(),
            rules: self.rules(simulated),
            rule_list: self.rules.clone().unwrap_or_default().0,
            simulated,
            history: self.history,
            mailbox: self.mailbox.get(),
        }
    }

    /// The market that moves, where one does.
    fn simulated(&self, seed: u64) -> Option<Simulated> {
        let of = |preset| Some(Simulated { seed, preset });
        match self.market {
            Market::Calm => of(Preset::Calm),
            Market::Volatile => of(Preset::Volatile),
            Market::Frozen | Market::None => None,
        }
    }

    fn rules(&self, simulated: Option<Simulated>) -> Rules {
        Rules {
            quoting: match simulated {
                Some(simulated) => Quoting::Moving(simulated.moving()),
                None if self.market == Market::None => Quoting::Nobody,
                None => Quoting::Frozen,
            },
            listings: self.instruments.clone().unwrap_or_default().with_hours(self.hours.into()),
            max_instruments: self.max_instruments.get(),
            equity_hours: self.hours.into(),
            lists_unknown: self.unknown_symbols == UnknownSymbols::List,
        }
    }
}

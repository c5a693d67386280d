//! The simulated market: what the house quotes, and what the rest of the world trades with it, as functions of a seed,
//! a symbol and a time.
//!
//! Nothing here has a state, knows a clock or depends on who looks. What a price is at any moment, past or to come,
//! costs some 28 draws of chance; when it is first somewhere, or what a bar of any length is, is found from coarse to
//! fine without the steps between. All of it is integers: the same on every machine.
//!
//! | | |
//! |---|---|
//! | `draws.rs` | what its chance becomes: numbers that lie as a market's do |
//! | `power.rs` | powers of two with a fraction |
//! | `preset.rs` | how lively a market is |
//! | `walk.rs` | where a price is: a walk by midpoints |
//! | `quote.rs` | spread and ladder round it |
//! | `flow.rs` | what is traded with the house |
//! | `node.rs` | spans as they are looked through |
//! | `search.rs` | when a price is first somewhere |
//! | `tape.rs`, `bar.rs` | single trades, and bars of them |

mod bar;
mod draws;
mod flow;
mod node;
mod power;
mod preset;
mod quote;
mod search;
mod tape;
mod walk;

use std::ops::Range;

use tradepit_engine::{Awaited, Draws, House, Instrument, Moves, Moving, Touch};

pub use bar::Bar;
pub use preset::Preset;
pub use quote::{LEVELS, Ladder};
pub use tape::Print;

use flow::Flow;
use quote::Quotes;
use walk::Walk;

/// The markets of all instruments of a venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// Of what all chance in them is made.
    pub seed: u64,
    /// How lively they are.
    pub preset: Preset,
}

impl Simulated {
    /// That of an instrument.
    #[must_use]
    pub fn of(self, instrument: &Instrument) -> Market {
        Market::of(self.seed, self.preset, instrument)
    }

    /// The same, for an exchange whose house quotes by them.
    #[must_use]
    pub fn moving(self) -> Moving {
        Moving {
            seed: self.seed,
            of: match self.preset {
                Preset::Calm => |seed, instrument| Box::new(Market::of(seed, Preset::Calm, instrument)),
                Preset::Volatile => |seed, instrument| Box::new(Market::of(seed, Preset::Volatile, instrument)),
            },
        }
    }
}

/// The market of one instrument.
#[derive(Clone, Debug)]
pub struct Market {
    walk: Walk,
    quotes: Quotes,
    flow: Flow,
    sides: Draws,
}

impl Market {
    /// The market of an instrument, for a seed.
    #[must_use]
    pub fn of(seed: u64, preset: Preset, instrument: &Instrument) -> Market {
        let listing = instrument.listing();
        let draws = Draws::of(seed, listing.symbol.as_str().as_bytes());
        let quotes = Quotes::of(draws, instrument);
        let flow = Flow::of(draws, preset, quotes.lots());
        Market { walk: Walk::of(draws, preset, listing.class), quotes, flow, sides: draws.kind(400) }
    }

    /// The best prices at a step.
    #[must_use]
    pub fn touch(&self, step: u64) -> Touch {
        let span = self.walk.step(step);
        self.quotes.touch(step, self.walk.at(&span))
    }

    /// All that the house offers at a step.
    #[must_use]
    pub fn ladder(&self, step: u64) -> Ladder {
        self.quotes.ladder(&self.walk, &self.walk.step(step))
    }
}

impl Moves for Market {
    fn touch(&self, step: u64) -> Touch {
        self.touch(step)
    }

    fn house(&self, step: u64) -> House {
        let Ladder { bids, asks } = self.ladder(step);
        House::offering(bids.into_iter().flatten().collect(), asks.to_vec())
    }

    fn first_reached(&self, awaited: &Awaited, steps: Range<u64>) -> Option<u64> {
        self.first_reached(awaited, steps)
    }
}

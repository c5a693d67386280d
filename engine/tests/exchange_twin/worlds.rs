//! The worlds in which an exchange and its twin live: what is traded there, by whom, and how often what is asked.

use tradepit_engine::{Class, Decimal, Hours, Listing, Quoting, Rules, built_in};
use tradepit_kit::symbol;

/// A kind of life for an exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    pub(crate) seed: u64,
    pub(crate) quoting: Quoting,
    /// What is traded, beside what nobody knows.
    pub(crate) symbols: &'static [&'static str],
    pub(crate) max_orders: usize,
    /// How many may be listed beside what is at first.
    pub(crate) unknown: usize,
    pub(crate) commands: u64,
    /// So many of twenty commands cancel, and so many amend.
    pub(crate) cancels: u64,
    pub(crate) amends: u64,
    /// And so many place an order in place of another one.
    pub(crate) replaces: u64,
    /// One command in so many of the others makes something happen to an order; 0 for none.
    pub(crate) acts_once_in: u64,
    /// Due orders are executed once in so many commands: seldom, and bursts exceed what is told at a time.
    pub(crate) executes_once_in: u64,
    /// One order in so many is a native one.
    pub(crate) native_once_in: u64,
    /// Prices lie within so many ticks of the reference price.
    pub(crate) spread: u64,
    /// Who buys asks for less than who sells: orders rest.
    pub(crate) apart: bool,
    /// Most quantities are of at most so many lots.
    pub(crate) lots: u64,
    /// Native orders are of up to two to the power of this.
    pub(crate) native_bits: u32,
    /// One order in so many takes all there is; 0 for none.
    pub(crate) sweeps_once_in: u64,
    /// And none as long as fewer orders than so many rest.
    pub(crate) sweeps_beyond: usize,
    /// Names of each kind are drawn from so many; 0 where orders have none.
    pub(crate) names: u64,
    /// A day or two pass once in so many commands.
    pub(crate) days_once_in: u64,
    /// One rich order in so many waits for a price; 0 for none.
    pub(crate) stops_once_in: u64,
    /// A quote is set by hand, or taken back, once in so many commands; 0 for never.
    pub(crate) quotes_once_in: u64,
    /// One rich order in so many has legs; 0 for none.
    pub(crate) legs_once_in: u64,
    /// An instrument is halted, opened, changed or listed once in so many commands; 0 for never.
    pub(crate) halts_once_in: u64,
    /// So many accounts are opened, with limits; 0 for none.
    pub(crate) accounts: u64,
    /// Whether one of them has sessions: all that is due is then done before anything else.
    pub(crate) has_hours: bool,
}

/// An instrument with fees and odd steps, of which the house has little; one whose reference price is the lowest there
/// is, so that the house does not buy; one of coarse prices, which has three lower ones; and a dear one.
fn odd() -> [Listing; 4] {
    let number = |text: &str| Decimal::parse(text).expect("a number");
    let listing = |text: &str, tick, lot, price| Listing {
        class: Class::Crypto,
        quote: symbol("EUR"),
        tick: number(tick),
        lot: number(lot),
        reference_price: number(price),
        ..Listing::of_unknown(symbol(text))
    };
    let (maker_fee, taker_fee) = (number("0.000333333333"), number("0.0012345"));
    let (min_quantity, max_quantity) = (Some(number("0.2")), Some(number("3.7")));
    let odd = Listing { maker_fee, taker_fee, min_quantity, max_quantity, ..listing("ODD", "0.25", "0.1", "50.5") };
    let max_quantity = Some(number("9"));
    let penny = Listing { max_quantity, maker_fee, ..listing("PENNY", "0.01", "1", "0.01") };
    let lump = Listing { taker_fee, ..listing("LUMP", "5", "1", "20") };
    let max_quantity = Some(number("9000000000000000"));
    let dear = Listing { taker_fee, max_quantity, ..listing("DEAR", "1", "1", "9000000") };
    [odd, penny, lump, dear]
}

impl World {
    pub(crate) fn rules(&self) -> Rules {
        let nyx = Listing { hours: Hours::Nyse, ..Listing::of_unknown(symbol("NYX")) };
        let nyx = self.has_hours.then_some(nyx);
        let own = Listing { short: false, ..Listing::of_unknown(symbol("OWN")) };
        let stray = Listing { quote: symbol("XXX"), ..Listing::of_unknown(symbol("STRAY")) };
        let named = |listing: &Listing| self.symbols.contains(&listing.symbol.as_str());
        let own = [own, stray].into_iter().filter(named);
        let listings: Vec<Listing> = built_in().chain(odd()).chain(nyx).chain(own).collect();
        let max_instruments = listings.len() + self.unknown;
        let (lists_unknown, equity_hours) = (true, Hours::Always);
        Rules { quoting: self.quoting, listings, max_instruments, lists_unknown, equity_hours }
    }
}

/// Commands of one life: the list of all trades, which the twin walks along, stays short.
const ONE_LIFE: u64 = 1_000;

pub(crate) const USUAL: World = World {
    name: "usual",
    seed: 1,
    quoting: Quoting::Frozen,
    symbols: &["EURUSD", "AAPL", "BTC/USD", "ODD", "PENNY", "LUMP"],
    max_orders: 12,
    unknown: 1,
    commands: ONE_LIFE,
    cancels: 3,
    amends: 4,
    replaces: 0,
    acts_once_in: 0,
    executes_once_in: 2,
    native_once_in: 6,
    spread: 5,
    apart: false,
    lots: 20,
    native_bits: 4,
    sweeps_once_in: 0,
    sweeps_beyond: 0,
    names: 6,
    days_once_in: 60,
    stops_once_in: 8,
    quotes_once_in: 0,
    legs_once_in: 0,
    halts_once_in: 0,
    accounts: 0,
    has_hours: false,
};

/// Clients alone: they trade with each other.
pub(crate) const ALONE: World = World { name: "alone", seed: 2, quoting: Quoting::Nobody, days_once_in: 40, ..USUAL };

/// The house has little of each: orders go through several of its prices, and beyond the last.
pub(crate) const SCARCE: World = World {
    name: "scarce",
    seed: 3,
    symbols: &["ODD", "PENNY"],
    spread: 14,
    lots: 37,
    sweeps_once_in: 12,
    days_once_in: 200,
    native_bits: 7,
    ..USUAL
};

/// A tiny exchange, that forgets and is full.
pub(crate) const TINY: World =
    World { name: "tiny", seed: 4, max_orders: 4, names: 3, symbols: &["AAPL", "ODD"], ..USUAL };

/// Hundreds of small orders rest, and one takes them all.
pub(crate) const CROWDED: World = World {
    name: "crowded",
    seed: 5,
    quoting: Quoting::Nobody,
    symbols: &["EURUSD"],
    max_orders: 900,
    commands: 2_500,
    lots: 2,
    sweeps_once_in: 12,
    sweeps_beyond: 580,
    native_once_in: 40,
    days_once_in: 2_000,
    names: 0,
    spread: 3,
    apart: true,
    native_bits: 1,
    cancels: 1,
    amends: 3,
    executes_once_in: 8,
    stops_once_in: 0,
    ..USUAL
};

/// Hundreds of native orders fall due at once, others between them.
pub(crate) const BURST: World = World {
    name: "burst",
    seed: 6,
    symbols: &["EURUSD", "BTC/USD"],
    max_orders: 800,
    commands: 2_000,
    cancels: 1,
    amends: 0,
    executes_once_in: 700,
    native_once_in: 1,
    native_bits: 1,
    names: 0,
    days_once_in: 400,
    ..USUAL
};

/// Native orders of all that can be ordered: what they could come to is more than is counted.
pub(crate) const VAST: World = World {
    name: "vast",
    seed: 7,
    symbols: &["BTC/USD", "AAPL", "DEAR"],
    max_orders: 100,
    native_once_in: 2,
    native_bits: 53,
    ..USUAL
};

/// What the house has is often all taken, and orders rest where it was: its next quote meets them.
pub(crate) const QUOTED: World = World {
    name: "quoted",
    seed: 8,
    symbols: &["ODD"],
    spread: 3,
    lots: 40,
    native_once_in: 3,
    native_bits: 5,
    cancels: 0,
    amends: 1,
    executes_once_in: 6,
    max_orders: 30,
    days_once_in: 1_000,
    ..SCARCE
};

/// The house quotes what it is told to.
pub(crate) const BY_HAND: World = World {
    name: "by hand",
    seed: 9,
    symbols: &["ODD", "EURUSD"],
    lots: 30,
    quotes_once_in: 12,
    max_orders: 30,
    ..USUAL
};

/// Clients alone, many of whom wait for a price that others make.
pub(crate) const STOPS: World = World {
    name: "stops",
    seed: 10,
    quoting: Quoting::Nobody,
    symbols: &["EURUSD", "ODD"],
    stops_once_in: 2,
    spread: 6,
    lots: 6,
    max_orders: 40,
    native_once_in: 12,
    native_bits: 2,
    cancels: 3,
    amends: 4,
    names: 20,
    days_once_in: 150,
    ..USUAL
};

/// The same with a house that quotes what it is told to, or by itself.
pub(crate) const STOPS_BY_HAND: World = World {
    name: "stops by hand",
    seed: 11,
    quoting: Quoting::Frozen,
    symbols: &["ODD", "PENNY", "EURUSD"],
    quotes_once_in: 6,
    spread: 9,
    lots: 37,
    native_once_in: 5,
    native_bits: 4,
    ..STOPS
};

/// Clients alone, many of whose orders have legs.
pub(crate) const GROUPS: World = World {
    name: "groups",
    seed: 12,
    legs_once_in: 2,
    stops_once_in: 8,
    spread: 5,
    lots: 8,
    max_orders: 60,
    amends: 4,
    days_once_in: 60,
    ..STOPS
};

/// The same with a house that quotes what it is told to, or by itself.
pub(crate) const GROUPS_BY_HAND: World = World {
    name: "groups by hand",
    seed: 13,
    quoting: Quoting::Frozen,
    symbols: &["ODD", "EURUSD"],
    quotes_once_in: 6,
    lots: 37,
    native_once_in: 8,
    ..GROUPS
};

/// Instruments are halted, closed, opened, changed and listed.
pub(crate) const HALTS: World = World {
    name: "halts",
    seed: 12,
    symbols: &["ODD", "EURUSD"],
    amends: 7,
    halts_once_in: 8,
    quotes_once_in: 25,
    stops_once_in: 5,
    unknown: 3,
    lots: 30,
    max_orders: 30,
    native_once_in: 8,
    native_bits: 3,
    ..USUAL
};

/// The same among clients alone.
pub(crate) const HALTS_ALONE: World = World {
    name: "halts alone",
    seed: 13,
    quoting: Quoting::Nobody,
    quotes_once_in: 0,
    halts_once_in: 6,
    stops_once_in: 12,
    native_once_in: 20,
    spread: 3,
    lots: 12,
    cancels: 1,
    amends: 10,
    ..HALTS
};

/// The same, where many orders have legs.
pub(crate) const GROUPS_HALTED: World = World {
    name: "groups halted",
    seed: 15,
    legs_once_in: 2,
    halts_once_in: 12,
    max_orders: 50,
    spread: 5,
    ..HALTS_ALONE
};

/// One of them has sessions.
pub(crate) const SESSIONS: World = World {
    name: "sessions",
    seed: 14,
    symbols: &["NYX", "NYX", "ODD"],
    has_hours: true,
    halts_once_in: 40,
    days_once_in: 14,
    max_orders: 24,
    ..HALTS
};

/// Orders are placed in place of others.
pub(crate) const REPLACING: World = World {
    name: "replacing",
    seed: 16,
    symbols: &["EURUSD", "ODD", "BTC/USD"],
    amends: 2,
    replaces: 5,
    stops_once_in: 4,
    quotes_once_in: 25,
    max_orders: 30,
    lots: 30,
    ..USUAL
};

/// The same, where many orders have legs, and instruments are halted.
pub(crate) const REPLACING_GROUPS: World =
    World { name: "replacing groups", seed: 17, amends: 3, replaces: 4, halts_once_in: 20, names: 6, ..GROUPS_HALTED };

/// What nobody may sell who has it not, as long as that stands, among clients alone, on the account without a limit.
pub(crate) const OWNED: World = World {
    name: "owned",
    seed: 18,
    halts_once_in: 25,
    quoting: Quoting::Nobody,
    symbols: &["OWN", "OWN", "ODD"],
    replaces: 2,
    legs_once_in: 6,
    spread: 3,
    lots: 9,
    max_orders: 30,
    native_once_in: 12,
    ..USUAL
};

/// Accounts that can pay for little, under quotes.
pub(crate) const PURSES: World = World {
    name: "purses",
    seed: 19,
    symbols: &["ODD", "ODD", "ODD", "OWN", "LUMP", "STRAY"],
    accounts: 3,
    replaces: 2,
    quotes_once_in: 12,
    names: 3,
    spread: 30,
    max_orders: 40,
    native_once_in: 25,
    days_once_in: 200,
    ..USUAL
};

/// The same among clients alone, who often meet themselves, where some orders have legs.
pub(crate) const PURSES_ALONE: World = World {
    name: "purses alone",
    seed: 20,
    quoting: Quoting::Nobody,
    symbols: &["ODD", "OWN"],
    quotes_once_in: 0,
    legs_once_in: 6,
    amends: 6,
    spread: 8,
    ..PURSES
};

/// Much is made to happen by hand.
pub(crate) const ACTS: World = World {
    name: "acts",
    seed: 21,
    acts_once_in: 2,
    symbols: &["EURUSD", "ODD", "BTC/USD"],
    replaces: 1,
    quotes_once_in: 25,
    stops_once_in: 8,
    max_orders: 30,
    lots: 30,
    native_once_in: 4,
    ..USUAL
};

/// The same among clients alone, where many orders have legs and instruments are halted.
pub(crate) const ACTS_ON_GROUPS: World =
    World { name: "acts on groups", seed: 22, acts_once_in: 2, native_once_in: 8, ..GROUPS_HALTED };

/// The same with accounts that can pay for little.
pub(crate) const ACTS_OF_PURSES: World = World { name: "acts of purses", seed: 23, acts_once_in: 2, ..PURSES };

/// The same where one instrument has sessions.
pub(crate) const ACTS_IN_SESSIONS: World = World { name: "acts in sessions", seed: 24, acts_once_in: 2, ..SESSIONS };

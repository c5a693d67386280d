//! What a venue is like: the same flags, whichever venue it is.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use tradepit_actors::DelayModel;
use tradepit_engine::Hours;

use super::clock::{ClockConfig, parse_clock};
use super::instruments::{Listings, read_listings};
use super::{RuleList, count, count_or_none};
use crate::delay::{parse_age, parse_delay};

/// More orders, changes or requests than a machine holds; few enough that no sum of them overflows.
const HELD_AT_MOST: usize = 1_000_000_000;

/// More than there are symbols to trade.
const INSTRUMENTS_AT_MOST: usize = 10_000_000;

/// How a venue is set up.
#[derive(Clone, Debug, clap::Args)]
pub struct VenueConfig {
    /// How long an order waits before it executes.
    #[arg(long, env = "TRADEPIT_DELAY", default_value = "100ms..1s", value_parser = parse_delay)]
    pub delay: DelayModel,

    /// How long an order waits that is placed with the header `long_pending` or `long-pending`.
    #[arg(long, env = "TRADEPIT_LONG_DELAY", default_value = "5s", value_parser = parse_delay)]
    pub long_delay: DelayModel,

    /// Which time it is: real; frozen, which stands where the machine's clock is at the start; or a time, such as
    /// 2026-01-05T14:30:00Z, at which it stands. Behind an @ stands how many times as fast as the machine's it runs
    /// from there, up to 1000000: 2026-01-05T14:30:00Z@60, or @60. POST /clock/advance lets one that is not real go on.
    #[arg(long, env = "TRADEPIT_CLOCK", value_name = "CLOCK", default_value = "real", value_parser = parse_clock)]
    pub clock: ClockConfig,

    /// Makes delays and ids reproducible: a delay is a function of the seed and of how many orders were accepted
    /// before, an id of the seed and of the number of the change that accepts the order (an execution in between takes
    /// a number too) [default: a new seed at each start].
    #[arg(long, env = "TRADEPIT_SEED")]
    pub seed: Option<u64>,

    /// Removes closed orders, with their changes, so long after they were closed, counted back from the newest change:
    /// 30d, 12h. Needs --data-dir [default: never].
    #[arg(long, env = "TRADEPIT_RETAIN", value_name = "AGE", value_parser = parse_age, requires = "data_dir")]
    pub retain: Option<u64>,

    /// Keeps so many closed orders; the one closed longest ago is removed first, with its changes. Needs --data-dir
    /// [default: all].
    #[arg(long, env = "TRADEPIT_RETAIN_ORDERS", value_name = "COUNT", requires = "data_dir")]
    pub retain_orders: Option<NonZeroU64>,

    /// Orders held in memory. Beyond it the order closed longest ago is forgotten; when all are open, POST is answered
    /// with 503. One order takes about 140 bytes, beside its change in the history. With --data-dir only open orders
    /// count.
    #[arg(long, env = "TRADEPIT_MAX_ORDERS", default_value = "1000000", value_parser = count(HELD_AT_MOST))]
    pub max_orders: NonZeroUsize,

    /// Who quotes beside the clients. A house whose prices move is simulated, from the seed (docs/market.md); with
    /// --data-dir it goes on as the same one. With none a market order finds what clients offer, and no more; a native
    /// order executes all the same, at the reference price.
    #[arg(long, env = "TRADEPIT_MARKET", default_value = "calm", value_enum)]
    pub market: Market,

    /// A file of instruments, which are listed beside those that are built in, or in place of them; TOML, as
    /// docs/operating.md shows it. With --data-dir what was listed before stays as it was
    /// [default: what is built in].
    #[arg(long, env = "TRADEPIT_INSTRUMENTS", value_name = "FILE", value_parser = read_listings)]
    pub instruments: Option<Listings>,

    /// When equities trade that are listed without saying so. With --data-dir what was listed before stays as it was.
    #[arg(long, env = "TRADEPIT_HOURS", default_value = "always", value_enum)]
    pub hours: EquityHours,

    /// A file of rules: what becomes of orders on purpose; JSON, as PUT /rules takes it (docs/venues.md). With
    /// --data-dir rules that were set before stay as they are, also where there are none any more [default: none].
    #[arg(long, env = "TRADEPIT_RULES", value_name = "FILE", value_parser = RuleList::read_file)]
    pub rules: Option<RuleList>,
    /// A file of faults, what is made to go wrong on purpose of requests and streams: JSON, as PUT /faults takes it
    /// (docs/venues.md) [default: none].
    #[arg(long, env = "TRADEPIT_FAULTS", value_name = "FILE")]
    pub faults: Option<PathBuf>,

    /// Instruments that there may be; a symbol more that nobody knows is answered with 503.
    #[arg(long, env = "TRADEPIT_MAX_INSTRUMENTS", default_value = "100000", value_parser = count(INSTRUMENTS_AT_MOST))]
    pub max_instruments: NonZeroUsize,

    /// What becomes of a native order for a symbol that nobody knows.
    #[arg(long, env = "TRADEPIT_UNKNOWN_SYMBOLS", default_value = "list", value_enum)]
    pub unknown_symbols: UnknownSymbols,

    /// Recent changes held in memory for subscribers that ask with `since`. One takes about 50 bytes and its symbol's.
    /// With --data-dir older ones are read from there.
    #[arg(long, env = "TRADEPIT_HISTORY", default_value = "100000", value_parser = count_or_none(HELD_AT_MOST))]
    pub history: usize,

    /// Requests that may wait for the order book, and with --data-dir for the disk; one more is answered with 503 at
    /// once.
    #[arg(long, env = "TRADEPIT_MAILBOX", default_value = "10000", value_parser = count(HELD_AT_MOST))]
    pub mailbox: NonZeroUsize,
}

/// Who quotes beside the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Market {
    /// A house whose prices move: those of a share by some 0.8 % a day.
    Calm,
    /// One whose prices move by some 3 % a day.
    Volatile,
    /// A house that quotes round each instrument's reference price, and stays there.
    Frozen,
    /// Nobody.
    None,
}

/// When equities trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum EquityHours {
    /// At any time.
    Always,
    /// From 9:30 to 16:00 in New York, from Monday to Friday but on the holidays of its exchange.
    Nyse,
}

impl From<EquityHours> for Hours {
    fn from(hours: EquityHours) -> Hours {
        match hours {
            EquityHours::Always => Hours::Always,
            EquityHours::Nyse => Hours::Nyse,
        }
    }
}

/// What becomes of a native order for a symbol that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum UnknownSymbols {
    /// It is listed: a share in dollars at 100.00.
    List,
    /// The order is refused: 422.
    Refuse,
}

impl Default for VenueConfig {
    /// What the command line gives when nothing is said; the environment is not asked.
    fn default() -> VenueConfig {
        let count = |n| NonZeroUsize::new(n).expect("the defaults are not zero");
        VenueConfig {
            delay: DelayModel::Uniform { min_us: 100_000, max_us: 1_000_000 },
            long_delay: DelayModel::Fixed { us: 5_000_000 },
            clock: ClockConfig::Real,
            seed: None,
            retain: None,
            retain_orders: None,
            max_orders: count(1_000_000),
            market: Market::Calm,
            instruments: None,
            hours: EquityHours::Always,
            rules: None,
            faults: None,
            max_instruments: count(100_000),
            unknown_symbols: UnknownSymbols::List,
            history: 100_000,
            mailbox: count(10_000),
        }
    }
}

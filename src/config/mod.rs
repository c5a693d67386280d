//! Everything that can be set, by flag or environment variable.
//!
//! Owns the flags, their defaults, and how far each may go. Limits that nobody sets stand where they are enforced.
//! Knows the values that the edge and the actors are set up with; none of them knows a configuration.

mod clock;
mod instruments;
mod setup;
mod size;
mod tls;
mod venue;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use tradepit_actors::DelayModel;

pub use self::clock::ClockConfig;
pub use self::instruments::Listings;
use self::size::{GIBIBYTE, parse_size};
pub use self::tls::TlsConfig;
pub use self::venue::{EquityHours, Market, UnknownSymbols, VenueConfig};
use crate::delay::parse_delay;
use crate::edge::gate::{AllowedOrigin, Proxies, parse_host};
use crate::edge::rejects::REJECTS_AT_MOST;
pub use crate::rules::RuleList;

/// Beyond so many workers actix panics.
const WORKERS_AT_MOST: usize = 512;
/// More venues than a process has room for.
const VENUES_AT_MOST: usize = 1_000_000;
/// More connections than a process may have descriptors for.
const CONNECTIONS_AT_MOST: usize = 10_000_000;

const HELP: &str = "Delays are written as a range (100ms..1s: uniform), a single time (500ms: fixed), \
`lognormal(250ms,0.5)` (median and sigma, capped at 1 h) or `none`; units: ms, s, m, h. \
With --data-dir every order and change is kept, on disk before it is answered; `tradepit check`, `export`, `backup` \
and `restore` work on such a folder. \
Logs go to stderr; RUST_LOG sets their level (error, warn, info, debug, trace).";

/// How a server is set up: the process, and its venue.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Config {
    /// Address, or name of this machine, to listen on: on every address that the name has. localhost is 127.0.0.1 and
    /// ::1; 0.0.0.0 listens on all of IPv4, :: on all.
    #[arg(long, env = "TRADEPIT_HOST", default_value = "localhost")]
    pub host: String,

    /// Port to listen on; 0 picks a free one.
    #[arg(long, env = "TRADEPIT_PORT", default_value_t = 8000)]
    pub port: u16,

    /// Says that it is meant where whoever reaches the server may do everything: without it a server that listens on
    /// more than loopback, and asks clients for no certificate, warns of that [default: warns].
    #[arg(long, env = "TRADEPIT_INSECURE", value_parser = BoolishValueParser::new())]
    pub insecure: bool,

    /// How it proves who it is.
    #[command(flatten)]
    pub tls: TlsConfig,

    /// Origins whose web pages may place orders, listen and read the answers, such as http://localhost:3000; several
    /// with commas, or * for all [default: none but the server's own].
    #[arg(long, env = "TRADEPIT_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<AllowedOrigin>,

    /// Names, without a port, that browsers may know this server by where it listens on loopback only; several with
    /// commas, or * for all [default: localhost and loopback addresses].
    #[arg(long, env = "TRADEPIT_ALLOW_HOST", value_name = "HOST", value_delimiter = ',', value_parser = parse_host)]
    pub allow_host: Vec<String>,

    /// Addresses and networks, with commas between, of proxies whose Forwarded and X-Forwarded-* headers count; or
    /// none.
    #[arg(long, env = "TRADEPIT_TRUSTED_PROXY", value_name = "ADDRESSES", default_value = Proxies::DEFAULT)]
    pub trusted_proxy: Proxies,

    /// A random sleep on every route, before the request is handled.
    #[arg(long, env = "TRADEPIT_ROUTE_DELAY", default_value = "none", value_parser = parse_delay)]
    pub route_delay: DelayModel,

    /// Keeps everything in this folder, and goes on from there at the next start; the folder is made where it is
    /// missing [default: in memory only].
    #[arg(long, env = "TRADEPIT_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Threads that serve requests, 512 at most [default: half of the processors]. The order book lives on the first
    /// one; requests that come in there reach it without a thread hop.
    #[arg(long, env = "TRADEPIT_WORKERS", value_parser = count(WORKERS_AT_MOST))]
    pub workers: Option<NonZeroUsize>,

    /// Connections open at a time, in the whole server; one more is answered with 503 and closed. Each takes two file
    /// descriptors: where the process may not have so many, fewer connections are let in.
    #[arg(long, env = "TRADEPIT_MAX_CONNECTIONS", default_value = "8000", value_parser = count(CONNECTIONS_AT_MOST))]
    pub max_connections: NonZeroUsize,

    /// Refused requests that are kept in memory, the newest, for GET /rejects; 0 keeps none. They take 4 KiB each at
    /// most, all together.
    #[arg(long, env = "TRADEPIT_REJECTS", default_value = "1000", value_parser = count_or_none(REJECTS_AT_MOST))]
    pub rejects: usize,

    /// Venues that there may be beside main; one more is answered with 503.
    #[arg(long, env = "TRADEPIT_MAX_VENUES", default_value = "2000", value_parser = count(VENUES_AT_MOST))]
    pub max_venues: NonZeroUsize,

    /// What all venues beside main may hold in memory, roughly: then none is made, and the largest take no more orders:
    /// 512MiB, 4GiB.
    #[arg(long, env = "TRADEPIT_VENUES_MEMORY", value_name = "SIZE", default_value = "1GiB", value_parser = parse_size)]
    pub venues_memory: usize,

    /// What its venue is like.
    #[command(flatten)]
    pub venue: VenueConfig,
}

/// Reads a whole number from 1 to `most`.
pub(crate) fn count(most: usize) -> impl Fn(&str) -> Result<NonZeroUsize, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|number: &NonZeroUsize| number.get() <= most);
        number.ok_or_else(|| format!("write a whole number from 1 to {most}"))
    }
}

/// Reads a whole number from 0 to `most`.
pub(crate) fn count_or_none(most: usize) -> impl Fn(&str) -> Result<usize, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|&number| number <= most);
        number.ok_or_else(|| format!("write a whole number from 0 to {most}"))
    }
}

impl Config {
    pub(crate) fn worker_count(&self) -> usize {
        let half = || std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        self.workers.map_or_else(half, NonZeroUsize::get)
    }
}

impl Default for Config {
    /// What the command line gives when nothing is said; the environment is not asked.
    fn default() -> Config {
        let count = |n| NonZeroUsize::new(n).expect("the defaults are not zero");
        Config {
            host: "localhost".to_owned(),
            port: 8000,
            insecure: false,
            tls: TlsConfig::default(),
            allow_origin: Vec::new(),
            allow_host: Vec::new(),
            trusted_proxy: Proxies::DEFAULT.parse().expect("the default is a list of networks"),
            route_delay: DelayModel::None,
            data_dir: None,
            workers: None,
            max_connections: count(8_000),
            rejects: 1_000,
            max_venues: count(2_000),
            venues_memory: GIBIBYTE,
            venue: VenueConfig::default(),
        }
    }
}

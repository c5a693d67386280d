//! The command line of `tradepit bench`.
//!
//! Owns the flags, their units and defaults, and what is refused before a run
//! starts. Knows nothing of how a run is made; [`super::run`] reads it.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{BoolishValueParser, RangedU64ValueParser};

use super::mix::Mix;
use super::target::{Target, plain};

/// Measures a Tradepit server: places orders and times their execution.
///
/// Closed loop by default: every user opens a WebSocket, places an order, waits
/// for its EXECUTED message and goes on. With --rate, open loop: orders leave on
/// a fixed schedule, however slowly the server answers, and each is timed from
/// its scheduled moment. A run that falls behind says so, by how much, and
/// whether this tool or the server held it up. With --mix, limit orders are placed
/// around the touch, amended, replaced and cancelled, in either loop. Exit code 0:
/// no failure; 1: failures, or nothing measured; 2: bad flags, no server, or
/// nothing on it that a mix could trade.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Users, each with a WebSocket and a connection for its orders.
    #[arg(short, long, env = "TRADEPIT_BENCH_USERS", default_value_t = 100,
          value_name = "N", value_parser = count())]
    pub(super) users: u64,

    /// Users started per second; fractions are allowed.
    #[arg(short = 'r', long, env = "TRADEPIT_BENCH_SPAWN_RATE", default_value_t = 100.0,
          value_name = "PER_SECOND", value_parser = positive)]
    pub(super) spawn_rate: f64,

    /// Orders in total, or requests of a mix, over all users [default: as many as the time limit allows].
    #[arg(short, long, env = "TRADEPIT_BENCH_ITERATIONS", value_name = "N",
          value_parser = count())]
    pub(super) iterations: Option<u64>,

    /// Time limit, after which no order is placed: 500ms, 20s, 5m, 1h; a bare number is seconds.
    #[arg(short = 't', long, env = "TRADEPIT_BENCH_RUN_TIME", default_value = "20s",
          value_name = "TIME", value_parser = time_limit)]
    pub(super) run_time: Duration,

    /// The server, as http://name:port.
    #[arg(long, env = "TRADEPIT_BENCH_HOST", default_value = "http://127.0.0.1:8000", value_name = "URL",
          value_parser = plain)]
    pub(super) host: Target,

    /// How long after its due time an order may still be executed before it is a failure.
    ///
    /// Also the time that a request has to be answered and, with a mix, that orders have to end after they were
    /// cancelled in the end. Units as for --run-time.
    #[arg(long, env = "TRADEPIT_BENCH_GRACE", default_value = "10s",
          value_name = "TIME", value_parser = duration)]
    pub(super) grace: Duration,

    /// Open loop: orders, or requests of a mix, per second on a fixed schedule, instead of users.
    #[arg(long, env = "TRADEPIT_BENCH_RATE", value_name = "PER_SECOND",
          value_parser = positive, conflicts_with_all = ["users", "spawn_rate", "iterations"])]
    pub(super) rate: Option<f64>,

    /// Open loop: kept-alive connections that carry the orders, one at a time each.
    #[arg(long, env = "TRADEPIT_BENCH_CONNECTIONS", default_value_t = 16,
          value_name = "N", value_parser = count(), requires = "rate")]
    pub(super) connections: u64,

    /// What is sent: native orders, each waited for, or limit orders that are placed, amended, replaced and cancelled.
    ///
    /// Not native: users or connections send one request after the other, -i and --rate count requests, one subscriber
    /// hears for all, and each user or connection has at most 64 orders open. After the run its open orders are
    /// cancelled.
    #[arg(long, env = "TRADEPIT_BENCH_MIX", value_enum, default_value_t = Mix::Native, value_name = "MIX")]
    pub(super) mix: Mix,

    /// What --mix limit or book trades: any instrument of the server [default: EURUSD].
    #[arg(long, env = "TRADEPIT_BENCH_SYMBOL", value_name = "SYMBOL", value_parser = symbol)]
    pub(super) symbol: Option<String>,

    /// Exit code 1 also where the run fell short of what was asked for: behind the schedule of --rate, or over before
    /// all orders of --iterations, or else all users, had their turn.
    #[arg(long, env = "TRADEPIT_BENCH_STRICT", value_parser = BoolishValueParser::new())]
    pub(super) strict: bool,

    /// Writes the report as a web page without external parts.
    #[arg(long, env = "TRADEPIT_BENCH_HTML", value_name = "FILE")]
    pub(super) html: Option<PathBuf>,

    /// Writes the figures, every failed order included, as JSON.
    #[arg(long, env = "TRADEPIT_BENCH_JSON", value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
}

impl Args {
    /// The mix, where it is not native orders alone.
    pub(super) fn mixed(&self) -> Option<Mix> {
        (self.mix != Mix::Native).then_some(self.mix)
    }

    /// What a mix trades.
    pub(super) fn symbol(&self) -> &str {
        self.symbol.as_deref().unwrap_or("EURUSD")
    }
}

/// A symbol of the contract, which needs no quoting in a path or in JSON.
fn symbol(text: &str) -> Result<String, String> {
    let spelt = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte));
    match spelt && (1..=32).contains(&text.len()) {
        true => Ok(text.to_owned()),
        false => Err("must be 1 to 32 characters of A-Z a-z 0-9 . _ / -".to_owned()),
    }
}

/// A whole number from 1 to a million million, so that no sum of them overflows.
fn count() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..=1_000_000_000_000)
}

/// A rate: above zero, and not above a million a second.
fn positive(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if rate > 0.0 && rate <= 1e6 { Ok(rate) } else { Err("must be above 0 and at most 1000000".to_owned()) }
}

/// A duration that leaves time to measure anything.
fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("must be above 0".to_owned()),
        time => Ok(time),
    }
}

/// Reads `500ms`, `20s`, `1.5m`, `2h`; a bare number is seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let seconds = match unit.trim() {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("unknown unit {other:?}: use ms, s, m or h")),
    };
    let number: f64 =
        number.parse().map_err(|_| "expected a number and a unit, such as 500ms, 20s, 5m or 1h".to_owned())?;
    // Above this a moment would no longer fit the run's time axis everywhere.
    let limit = 366.0 * 24.0 * 3600.0;
    if number * seconds > limit {
        return Err("must be at most a year".to_owned());
    }
    Ok(Duration::from_secs_f64(number * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Cli::try_parse_from(line.split(' ')).map(|cli| cli.args)
    }

    #[test]
    fn durations_have_four_units_and_default_to_seconds() {
        let ms = |text| duration(text).unwrap().as_millis();
        assert_eq!(ms("500ms"), 500);
        assert_eq!(ms("20s"), 20_000);
        assert_eq!(ms("20"), 20_000);
        assert_eq!(ms("1.5m"), 90_000);
        assert_eq!(ms("2h"), 7_200_000);
        assert_eq!(ms("0s"), 0);
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "s", "-1s", "5x", "1.2.3s", "10 000s", "9000h", "NaN"] {
            assert!(duration(text).is_err(), "{text:?} was read");
        }
        assert!(time_limit("0ms").is_err());
    }

    #[test]
    fn the_short_flags_are_those_of_the_readme() {
        let args = parse("bench -u 7 -r 2.5 -i 9 -t 3s --host http://127.0.0.1:81").unwrap();
        assert_eq!((args.users, args.iterations), (7, Some(9)));
        assert_eq!(args.spawn_rate, 2.5);
        assert_eq!(args.run_time, Duration::from_secs(3));
        assert_eq!(args.host.to_string(), "http://127.0.0.1:81");
    }

    #[test]
    fn native_orders_are_the_default_and_a_mix_trades_a_symbol() {
        let (native, mixed) = (parse("bench").unwrap(), parse("bench --mix book --rate 10").unwrap());
        assert_eq!((native.mixed(), mixed.mixed(), mixed.symbol()), (None, Some(Mix::Book), "EURUSD"));
        assert_eq!(parse("bench --mix limit --symbol BTC/USD").unwrap().symbol(), "BTC/USD");
        for line in ["bench --mix all", "bench --mix limit --symbol BTC%2FUSD", "bench --mix limit --symbol="] {
            assert!(parse(line).is_err(), "{line} was accepted");
        }
    }

    #[test]
    fn a_rate_excludes_users_and_senseless_numbers_are_refused() {
        assert!(parse("bench --rate 10 --connections 4").is_ok());
        for line in [
            "bench --rate 10 -u 5",
            "bench --rate 10 -i 5",
            "bench --rate 0",
            "bench --rate nan",
            "bench -u 0",
            "bench -r -1",
            "bench -t 0",
            "bench --host https://127.0.0.1",
        ] {
            assert!(parse(line).is_err(), "{line} was accepted");
        }
    }
}

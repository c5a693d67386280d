//! The load tool, `tradepit bench`: measures any server of the wire contract.
//!
//! Knows the contract only (`POST /orders/` and the text frames of `/ws`; a mix
//! also what amends, replaces and cancels) and nothing of this server's insides,
//! so that servers can be compared. Entry point: [`run`]. `closed` and `open` are
//! the two ways to place native orders, `mixed` sends a mix in either; all fill a
//! `record`, of which `summary` makes figures and `report`, `page` and `json` what
//! people and scripts read. `clock` alone reads time, and chance is `chance`'s.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod chance;
mod clock;
mod closed;
mod decimal;
mod demand;
mod desk;
mod failure;
mod feed;
mod frame;
mod instrument;
mod json;
mod kind;
mod ledger;
mod markup;
mod mix;
mod mixed;
mod open;
mod orders;
mod pace;
mod page;
mod phase;
mod plot;
mod post;
mod progress;
mod record;
mod report;
mod say;
mod schedule;
mod settings;
mod settle;
mod summary;
mod target;
mod trader;
mod usage;

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

pub use args::Args;
use clock::Clock;
use demand::Demand;
use failure::Failure;
use feed::Feed;
use instrument::{Instrument, Unfit};
use ledger::Ledger;
use mix::Mix;
use mixed::Loop;
use orders::Orders;
use phase::Course;
use post::Poster;
use record::Record;
use say::complain;
use settings::Settings;
use summary::Summary;
use target::Server;
pub use target::Target;

/// Why there was no run, or no report of it. Exit code 2.
#[derive(Debug, thiserror::Error)]
enum Unable {
    #[error("cannot reach {0} ({1}): start it with \"tradepit serve\", or name another with --host")]
    Unreachable(Target, Failure),
    #[error("{0} answers, but not as a Tradepit server ({1}): check --host")]
    NoTradepit(Target, Failure),
    #[error("nothing for --mix to trade on {0}: {1}: name an instrument of that server with --symbol")]
    Unfit(Target, Unfit),
    #[error("--symbol is what a mix trades: give --mix limit or --mix book too")]
    NoMix,
    #[error("cannot write {}: {}: name another file", .0.display(), .1)]
    File(PathBuf, io::Error),
    #[error("cannot start the runtime: {0}")]
    Runtime(io::Error),
    #[error("cannot write the figures as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Measures as `args` say and prints the report on stdout.
///
/// Blocks until the run is over, on a runtime of its own on this thread. The
/// exit code is 0 without failures, 1 with failures or when nothing was
/// measured (with `strict` also when it fell short of what was asked for), 2
/// when there was no run; that is told on stderr in one line.
pub fn run(args: Args) -> ExitCode {
    match measure(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(unable) => {
            complain(format_args!("tradepit bench: {unable}"));
            ExitCode::from(2)
        }
    }
}

fn measure(args: &Args) -> Result<bool, Unable> {
    if args.symbol.is_some() && args.mixed().is_none() {
        return Err(Unable::NoMix);
    }
    // Opened first: a wrong name is better told before the run than after it.
    let html = create(args.html.as_deref())?;
    let json = create(args.json.as_deref())?;
    // Two descriptors a user; where the limit cannot be raised, connecting will tell.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Unable::Runtime)?;
    let settings = Settings::new(args, started_at());
    let summary = tokio::task::LocalSet::new().block_on(&runtime, place_orders(args))?;

    let text = report::text(&summary, args.rate.is_some());
    // A closed pipe is the reader's wish, and the files are still to be written.
    let _ = io::stdout().lock().write_all(text.as_bytes());
    write(html, args.html.as_deref(), || Ok(page::text(&summary, &settings)))?;
    write(json, args.json.as_deref(), || json::text(&summary, &settings))?;
    Ok(summary.is_clean() && !(args.strict && summary.shortfall().is_some()))
}

/// Runs the loop that the flags ask for.
async fn place_orders(args: &Args) -> Result<Summary, Unable> {
    let unreachable = |failure| Unable::Unreachable(args.host.clone(), failure);
    let server = Server::resolve(&args.host).await.map_err(unreachable)?;
    greet(&server, &args.host).await?;

    let traded = match args.mixed() {
        Some(mix) => Some((mix, instrument(&server, args).await?)),
        None => None,
    };
    let record = Rc::new(RefCell::new(if traded.is_some() { Record::of_mix() } else { Record::default() }));
    let clock = Clock::start();
    let bar = progress::bar();
    let shown =
        tokio::task::spawn_local(progress::show(bar.clone(), clock, record.clone(), args.iterations, args.run_time));
    let ran = match traded {
        Some((mix, instrument)) => trade(args, server, clock, record.clone(), mix, instrument).await,
        None => natively(args, server, clock, record.clone()).await,
    };
    shown.abort();
    bar.finish_and_clear();
    let demand = ran.map_err(unreachable)?;
    Ok(Summary::of(record.take(), clock.now()).held_against(demand))
}

/// Places native orders.
async fn natively(args: &Args, server: Server, clock: Clock, record: Rc<RefCell<Record>>) -> Result<Demand, Failure> {
    match args.rate {
        Some(rate) => {
            let shared = Rc::new(open::Shared {
                server,
                clock,
                course: Course::begin(args.run_time + args.grace),
                ledger: RefCell::new(Ledger::new(record)),
                grace: args.grace,
            });
            open::run(shared, rate, args.connections, args.run_time).await
        }
        None => {
            let shared = Rc::new(closed::Shared {
                server,
                clock,
                course: Course::begin(args.run_time),
                record,
                grace: args.grace,
                left: Cell::new(args.iterations.unwrap_or(u64::MAX)),
            });
            Ok(closed::run(shared, args.users, args.spawn_rate, args.iterations).await)
        }
    }
}

/// Sends a mix.
async fn trade(
    args: &Args,
    server: Server,
    clock: Clock,
    record: Rc<RefCell<Record>>,
    mix: Mix,
    instrument: Instrument,
) -> Result<Demand, Failure> {
    let &Args { users, spawn_rate, iterations: requests, connections, run_time: length, grace, .. } = args;
    let (how, limit) = match args.rate {
        Some(rate) => (Loop::Open { rate, connections, length }, length + grace),
        None => (Loop::Closed { users, spawn_rate, requests }, length),
    };
    let orders = RefCell::new(Orders::new(grace));
    let course = Course::begin(limit);
    let shared = mixed::Shared { server, clock, course, record, grace, mix, instrument, orders };
    mixed::run(Rc::new(shared), how).await
}

/// What a mix trades, and where it stands.
async fn instrument(server: &Server, args: &Args) -> Result<Instrument, Unable> {
    let mut poster =
        Poster::connect(server, args.grace).await.map_err(|failure| Unable::Unreachable(args.host.clone(), failure))?;
    let found = Instrument::fetch(&mut poster, args.symbol()).await;
    found.map_err(|unfit| Unable::Unfit(args.host.clone(), unfit))
}

/// Makes sure that there is a server that takes subscribers.
async fn greet(server: &Server, host: &Target) -> Result<(), Unable> {
    match Feed::subscribe(server, 4096).await {
        Ok(feed) => {
            feed.leave().await;
            Ok(())
        }
        Err(failure @ (Failure::Refused(_) | Failure::NoWebSocket(_))) => {
            Err(Unable::NoTradepit(host.clone(), failure))
        }
        Err(failure) => Err(Unable::Unreachable(host.clone(), failure)),
    }
}

/// Now, to the second, as RFC 3339.
fn started_at() -> String {
    let second = clock::wall().div_euclid(1_000_000);
    jiff::Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string())
}

fn create(path: Option<&Path>) -> Result<Option<File>, Unable> {
    path.map(|path| File::create(path).map_err(|error| Unable::File(path.to_owned(), error))).transpose()
}

fn write(
    file: Option<File>,
    path: Option<&Path>,
    text: impl FnOnce() -> serde_json::Result<String>,
) -> Result<(), Unable> {
    if let (Some(mut file), Some(path)) = (file, path) {
        file.write_all(text()?.as_bytes()).map_err(|error| Unable::File(path.to_owned(), error))?;
    }
    Ok(())
}

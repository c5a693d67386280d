//! The command line: what can be said, and what comes of it.
//!
//! Owns the commands, the log's set-up and the exit codes. Each command is handed its arguments and does the rest
//! itself.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use log::LevelFilter;
use tradepit_engine::Seq;
use tradepit_load as load;

use crate::config::Config;
use crate::ops::health::command as health;
use crate::say::{complain, say};
use crate::start::{self, Panics};
use crate::tools::{self, DataDir};
use crate::{server, signals};

/// Bad flags, or a server that cannot start: the code that clap uses too.
const USAGE: u8 = 2;
/// What is logged where RUST_LOG says nothing.
const LOGGED: &str = "info,actix_server=warn";

/// A trading backend that you run yourself, to build and test trading clients against.
#[derive(Debug, Parser)]
#[command(name = "tradepit", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(Box<Config>),
    Bench(load::Args),
    Health(health::Args),
    Replay(tools::ReplayArgs),
    Rules(tools::RulesArgs),
    Venue(tools::VenueArgs),
    /// Check a data folder: the sequence, every checksum, the orders against the changes.
    ///
    /// Prints what it counted. Exit code 1 where anything is wrong. Works beside a running server.
    Check(DataDir),
    /// Write every change, fill or account to stdout.
    Export {
        #[command(flatten)]
        data_dir: DataDir,
        /// How.
        #[arg(long, value_enum)]
        format: tools::Format,
        /// What.
        #[arg(long, value_enum, default_value = "changes")]
        what: tools::What,
        /// Only the changes after this number.
        #[arg(long, default_value_t = 0, value_name = "SEQ")]
        since: u64,
    },
    /// Copy the database to one file, also while the server runs.
    ///
    /// The copy is as of one moment, and a venue of its own: `tradepit restore` makes a data folder of it.
    Backup {
        #[command(flatten)]
        data_dir: DataDir,
        /// The file to write; it must not exist.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Make a data folder of a backup.
    ///
    /// The backup is checked whole and copied before anything is changed. A server must not be running on the folder.
    Restore {
        /// What `tradepit backup` wrote; it stays as it is.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        #[command(flatten)]
        data_dir: DataDir,
        /// Also where the folder holds a database: it is set aside, in the folder, as replaced-1, replaced-2 …
        #[arg(long)]
        force: bool,
    },
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    let cli = parse();
    start_log();
    match cli.command {
        Command::Serve(config) => run_server(*config),
        Command::Bench(args) => load::run(args),
        Command::Health(args) => health::run(args),
        Command::Replay(args) => tools::replay(&args),
        Command::Rules(args) => tools::rules(args),
        Command::Venue(args) => tools::venue(&args),
        Command::Check(data_dir) => tools::check(&data_dir),
        Command::Export { data_dir, format, what, since } => tools::export(&data_dir, format, what, Seq(since)),
        Command::Backup { data_dir, to } => tools::backup(&data_dir, &to),
        Command::Restore { from, data_dir, force } => tools::restore(&data_dir, &from, force),
    }
}

/// Reads the command line, or ends the process with what was asked for instead, or with what is wrong.
fn parse() -> Cli {
    let mut command = without_empty_variables(Cli::command());
    let read = command.try_get_matches_from_mut(std::env::args_os()).unwrap_or_else(|instead| match instead.kind() {
        // Help tells of every variable.
        ErrorKind::DisplayHelp => Cli::command().get_matches(),
        _ => instead.exit(),
    });
    Cli::from_arg_matches(&read).unwrap_or_else(|error| error.format(&mut command).exit())
}

/// An empty variable is not set: compose files write such where nothing was chosen.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let unset = |arg: clap::Arg| if arg.get_env().is_some_and(is_empty) { arg.env(Resettable::Reset) } else { arg };
    command.mut_args(unset).mut_subcommands(without_empty_variables)
}

/// Starts the log. What RUST_LOG says is read here first: env_logger panics over nonsense where stderr takes nothing,
/// and takes an empty variable for one that says that only errors count.
fn start_log() {
    let said = std::env::var("RUST_LOG").unwrap_or_default();
    let filter = match env_filter::Builder::new().try_parse(&said) {
        Ok(_) if !said.is_empty() => &said,
        Ok(_) => LOGGED,
        Err(error) => {
            complain(format_args!("tradepit: RUST_LOG is ignored: {error}; write a level, as in RUST_LOG=debug"));
            LOGGED
        }
    };
    let style = std::env::var("RUST_LOG_STYLE").unwrap_or_default();
    env_logger::Builder::new()
        // It calls an error what any client can make happen. Ours are counted, and told now and then.
        .filter_module("actix_http::h1", LevelFilter::Off)
        .parse_filters(filter)
        .parse_write_style(&style)
        .init();
}

fn run_server(config: Config) -> ExitCode {
    let panics = Panics::hold_back();
    let ready = |url: &str| {
        panics.let_out();
        say(format_args!("tradepit listening on {url}"));
    };
    let workers = config.worker_count();
    let stop = start::rehearse(workers).and_then(|()| signals::stop());
    let served = stop.map_err(|source| server::Error::Start { workers, source });
    match served.and_then(|stop| actix::System::new().block_on(server::serve(config, stop, ready))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let why = panics.held().map_or_else(String::new, |why| format!(" ({why})"));
            complain(format_args!("tradepit: {error}{why}"));
            ExitCode::from(error.exit_code())
        }
    }
}

impl server::Error {
    fn exit_code(&self) -> u8 {
        match self {
            server::Error::Listen { .. }
            | server::Error::Start { .. }
            | server::Error::Faults { .. }
            | server::Error::Tls(_)
            | server::Error::Refused(_) => USAGE,
            server::Error::Runtime(_) | server::Error::Store(_) | server::Error::OrderBookStopped => 1,
        }
    }
}

//! The command line: what can be said, and what comes of it.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tradepit_engine::Seq;

use crate::config::Config;
use crate::tools::{self, DataDir};
use crate::{load, server};

/// Bad flags, or a server that cannot start: the code that clap uses too.
const USAGE: u8 = 2;

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
    Serve(Config),
    Bench(load::Args),
    /// Check a data folder: the sequence, every checksum, the orders against the changes.
    ///
    /// Prints what it counted. Exit code 1 where anything is wrong. Works beside a running server.
    Check(DataDir),
    /// Write every change to stdout.
    Export {
        #[command(flatten)]
        data_dir: DataDir,
        /// How.
        #[arg(long, value_enum)]
        format: tools::Format,
        /// Only the changes after this number.
        #[arg(long, default_value_t = 0, value_name = "SEQ")]
        since: u64,
    },
    /// Copy the database to one file, also while the server runs.
    ///
    /// The copy is as of one moment. To use it, put it into an empty folder as tradepit.db.
    Backup {
        #[command(flatten)]
        data_dir: DataDir,
        /// The file to write; it must not exist.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn")).init();
    match cli.command {
        Command::Serve(config) => run_server(config),
        Command::Bench(args) => load::run(args),
        Command::Check(data_dir) => tools::check(&data_dir),
        Command::Export { data_dir, format, since } => tools::export(&data_dir, format, Seq(since)),
        Command::Backup { data_dir, to } => tools::backup(&data_dir, &to),
    }
}

fn run_server(config: Config) -> ExitCode {
    let ready = |url: &str| {
        // A closed stdout is no reason to stop serving.
        let mut stdout = std::io::stdout();
        let _ = writeln!(stdout, "tradepit listening on {url}").and_then(|()| stdout.flush());
    };
    match actix::System::new().block_on(async { server::serve(config, server::stop_signal(), ready).await }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tradepit: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

impl server::Error {
    fn exit_code(&self) -> u8 {
        match self {
            server::Error::Listen { .. } | server::Error::Refused(_) => USAGE,
            server::Error::Runtime(_) | server::Error::Store(_) | server::Error::OrderBookStopped => 1,
        }
    }
}

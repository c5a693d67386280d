//! The command line: what can be said, and what comes of it.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
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
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn")).init();
    match cli.command {
        Command::Serve(config) => run_server(config),
        Command::Bench(args) => load::run(args),
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
            server::Error::Listen { .. } => USAGE,
            server::Error::Runtime(_) | server::Error::OrderBookStopped => 1,
        }
    }
}

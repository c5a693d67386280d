//! The `tradepit` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    tradepit::cli::run()
}

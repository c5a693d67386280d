//! Commands on a data folder: check, export, backup. All of them work beside a running server.

mod backup;
mod check;
mod export;

use std::path::PathBuf;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tradepit_store::{Archive, Error, Folder};

pub(crate) use backup::backup;
pub(crate) use check::check;
pub(crate) use export::{Format, export};

use crate::say::complain;

/// The data folder of a server, running or not.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DataDir {
    /// The data folder.
    #[arg(long, env = "TRADEPIT_DATA_DIR", value_name = "DIR")]
    data_dir: PathBuf,
}

impl DataDir {
    fn open(&self) -> Result<Archive, Error> {
        Archive::open(&Folder::new(&self.data_dir))
    }
}

/// Exit code 0, or the error on stderr and its exit code.
fn conclude(result: Result<ExitCode, Error>) -> ExitCode {
    result.unwrap_or_else(|error| {
        complain(format_args!("tradepit: {error}"));
        ExitCode::from(match error {
            Error::Damaged { .. } | Error::Full(_) => 1,
            _ => 2,
        })
    })
}

/// A progress bar on stderr, where that is a terminal.
fn progress_bar(template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()).with_style(style)
}

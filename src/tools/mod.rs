//! Commands on a data folder: check, export, backup, restore, of which all but the last work beside a running server;
//! two that speak to a running server: replay, venue; and one that prints: rules.
//!
//! Owns the flag that names the folder, and the exit codes. Those on a folder work through the store's own doors; the
//! others are clients like any, and know of a server only its interface.

mod backup;
mod check;
mod export;
mod extract;
mod replay;
mod rules;
mod server;
mod venue;

use std::path::PathBuf;
use std::process::ExitCode;

use tradepit_store::{Archive, Error, Folder};

pub(crate) use backup::{backup, restore};
pub(crate) use check::check;
pub(crate) use export::{Format, What, export};
pub(crate) use replay::{Args as ReplayArgs, replay};
pub(crate) use rules::{Args as RulesArgs, rules};
pub(crate) use venue::{Args as VenueArgs, venue};

use crate::say::complain;

/// The data folder of a server, running or not.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DataDir {
    /// The data folder.
    #[arg(long, env = "TRADEPIT_DATA_DIR", value_name = "DIR")]
    data_dir: PathBuf,
}

impl DataDir {
    fn folder(&self) -> Folder {
        Folder::new(&self.data_dir)
    }

    fn open(&self) -> Result<Archive, Error> {
        Archive::open(&self.folder())
    }
}

/// Exit code 0, or the error on stderr and its exit code.
fn conclude(result: Result<ExitCode, Error>) -> ExitCode {
    result.unwrap_or_else(|error| {
        complain(format_args!("tradepit: {error}"));
        ExitCode::from(match error {
            Error::Damaged { .. } | Error::Stranger { .. } | Error::Full(_) => 1,
            _ => 2,
        })
    })
}

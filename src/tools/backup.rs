//! `tradepit backup`: a copy of the database, as it is at one moment.

use std::path::Path;
use std::process::ExitCode;

use super::{DataDir, conclude, progress_bar};
use crate::say::say;

/// Copies the database to a file that does not exist yet.
pub(crate) fn backup(data_dir: &DataDir, to: &Path) -> ExitCode {
    let bar = progress_bar("{bar:40} {bytes} of {total_bytes}");
    let copied = data_dir.open().and_then(|archive| {
        tradepit_store::backup::run(&archive, to, |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
    });
    bar.finish_and_clear();
    conclude(copied.map(|()| {
        say(format_args!("copied to {}; to use it, put it into an empty folder as tradepit.db", to.display()));
        ExitCode::SUCCESS
    }))
}

//! `tradepit backup` and `tradepit restore`: from a data folder to one file, and back.
//!
//! Tells how far it is, and what came of it; what is done stands in the store.

use std::path::Path;
use std::process::ExitCode;

use tradepit_store::Step;

use super::{DataDir, conclude};
use crate::progress::Progress;
use crate::say::say;

/// Copies the database to a file that does not exist yet.
pub(crate) fn backup(data_dir: &DataDir, to: &Path) -> ExitCode {
    let progress = Progress::begin("copying");
    let copied = data_dir
        .open()
        .and_then(|archive| tradepit_store::backup::run(&archive, to, |done, of| progress.tell(Step::Copy, done, of)));
    drop(progress);
    conclude(copied.map(|()| {
        let to = to.display();
        say(format_args!("copied to {to}; to use it: tradepit restore --from {to} --data-dir DIR"));
        ExitCode::SUCCESS
    }))
}

/// Makes a data folder of a backup.
pub(crate) fn restore(data_dir: &DataDir, from: &Path, force: bool) -> ExitCode {
    let progress = Progress::begin("checking");
    let mut tell = |step, done, of| progress.tell(step, done, of);
    let restored = tradepit_store::restore::run(from, &data_dir.folder(), force, &mut tell);
    drop(progress);
    conclude(restored.map(|restored| {
        let report = &restored.report;
        say(format_args!(
            "restored {} orders ({} open) as of change {}",
            report.orders, report.open_orders, report.newest.0
        ));
        if let Some(aside) = restored.aside {
            say(format_args!("what was there before is in {}", aside.display()));
        }
        ExitCode::SUCCESS
    }))
}

//! `tradepit check`: is everything there, and as it was written?
//!
//! Prints what the store's check counted; judges nothing itself.

use std::process::ExitCode;

use tradepit_store::Step;
use tradepit_store::check::{Report, belongs, run};

use super::{DataDir, conclude};
use crate::progress::Progress;
use crate::say::say;

/// Checks a data folder and prints what it counted; exit code 1 where anything is wrong.
pub(crate) fn check(data_dir: &DataDir) -> ExitCode {
    let progress = Progress::begin("checking");
    let report = belongs(&data_dir.folder())
        .and_then(|()| data_dir.open())
        .and_then(|archive| run(&archive, |done, of| progress.tell(Step::Check, done, of)));
    drop(progress);
    conclude(report.map(|report| print(&report)))
}

fn print(report: &Report) -> ExitCode {
    let Report { changes, oldest, newest, orders, open_orders, damage } = report;
    say(format_args!("changes: {changes} (without a gap from {} to {})", oldest.0, newest.0));
    say(format_args!("orders:  {orders} ({open_orders} open)"));
    for what in damage {
        say(format_args!("fault:   {what}"));
    }
    say(if damage.is_empty() { "no fault" } else { "DAMAGED" });
    ExitCode::from(u8::from(!damage.is_empty()))
}

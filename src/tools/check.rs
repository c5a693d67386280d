//! `tradepit check`: is everything there, and as it was written?

use std::process::ExitCode;

use tradepit_store::check::{Report, run};

use super::{DataDir, conclude, progress_bar};
use crate::say::say;

/// Checks a data folder and prints what it counted; exit code 1 where anything is wrong.
pub(crate) fn check(data_dir: &DataDir) -> ExitCode {
    let bar = progress_bar("{bar:40} {human_pos} of {human_len} changes");
    let report = data_dir.open().and_then(|archive| {
        run(&archive, |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
    });
    bar.finish_and_clear();
    conclude(report.map(|report| print(&report)))
}

fn print(report: &Report) -> ExitCode {
    let Report { changes, oldest, newest, orders, open_orders, faults } = report;
    say(format_args!("changes: {changes} (without a gap from {} to {})", oldest.0, newest.0));
    say(format_args!("orders:  {orders} ({open_orders} open)"));
    for fault in faults {
        say(format_args!("fault:   {fault}"));
    }
    say(if faults.is_empty() { "no fault" } else { "DAMAGED" });
    ExitCode::from(u8::from(!faults.is_empty()))
}

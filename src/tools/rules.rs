//! `tradepit rules`: prints a list of rules that has a name.

use std::process::ExitCode;

use crate::rules::presets::Preset;
use crate::rules::shown::file_of;
use crate::say::say;

/// Print the rules that a preset stands for, as a file has them: for `serve --rules FILE` and `PUT /rules`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Args {
    /// Which.
    #[arg(value_enum)]
    preset: Preset,
}

/// Prints them.
pub(crate) fn rules(args: Args) -> ExitCode {
    say(file_of(&args.preset.rules()).trim_end());
    ExitCode::SUCCESS
}

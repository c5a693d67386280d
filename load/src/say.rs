//! What the tool says to people beside its report, in whole lines on stderr.
//!
//! Nobody need listen: a stream that is closed, or of a reader who has gone, is no reason to end a run.

use std::fmt::Display;
use std::io::{self, Write};

/// Says a line, in one piece.
pub(super) fn complain(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

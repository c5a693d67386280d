//! What the process says to people, in whole lines, on stdout or stderr. Nobody need listen: a stream that is closed,
//! full or of a reader who has gone is no reason to fail, let alone to panic, which is what the macros of std do.

use std::fmt::Display;
use std::io::{self, Write};

/// Says a line on stdout.
pub(crate) fn say(line: impl Display) {
    write_line(io::stdout(), line);
}

/// Says a line on stderr.
pub(crate) fn complain(line: impl Display) {
    write_line(io::stderr(), line);
}

fn write_line(mut stream: impl Write, line: impl Display) {
    // In one piece, so that lines of several threads do not mix.
    let line = format!("{line}\n");
    let _ = stream.write_all(line.as_bytes()).and_then(|()| stream.flush());
}

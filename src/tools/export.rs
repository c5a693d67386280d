//! `tradepit export`: every change, as JSON lines or as a table.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use tradepit_engine::{Event, Key, Seq};
use tradepit_store::{ChangeFilter, Changes, Error};

use super::{DataDir, conclude};
use crate::wire::announcement::{WIRE, cells};

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line, each exactly as it was announced.
    Jsonl,
    /// Comma-separated, with a line of names first.
    Csv,
}

const COLUMNS: &str = "seq,at,id,stoks,quantity,status,due_at,client_order_id,idempotency_key";

/// Writes all changes after `since` to stdout.
pub(crate) fn export(data_dir: &DataDir, format: Format, since: Seq) -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write_changes(data_dir, format, since, &mut out);
    let flushed = out.flush();
    conclude(written.and_then(|written| {
        match written.and(flushed) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            // Whoever reads has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            Err(source) => Err(Error::Io { path: "stdout".into(), source }),
        }
    }))
}

fn write_changes(
    data_dir: &DataDir,
    format: Format,
    since: Seq,
    out: &mut impl Write,
) -> Result<io::Result<()>, Error> {
    let archive = data_dir.open()?;
    let mut result = if format == Format::Csv { writeln!(out, "{COLUMNS}") } else { Ok(()) };
    let mut after = since;
    while result.is_ok() {
        match archive.changes(after, &ChangeFilter::default())? {
            Changes::Held { events, upto, newest } => {
                result = events.iter().try_for_each(|event| write_change(format, event, out));
                after = upto;
                if upto >= newest {
                    break;
                }
            }
            Changes::Lost(lost) => {
                log::warn!("changes before {} are no longer kept", lost.oldest.0);
                after = Seq(lost.oldest.0 - 1);
            }
        }
    }
    Ok(result)
}

fn write_change(format: Format, event: &Event, out: &mut impl Write) -> io::Result<()> {
    let mut line = Vec::with_capacity(256);
    match format {
        Format::Jsonl => (WIRE.json)(event, &mut line),
        Format::Csv => {
            let origin = event.origin.as_deref();
            let names = [
                origin.and_then(|origin| origin.client_order_id.as_ref()),
                origin.and_then(|origin| origin.idempotency_key.as_ref()),
            ];
            write!(line, "{},{},{}", cells(event), quoted(names[0]), quoted(names[1]))?;
        }
    }
    line.push(b'\n');
    out.write_all(&line)
}

/// A name as a cell: it may have commas and quotes (RFC 4180 section 2).
fn quoted(name: Option<&Key>) -> String {
    match name.map(Key::as_str) {
        None => String::new(),
        Some(name) if name.contains([',', '"']) => format!("\"{}\"", name.replace('"', "\"\"")),
        Some(name) => name.to_owned(),
    }
}

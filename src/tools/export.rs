//! `tradepit export`: every change, or fill, or account, as JSON lines or as a table.
//!
//! Reads the archive piece by piece, beside a running server, and writes to stdout. A line of JSON is what was
//! announced.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use tradepit_engine::{ChangeFilter, Changes, Event, Label, Number, Seq};
use tradepit_store::Error;

use super::extract::{write_accounts, write_fills};
use super::{DataDir, conclude};
use crate::native::wire::announcement::{cells, write_exported};
use crate::progress::{Progress, Unit};

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line, each as it was announced; where a client gave its order an Idempotency-Key, that
    /// follows.
    Jsonl,
    /// Comma-separated, with a line of names first. A cell that a spreadsheet would take for a formula begins with '
    /// here.
    Csv,
}

/// What an export has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum What {
    /// Every change of a status.
    Changes,
    /// Every fill, as `GET /fills` lists it.
    Fills,
    /// What every account has, the house and the fees too: cash by currency, then positions by symbol.
    Accounts,
}

const COLUMNS: &str = "seq,at,id,stoks,quantity,status,due_at,client_order_id,idempotency_key";

/// Writes what happened after `since`, or what there is, to stdout.
pub(crate) fn export(data_dir: &DataDir, format: Format, what: What, since: Seq) -> ExitCode {
    let progress = Progress::begin("exporting");
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match what {
        What::Changes => write_changes(data_dir, format, since, &mut out, &progress),
        What::Fills => data_dir.open().and_then(|archive| {
            let first = archive.number_of(since)?.unwrap_or(Number(0));
            write_fills(&archive, format, first, &mut out)
        }),
        What::Accounts => data_dir.open().and_then(|archive| write_accounts(&archive, format, &mut out)),
    };
    let flushed = out.flush();
    drop(progress);
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
    progress: &Progress,
) -> Result<io::Result<()>, Error> {
    let archive = data_dir.open()?;
    let mut result = if format == Format::Csv { writeln!(out, "{COLUMNS}") } else { Ok(()) };
    // What is no longer kept begins with what is; beyond the newest nothing is told.
    let first = archive.number_of(since)?.unwrap_or(Number(0));
    let mut after = first;
    while result.is_ok() {
        match archive.changes(after, &ChangeFilter::default())? {
            Changes::Held { events, upto, newest } => {
                let mut told = events.iter().filter(|event| event.seq > since);
                result = told.try_for_each(|event| write_change(format, event, out));
                after = upto;
                progress.set(
                    "exporting",
                    Unit::Changes,
                    upto.0.saturating_sub(first.0),
                    newest.0.saturating_sub(first.0),
                );
                if upto >= newest {
                    break;
                }
            }
            Changes::Lost(lost) => {
                log::warn!("changes before {} are no longer kept", lost.oldest.0);
                after = lost.before;
            }
        }
    }
    Ok(result)
}

fn write_change(format: Format, event: &Event, out: &mut impl Write) -> io::Result<()> {
    let mut line = Vec::with_capacity(256);
    match format {
        Format::Jsonl => write_exported(event, &mut line),
        Format::Csv => {
            let names = event.origin().map(|origin| [&origin.client_order_id, &origin.idempotency_key]);
            let text = |name: Option<&Option<Label>>| cell(name.and_then(Option::as_ref).map_or("", Label::as_str));
            let [client_order_id, idempotency_key] = [0, 1].map(|kind| text(names.map(|names| names[kind])));
            let Some([seq, at, id, stoks, quantity, status, due_at]) = cells(event) else { return Ok(()) };
            let stoks = cell(&stoks);
            write!(line, "{seq},{at},{id},{stoks},{quantity},{status},{due_at},{client_order_id},{idempotency_key}")?;
        }
    }
    if line.is_empty() {
        return Ok(());
    }
    line.push(b'\n');
    out.write_all(&line)
}

/// What a client chose, as a cell that is nothing but text to whatever reads tables.
///
/// Spreadsheets run what begins with one of = + - @ (OWASP, "CSV injection"): such a text gets a ' in front, which they
/// take for the mark of a text. One that is not plain is quoted (RFC 4180 section 2), also where only another separator
/// than the comma would end it.
pub(super) fn cell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b'-' | b':');
    let formula = text.starts_with(['=', '+', '-', '@']);
    match (formula, text.bytes().all(plain)) {
        (false, true) => text.to_owned(),
        (false, false) => format!("\"{}\"", text.replace('"', "\"\"")),
        (true, _) => format!("\"'{}\"", text.replace('"', "\"\"")),
    }
}

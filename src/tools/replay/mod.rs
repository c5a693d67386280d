//! `tradepit replay`: a file of recorded quotes, of any size, to a server that runs, in pieces.
//!
//! Owns the flags and the words. `rows` reads the file; each piece is one request, of which the server does all or
//! nothing, so that what is told of a fault says what was done before it.

mod rows;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tradepit_engine::Symbol;
use tradepit_load::Target;

use super::server::{self, NoReply};
use crate::asking::Asked;
use crate::progress::{Progress, Unit};
use crate::say::{complain, say};
use rows::{Piece, Rows, Unread};

/// How long the server may take for a piece.
const LIMIT: Duration = Duration::from_secs(30);
/// More of a reply is not read: a piece has some 1 000 rows, each of which may have faults.
const REPLY_BYTES: u64 = 4 * 1024 * 1024;

const ROWS: &str = "application/x-ndjson";

/// Send a file of recorded quotes to a running server, which quotes them, each from its time on.
///
/// FILE has a JSON object on each line, as `{"at": "2026-11-28T08:00:00Z", "bid": "1.0845", "ask": "1.0846"}`, or is
/// comma-separated with a first line that names its columns: at, bid, ask and, where there are sizes, bid_size and
/// ask_size, in any order. Times are RFC 3339 and rise, from the rows on that the instrument has; prices are multiples
/// of its tick. It is sent in pieces of at most 60 KiB, of each of which the server does all or nothing; an instrument
/// has at most 1 000 000 rows. Where a row is faulty, its line is told, and up to which line all was done: mend it, and
/// go on with --from-line. Exit code 0: all was done; 1: it was not; 2: bad flags, or no file.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    /// The file; - for stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The instrument that is quoted.
    #[arg(long, value_name = "SYMBOL", value_parser = read_symbol)]
    symbol: Symbol,
    /// The server, as http://name:port, or https: then SSL_CERT_FILE may name a PEM file of those to trust.
    #[arg(long, env = "TRADEPIT_URL", default_value = "http://127.0.0.1:8000", value_name = "URL")]
    url: Target,
    /// The first line whose row is sent; the first of the file is 1.
    #[arg(long, default_value_t = 1, value_name = "LINE")]
    from_line: u64,
}

fn read_symbol(text: &str) -> Result<Symbol, String> {
    Symbol::new(text).map_err(|_| "a symbol has 1 to 32 of the characters A-Z a-z 0-9 . _ / -".to_owned())
}

/// Why it went no further.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("cannot read {file}: {why}")]
    File { file: String, why: Unread },
    #[error(transparent)]
    NoReply(#[from] NoReply),
    #[error("{0}")]
    Refused(String),
}

/// Rows as the server tells of them.
#[derive(Debug, Deserialize)]
struct Appended {
    count: u64,
    first_at: Option<String>,
    last_at: Option<String>,
}

/// What was done by now.
#[derive(Debug, Default)]
struct Done {
    rows: u64,
    /// The line of the last of them.
    line: u64,
    there_are: Option<Appended>,
}

/// Sends, and tells what came of it.
pub(crate) fn replay(args: &Args) -> ExitCode {
    let opened = open(args);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ((file, length), runtime) = match (opened, runtime) {
        (Ok(opened), Ok(runtime)) => (opened, runtime),
        (Err(why), _) => return give_up(&format!("cannot open {}: {why}", args.file.display())),
        (_, Err(why)) => return give_up(&format!("cannot start the runtime: {why}")),
    };
    let (progress, mut done) = (Progress::begin("replaying"), Done::default());
    let sent = runtime.block_on(send_all(args, file, (&progress, length), &mut done));
    drop(progress);
    tell(args, &done, sent.err())
}

fn give_up(why: &str) -> ExitCode {
    complain(format_args!("tradepit replay: {why}"));
    ExitCode::from(2)
}

/// The file, and its length where that is known.
fn open(args: &Args) -> io::Result<(Box<dyn BufRead>, u64)> {
    if args.file.as_os_str() == "-" {
        return Ok((Box::new(BufReader::new(io::stdin())), 0));
    }
    let file = File::open(&args.file)?;
    let length = file.metadata()?.len();
    Ok((Box::new(BufReader::new(file)), length))
}

async fn send_all(
    args: &Args,
    file: Box<dyn BufRead>,
    (progress, length): (&Progress, u64),
    done: &mut Done,
) -> Result<(), Failed> {
    let mut rows = Rows::of(file, args.from_line);
    let unread = |why| Failed::File { file: args.file.display().to_string(), why };
    while let Some(piece) = rows.next_piece().map_err(unread)? {
        done.there_are = Some(send(args, &piece).await?);
        done.rows += piece.lines.len() as u64;
        done.line = piece.lines.last().copied().unwrap_or(done.line);
        if length > 0 {
            progress.set("replaying", Unit::Bytes, rows.bytes(), length);
        }
    }
    Ok(())
}

async fn send(args: &Args, piece: &Piece) -> Result<Appended, Failed> {
    let path = format!("/replay/{}", args.symbol.as_str());
    let body = Some((ROWS, &piece.body[..]));
    let asked = Asked { method: "POST", path: &path, body, reply_bytes: REPLY_BYTES };
    let reply = server::ask(&args.url, asked, LIMIT).await?;
    if reply.status == 201
        && let Ok(appended) = serde_json::from_str(&reply.body)
    {
        return Ok(appended);
    }
    let faults = reply.faults(|place| place_of(place, &piece.lines)).filter(|_| reply.status == 422);
    Err(Failed::Refused(faults.unwrap_or_else(|| format!("{} answers {}: {}", args.url, reply.status, reply.reason()))))
}

/// Where in the file a fault is: its line, and what of it.
fn place_of(place: &[Value], lines: &[u64]) -> Option<String> {
    let row = place.get(1).and_then(Value::as_u64).and_then(|row| usize::try_from(row).ok());
    let line = row.and_then(|row| lines.get(row.checked_sub(1)?))?;
    let steps = place.iter().skip(2).map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
    let steps = steps.collect::<Vec<_>>().join(".");
    Some(if steps.is_empty() { format!("line {line}") } else { format!("line {line}: {steps}") })
}

fn tell(args: &Args, done: &Done, failed: Option<Failed>) -> ExitCode {
    let symbol = args.symbol.as_str();
    let Some(failed) = failed else {
        match &done.there_are {
            Some(Appended { count, first_at: Some(first), last_at: Some(last) }) => {
                say(format_args!("{} rows of {symbol} were appended: it has {count}, {first} to {last}", done.rows));
            }
            _ => say(format_args!("{} has no rows, and nothing was done", args.file.display())),
        }
        return ExitCode::SUCCESS;
    };
    for line in failed.to_string().lines() {
        complain(format_args!("tradepit replay: {line}"));
    }
    let before = match done.rows {
        0 => "nothing was appended".to_owned(),
        rows => format!("{rows} rows of {symbol} were appended, up to line {}, and none after it", done.line),
    };
    // Whether a piece was done whose answer did not come, nobody here knows.
    let doubt = match failed {
        Failed::NoReply(_) => ", unless the last piece was done too: GET /replay tells",
        Failed::File { .. } | Failed::Refused(_) => "",
    };
    complain(format_args!("tradepit replay: {before}{doubt}"));
    ExitCode::FAILURE
}

//! `tradepit venue`: venues of a server that runs, for shells.
//!
//! Owns the flags, and what is said of refusals. `written` reads what names a venue and what says a clock; `acts` asks
//! the server and says what came of it. Whether a value is right the server judges, which says so at its field.

mod acts;
mod written;

use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;
use tradepit_load::Target;

use super::server::NoReply;
use crate::say::{complain, say};
use written::{JsonFile, Named, WrittenClock};

/// Make, copy, list and remove venues of a running server, and let their time pass.
///
/// A venue is an exchange of its own in the same process (docs/venues.md). VENUE is its name, or the address that
/// `tradepit venue new` printed; the server of an address is asked in place of --url. Exit code 0: it was done; 1: it
/// was not, and stderr says why; 2: bad flags.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The server, as http://name:port, or https: then SSL_CERT_FILE may name a PEM file of those to trust.
    #[arg(long, global = true, env = "TRADEPIT_URL", default_value = "http://127.0.0.1:8000", value_name = "URL")]
    url: Target,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Act {
    /// Make a venue, and print its address, for V=$(tradepit venue new).
    New {
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        form: Form,
    },
    /// Print a table of all venues: orders accepted and open, WebSockets, and how long each is kept unused.
    List {
        #[command(flatten)]
        form: Form,
    },
    /// Let the time of a venue pass whose clock is not real; print what time it is there then.
    ///
    /// All that falls due by then has happened when this ends, which may take as long as an hour.
    Advance {
        /// Its name or address.
        venue: Named,
        #[command(flatten)]
        far: Far,
        #[command(flatten)]
        form: Form,
    },
    /// Copy a venue, with all that it holds at this moment, and print the copy's address.
    ///
    /// What is said of settings counts for the copy from then on; whatever is not is as in the other one. Its market
    /// cannot be another.
    Copy {
        /// Its name or address.
        venue: Named,
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        form: Form,
    },
    /// Let a venue begin anew, with what it was made with.
    Reset {
        /// Its name or address.
        venue: Named,
        #[command(flatten)]
        anew: Anew,
        #[command(flatten)]
        form: Form,
    },
    /// Remove venues, each with all that it has.
    Rm {
        /// Their names or addresses.
        #[arg(required = true, value_name = "VENUE")]
        venues: Vec<Named>,
    },
}

/// How what was answered is printed.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Form {
    /// Print what the server answers, as JSON, on one line.
    #[arg(long)]
    json: bool,
}

/// What a venue is made with: the body of `POST /venues`, where null is what is not said.
#[derive(Clone, Debug, clap::Args, Serialize)]
struct Settings {
    /// Its name: 1 to 64 of a-z 0-9 - _, first a letter or a digit [default: drawn].
    name: Option<String>,
    /// What ids, delays and prices follow from: a whole number [default: drawn, and told by --json].
    #[arg(long)]
    seed: Option<u64>,
    /// Which time it is: real; frozen, which stands at the moment of the making; or a time, such as
    /// 2026-01-05T14:30:00Z, at which it stands. Behind an @ stands how many times as fast as the machine's it runs
    /// from there, up to 1000000: 2026-01-05T14:30:00Z@60, or @60 [default: real].
    #[arg(long)]
    clock: Option<WrittenClock>,
    /// How long an order waits, up to 1h: none, 500ms, 100ms..1s or lognormal(250ms,0.5) [default: as the server was
    /// started].
    #[arg(long)]
    delay: Option<String>,
    /// The same, of an order that asks for a long wait [default: as the server was started].
    #[arg(long, value_name = "DELAY")]
    long_delay: Option<String>,
    /// Who quotes beside the clients: calm, volatile, frozen or none [default: as the server was started].
    #[arg(long)]
    market: Option<String>,
    /// When equities trade: always or nyse [default: as the server was started].
    #[arg(long)]
    hours: Option<String>,
    /// A file of rules, JSON as PUT /rules takes it: what becomes of orders on purpose; `tradepit rules realistic`
    /// prints one [default: as the server was started].
    #[arg(long, value_name = "FILE")]
    rules: Option<JsonFile>,
    /// A file of faults, JSON as PUT /faults takes it: what goes wrong on purpose [default: as the server was started].
    #[arg(long, value_name = "FILE")]
    faults: Option<JsonFile>,
    /// How long it is kept after its last request or socket, in ms, s, m, h or d, up to 3650d [default: 1h; for ever
    /// where --durable].
    #[arg(long, value_name = "TIME")]
    ttl: Option<String>,
    /// Keep it below the server's data folder, to be there again after a restart.
    #[arg(long)]
    durable: bool,
    /// Let the server's /metrics tell its figures by its name.
    #[arg(long)]
    metrics: bool,
}

/// How far a clock goes: the body of `POST /clock/advance`.
#[derive(Clone, Debug, clap::Args, Serialize)]
#[group(required = true, multiple = false)]
struct Far {
    /// By so long, in ms, s, m, h or d, up to 3650d: 90s, 1h.
    #[arg(long, value_name = "TIME")]
    by: Option<String>,
    /// To this time, RFC 3339, which is not past: 2026-01-05T15:00:00Z.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Over so many moments at which something happens, from 1 to 1000000.
    #[arg(long, value_name = "N")]
    events: Option<u64>,
}

/// What a venue begins anew with: the body of `POST /venues/{v}/reset`.
#[derive(Clone, Debug, clap::Args, Serialize)]
struct Anew {
    /// Another seed [default: the same].
    #[arg(long)]
    seed: Option<u64>,
    /// What of it stays that came later: accounts, instruments, or both with a comma between [default: nothing].
    #[arg(long, value_delimiter = ',', value_name = "WHAT")]
    keep: Vec<String>,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("{0}{advice}", advice = advice(.0))]
    NoReply(#[from] NoReply),
    #[error("{0}")]
    Refused(String),
}

/// What to do where nothing was answered.
fn advice(why: &NoReply) -> &'static str {
    match why {
        NoReply::Unreachable(..) => "; start it with tradepit serve, or name another one with --url",
        NoReply::Silent(..) => "; it may do it yet: tradepit venue list shows what there is",
        NoReply::NoHttp(_) => "; name a server of Tradepit with --url",
    }
}

/// Does it, and says what came of it.
pub(crate) fn venue(args: &Args) -> ExitCode {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(run(args)),
        Err(why) => {
            complain(format_args!("tradepit venue: cannot start the runtime: {why}"));
            ExitCode::from(2)
        }
    }
}

async fn run(Args { act, url }: &Args) -> ExitCode {
    let told = match act {
        Act::New { settings, form } => acts::make(url, settings, *form).await,
        Act::List { form } => acts::list(url, *form).await,
        Act::Advance { venue, far, form } => acts::advance(venue.server(url), &venue.name, far, *form).await,
        Act::Copy { venue, settings, form } => acts::copy(venue, url, settings, *form).await,
        Act::Reset { venue, anew, form } => acts::reset(venue.server(url), &venue.name, anew, *form).await,
        Act::Rm { venues } => {
            let mut is_done = true;
            for venue in venues {
                is_done &= tell(acts::remove(venue.server(url), &venue.name).await);
            }
            return ExitCode::from(u8::from(!is_done));
        }
    };
    ExitCode::from(u8::from(!tell(told)))
}

/// Says what was done, or why it was not; whether it was.
fn tell(told: Result<String, Failed>) -> bool {
    match &told {
        Ok(line) => say(line),
        Err(failed) => {
            failed.to_string().lines().for_each(|line| complain(format_args!("tradepit venue: {line}")));
        }
    }
    told.is_ok()
}

/// The flag that a fault is of.
fn flag_of(place: &[Value]) -> Option<String> {
    match place.get(1)?.as_str()? {
        "name" => Some("NAME".to_owned()),
        "from" => Some("VENUE".to_owned()),
        field => Some(format!("--{}", field.replace('_', "-"))),
    }
}

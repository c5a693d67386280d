//! What is asked of a server about venues, and what is said of its answers.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use serde_json::value::RawValue;
use tradepit_load::Target;

use super::written::{Named, address, path};
use super::{Anew, Failed, Far, Form, Settings, flag_of};
use crate::asking::Asked;
use crate::tools::server::{self, Reply};

/// How long the server may take.
const LIMIT: Duration = Duration::from_secs(30);
/// How long it may take where much may happen meanwhile.
const ADVANCE_LIMIT: Duration = Duration::from_secs(3_600);
/// More of a reply is not read.
const REPLY_BYTES: u64 = 1024 * 1024;
/// So many venues are asked for at a time.
const PAGE: usize = 100;

/// The body of `POST /venues`, of a copy.
#[derive(Serialize)]
struct Copying<'a> {
    from: &'a str,
    #[serde(flatten)]
    settings: &'a Settings,
}

#[derive(Deserialize)]
struct Shown {
    name: String,
    seed: Option<u64>,
    clock: ShownClock,
    counts: ShownCounts,
    ttl: Option<String>,
}

#[derive(Deserialize)]
struct ShownClock {
    mode: String,
    speed: Number,
}

#[derive(Deserialize)]
struct ShownCounts {
    orders: u64,
    open: u64,
    subscribers: u64,
}

#[derive(Deserialize)]
struct Advanced {
    now: String,
    changes: u64,
    number: u64,
}

/// Makes a venue; its address.
pub(super) async fn make(whom: &Target, settings: &Settings, form: Form) -> Result<String, Failed> {
    let reply = post(whom, "/venues", settings, LIMIT).await?;
    form_of(form, whom, &reply, |made: Shown| address(whom, &made.name))
}

/// Copies a venue; the address of the copy.
pub(super) async fn copy(venue: &Named, url: &Target, settings: &Settings, form: Form) -> Result<String, Failed> {
    let whom = venue.server(url);
    let reply = post(whom, "/venues", &Copying { from: &venue.name, settings }, LIMIT).await?;
    form_of(form, whom, &reply, |made: Shown| address(whom, &made.name))
}

/// Lets a venue's time pass; what time it is there.
pub(super) async fn advance(whom: &Target, name: &str, far: &Far, form: Form) -> Result<String, Failed> {
    let reply = post(whom, &format!("{}/clock/advance", path(name)), far, ADVANCE_LIMIT).await?;
    form_of(form, whom, &reply, |Advanced { now, changes, number }| {
        format!("{name} is at {now} (changes on the way: {changes}, the newest of all: {number})")
    })
}

/// Lets a venue begin anew.
pub(super) async fn reset(whom: &Target, name: &str, anew: &Anew, form: Form) -> Result<String, Failed> {
    let reply = post(whom, &format!("{}/reset", path(name)), anew, LIMIT).await?;
    form_of(form, whom, &reply, |shown: Shown| match shown.seed {
        Some(seed) => format!("{name} begins anew, with seed {seed}"),
        None => format!("{name} begins anew"),
    })
}

/// Removes a venue.
pub(super) async fn remove(whom: &Target, name: &str) -> Result<String, Failed> {
    let reply = ask(whom, ("DELETE", &path(name)), None, LIMIT).await?;
    done(whom, &path(name), reply).map(|_| format!("{name} is removed"))
}

/// All venues, in the order in which they were made.
pub(super) async fn list(whom: &Target, form: Form) -> Result<String, Failed> {
    let mut venues: Vec<(Box<RawValue>, Shown)> = Vec::new();
    loop {
        let after = venues.last().map_or_else(String::new, |(_, last)| format!("&after={}", last.name));
        let path = format!("/venues?limit={PAGE}{after}");
        let reply = ask(whom, ("GET", &path), None, LIMIT).await?;
        // The one that this page was to begin after has gone meanwhile.
        if reply.status == 422 && venues.pop().is_some() {
            continue;
        }
        let page: Vec<Box<RawValue>> = read(whom, &done(whom, &path, reply)?.body)?;
        let is_last = page.len() < PAGE;
        for json in page {
            let shown = read(whom, json.get())?;
            venues.push((json, shown));
        }
        if is_last {
            break;
        }
    }
    if form.json {
        let all: Vec<&str> = venues.iter().map(|(json, _)| json.get()).collect();
        return Ok(format!("[{}]", all.join(",")));
    }
    Ok(table(venues.into_iter().map(|(_, shown)| row_of(shown)).collect()))
}

fn row_of(Shown { name, clock, counts, ttl, .. }: Shown) -> [String; 6] {
    let clock = if clock.mode == "running" { format!("@{}", clock.speed) } else { clock.mode };
    let [orders, open, subscribers] = [counts.orders, counts.open, counts.subscribers].map(|count| count.to_string());
    [name, clock, orders, open, subscribers, ttl.unwrap_or_else(|| "stays".to_owned())]
}

/// Rows below their names, each column as wide as it must be.
fn table(rows: Vec<[String; 6]>) -> String {
    let head = ["NAME", "CLOCK", "ORDERS", "OPEN", "SUBSCRIBERS", "TTL"].map(str::to_owned);
    let rows: Vec<[String; 6]> = [head].into_iter().chain(rows).collect();
    let mut widths = [0; 6];
    for row in &rows {
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = cell.len().max(*width));
    }
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Sends a body that is done, or refused.
async fn post(whom: &Target, path: &str, body: &impl Serialize, limit: Duration) -> Result<Reply, Failed> {
    let body = serde_json::to_vec(body).map_err(|why| Failed::Refused(format!("cannot write the request: {why}")))?;
    done(whom, path, ask(whom, ("POST", path), Some(&body), limit).await?)
}

async fn ask(
    whom: &Target,
    (method, path): (&str, &str),
    body: Option<&[u8]>,
    limit: Duration,
) -> Result<Reply, Failed> {
    let body = body.map(|body| ("application/json", body));
    Ok(server::ask(whom, Asked { method, path, body, reply_bytes: REPLY_BYTES }, limit).await?)
}

/// The reply of what was done, or why it was not and what to do.
fn done(whom: &Target, path: &str, reply: Reply) -> Result<Reply, Failed> {
    if (200..300).contains(&reply.status) {
        return Ok(reply);
    }
    if let Some(faults) = reply.faults(flag_of).filter(|_| reply.status == 422) {
        return Err(Failed::Refused(faults));
    }
    let reason = reply.reason();
    let advice = match (reply.code().as_deref(), &reason[..]) {
        (Some("venue_exists"), _) => ": give another NAME, or remove it with tradepit venue rm".to_owned(),
        (Some("clock_is_real"), _) => {
            let venue = path.strip_suffix("/clock/advance").unwrap_or(path);
            format!(", as with curl -X PUT -d '{{\"mode\": \"frozen\"}}' {whom}{venue}/clock")
        }
        (_, "Venue not found") => ": tradepit venue list shows those that there are".to_owned(),
        _ => String::new(),
    };
    Err(Failed::Refused(format!("{whom}{path} answers {}: {reason}{advice}", reply.status)))
}

/// What was answered, as it is or in words.
fn form_of<T: DeserializeOwned>(
    form: Form,
    whom: &Target,
    reply: &Reply,
    words: impl FnOnce(T) -> String,
) -> Result<String, Failed> {
    let told = read(whom, &reply.body)?;
    Ok(if form.json { reply.body.trim_end().to_owned() } else { words(told) })
}

fn read<T: DeserializeOwned>(whom: &Target, json: &str) -> Result<T, Failed> {
    serde_json::from_str(json).map_err(|why| {
        Failed::Refused(format!("{whom} answers, but not as a server of Tradepit does ({why}): name one with --url"))
    })
}

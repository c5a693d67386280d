//! `/venues`: make, list, show, reset, remove.
//!
//! What was begun is done, also where whoever asked has gone: else a name would be left half made.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, rt, web};
use bytes::Bytes;
use tradepit_actors::{Clock, Piece, ReadInstruments, Venue, Which};
use tradepit_engine::{Listing, OpenAccount, Time};

use super::entry::{Entry, Made, Started, There};
use super::error::ControlError;
use super::new_venue::{Reset, VenueDraft};
use super::opening::{open_again, open_drafts};
use super::requests::{NewVenueBody, ResetBody};
use super::roster::Roster;
use super::settings;
use super::shown::{VenuesParameters, VenuesQuery, WireVenue, venue_body, venues_body};
use crate::config::RuleList;
use crate::edge::body;
use crate::edge::gate::Gate;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::edge::table::Table;
use crate::native::refused::{BodyRefused, ChangeRefused, QueryRefused};
use crate::native::reply::{json, page};
use crate::native::wire::error::Coded;

pub(crate) const VENUES: &str = "/venues";
pub(crate) const VENUE: &str = "/venues/{v}";
pub(crate) const RESET: &str = "/venues/{v}/reset";

/// Instruments that are asked for at a time.
const INSTRUMENTS_AT_ONCE: usize = 1_000;

/// Make a venue.
///
/// One exchange, whole: its orders, market, accounts, clock, chance, numbers. What `main` serves at `/X`, it serves at
/// `/venues/NAME/X`; venues share nothing but the process. It lives in memory, and is removed when nobody has used it
/// for its `ttl`; one that is `durable` is kept below the data folder, and there again after a restart. `from` is not
/// there yet: 422 `not_built`.
#[utoipa::path(
    post, path = VENUES, tag = "venues",
    request_body(
        content = NewVenueBody,
        examples(
            ("drawn" = (summary = "As main was started, with a name and a seed that are drawn", value = json!({}))),
            ("test" = (
                summary = "For one test: time stands, orders arrive at once",
                value = json!({"seed": 42, "clock": "frozen", "delay": "none", "market": "frozen", "ttl": "10m"})
            )),
            ("whole" = (
                summary = "With an account and an instrument of its own, at a time of its own",
                value = json!({"clock": {"start": "2026-01-05T14:30:00Z", "speed": 0}, "hours": "nyse",
                    "instruments": [{"symbol": "ACME", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
                        "reference_price": "12.50"}],
                    "accounts": [{"id": "alice", "cash": {"USD": "25000"}}], "rules": {"preset": "realistic"},
                    "metrics": true})
            )),
        ),
    ),
    responses(
        BodyRefused,
        (status = 201, description = "The venue", body = WireVenue),
        (status = 409, description = "There is a venue of this name", body = Coded),
        (status = 503, description = "There are as many venues as may be (`--max-venues`), or they hold as much as \
            they may (`--venues-memory`), or the disk does not take one that is to be kept", body = Detail),
    ),
)]
pub(crate) async fn make(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<Gate>,
    roster: web::Data<Roster>,
) -> Result<HttpResponse, ControlError> {
    let body = body::read(&request, payload).await?;
    let (sent, table, roster) = (body.clone(), gate.table, roster.into_inner());
    let made =
        whole(async move { make_as(&sent, table, &roster).await }).await.inspect_err(|_| keep_sent(&request, &body))?;
    show(&made, &mut HttpResponse::Created())
}

/// Does it, whatever becomes of who asked.
async fn whole<T: 'static>(work: impl Future<Output = Result<T, ControlError>> + 'static) -> Result<T, ControlError> {
    rt::spawn(work).await.unwrap_or_else(|_| Err(ControlError::overloaded("The server is stopping")))
}

async fn make_as(body: &[u8], table: &Table, roster: &Arc<Roster>) -> Result<Arc<Entry>, ControlError> {
    let mut draft = VenueDraft::read(body, &roster.basis(table))?;
    let is_flawless = draft.is_flawless();
    let reserved = is_flawless.then(|| roster.reserve(draft.name.as_deref())).transpose()?;
    let place = match &reserved {
        Some(reserved) => roster.place(&draft.made, reserved.name()).await?,
        // It is refused once its accounts were looked at.
        None => None,
    };
    let accounts = std::mem::take(&mut draft.accounts);
    let started = roster.start(&draft.made, place).await?;
    let opened = open_drafts(&started.venue, accounts).await;
    let made = opened.and_then(|flaws| Ok(draft.made_unless(flaws)?));
    let (Ok(made), Some(reserved)) = (&made, reserved) else {
        roster.discard(started).await;
        return Err(made.err().unwrap_or(ControlError::UNKNOWN_VENUE));
    };
    let there = There::now(made.clone(), started.clone());
    if let Err(error) = roster.finish(&started, || settings::write(made, there.made_at, body)).await {
        roster.discard(started).await;
        return Err(error);
    }
    let entry = roster.enter(&reserved, there);
    roster.watch(&entry);
    Ok(entry)
}

/// List venues.
///
/// In the order in which they were made, `main` first. When there are more than asked for, the header `Link` names the
/// next page.
#[utoipa::path(
    get, path = VENUES, tag = "venues",
    params(VenuesParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Venues", body = Vec<WireVenue>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
        (status = 403, description = "A page of another origin asks", body = Detail),
    ),
)]
pub(crate) async fn list_venues(
    request: HttpRequest,
    gate: web::Data<Gate>,
    roster: web::Data<Roster>,
) -> Result<HttpResponse, ControlError> {
    let query = VenuesQuery::parse(request.query_string())?;
    let entries = roster.after(query.after.as_deref()).ok_or_else(|| query.unknown_after())?;
    let there = entries.into_iter().filter_map(|entry| entry.there().map(|there| (entry, there)));
    let mut venues: Vec<(Arc<Entry>, There)> = there.take(query.limit + 1).collect();
    let has_more = venues.len() > query.limit;
    venues.truncate(query.limit);
    let last = venues.last().filter(|_| has_more).map(|(entry, _)| &*entry.name);
    Ok(page(&request, &gate, VENUES, last, venues_body(&venues)))
}

/// Show a venue.
#[utoipa::path(
    get, path = VENUE, tag = "venues",
    params(("v" = String, Path, description = "The venue's name.", example = "main")),
    responses(
        (status = 200, description = "The venue", body = WireVenue),
        (status = 403, description = "A page of another origin asks", body = Detail),
        (status = 404, description = "No such venue", body = Detail),
        (status = 503, description = "Overloaded", body = Detail),
    ),
)]
pub(crate) async fn show_venue(
    name: web::Path<String>,
    roster: web::Data<Roster>,
) -> Result<HttpResponse, ControlError> {
    show(&*roster.find(&name)?, &mut HttpResponse::Ok())
}

fn show(entry: &Entry, response: &mut HttpResponseBuilder) -> Result<HttpResponse, ControlError> {
    let there = entry.usable()?;
    Ok(json(response, venue_body(entry, &there)))
}

/// Remove a venue.
///
/// Its WebSockets are closed with 1001. `main` stays.
#[utoipa::path(
    delete, path = VENUE, tag = "venues",
    params(("v" = String, Path, description = "The venue's name.", example = "ci-42")),
    responses(
        ChangeRefused,
        (status = 204, description = "It is no more"),
        (status = 404, description = "No such venue", body = Detail),
        (status = 409, description = "It is `main`", body = Coded),
    ),
)]
pub(crate) async fn remove(name: web::Path<String>, roster: web::Data<Roster>) -> Result<HttpResponse, ControlError> {
    let (entry, roster) = (roster.find(&name)?, roster.into_inner());
    whole(async move { roster.remove(&entry).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Reset a venue.
///
/// It begins anew, as it was made: numbers from 1, counts at 0, its clock at its start, with the same seed unless one
/// is given. What came later goes, unless it is kept; kept accounts have their first cash. Its WebSockets are closed
/// with 1012. `main` stays as it is.
#[utoipa::path(
    post, path = RESET, tag = "venues",
    params(("v" = String, Path, description = "The venue's name.", example = "ci-42")),
    request_body(
        content = ResetBody,
        examples(
            ("same" = (summary = "As it was made", value = json!({}))),
            ("other" = (
                summary = "With another seed, and its accounts",
                value = json!({"seed": 7, "keep": ["accounts"]})
            )),
        ),
    ),
    responses(
        BodyRefused,
        (status = 200, description = "The venue, as it is now", body = WireVenue),
        (status = 404, description = "No such venue", body = Detail),
        (status = 409, description = "It is `main`", body = Coded),
    ),
)]
pub(crate) async fn reset(
    request: HttpRequest,
    name: web::Path<String>,
    payload: web::Payload,
    roster: web::Data<Roster>,
) -> Result<HttpResponse, ControlError> {
    let body = body::read(&request, payload).await?;
    let (entry, roster, sent) = (roster.find(&name)?, roster.into_inner(), body.clone());
    let of = Arc::clone(&entry);
    let done = whole(async move { reset_as(&sent, &of, &roster).await });
    done.await.inspect_err(|_| keep_sent(&request, &body))?;
    show(&entry, &mut HttpResponse::Ok())
}

async fn reset_as(body: &Bytes, entry: &Arc<Entry>, roster: &Arc<Roster>) -> Result<(), ControlError> {
    let reset = Reset::read(body)?;
    let anew = async |old: There| {
        let accounts = if reset.keeps_accounts { old.venue.accounts().opened() } else { old.made.accounts.clone() };
        let mut made = Made::clone(&old.made);
        made.config.seed = reset.seed.or(made.config.seed);
        let mut begins = made.clone();
        if reset.keeps_instruments {
            keep_instruments(&old.venue, &mut begins).await?;
        }
        if reset.keeps_rules {
            let rulebook = old.venue.rules().await?;
            begins.config.rules = Some(RuleList(rulebook.map_or_else(Arc::default, |book| Arc::clone(book.rules()))));
        }
        let started = roster.start(&begins, roster.place(&made, &entry.name).await?).await?;
        match begin_again(roster, &old, &made, &accounts, &started).await {
            Ok(Some(made_at)) => Ok(There::new(made, made_at, started)),
            refused => {
                roster.discard(started).await;
                Err(refused.err().unwrap_or_else(|| Reset::cannot_keep_accounts(body).into()))
            }
        }
    };
    roster.begin_anew(entry, anew).await?;
    roster.watch(entry);
    Ok(())
}

/// Opens its accounts in a venue that begins anew; returns when it is made, nothing where they cannot be opened.
async fn begin_again(
    roster: &Roster,
    old: &There,
    made: &Made,
    accounts: &[OpenAccount],
    started: &Started,
) -> Result<Option<Time>, ControlError> {
    if !open_again(&started.venue, accounts).await? {
        return Ok(None);
    }
    let made_at = Clock::wall();
    let given = match &old.place {
        Some(place) => roster.settings_of(place).await?,
        None => Vec::new(),
    };
    let given = settings::given(&given).unwrap_or_default();
    roster.finish(started, || settings::write(made, made_at, given)).await?;
    Ok(Some(made_at))
}

/// Lets a venue begin with the instruments that another one has.
async fn keep_instruments(of: &Venue, made: &mut Made) -> Result<(), ControlError> {
    let mut kept: Vec<Listing> = Vec::new();
    loop {
        let which = Which::Page { after: kept.last().map(|last| last.symbol), limit: INSTRUMENTS_AT_ONCE };
        let Some(Piece { items, has_more }) = of.instruments(ReadInstruments(which)).await? else { break };
        kept.extend(items.iter().map(|instrument| *instrument.listing()));
        if !has_more {
            break;
        }
    }
    let known = made.config.instruments.clone().unwrap_or_default();
    made.config.instruments = Some(known.with(kept.into_iter().map(|listing| (listing, true))));
    Ok(())
}

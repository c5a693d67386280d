//! `/ws`: the handshake, what the subscriber asks for, and the document that says what it is told.
//!
//! Owns what is asked of a handshake (RFC 6455 section 4.2.1). Registers with the feed before the 101 is sent, so that
//! no change in between is missed; from then on the connection is the session's. Knows no frame.

use std::sync::Arc;

use actix_web::http::Version;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{Begin, Disconnect, ReadInstruments, Registration, Which, handshake, open};
use tradepit_engine::Seq;

use crate::edge::connection::Connection;
use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::native::refused::QueryRefused;
use crate::native::requests::parameters::SubscribeParameters;
use crate::native::wire::channel::VOICE;
use crate::native::wire::channel_query::ChannelsQuery;
use crate::native::wire::error::ApiError;
use crate::native::wire::query::{Past, SubscribeQuery};
use crate::native::wire::reject::Said;

/// Tells which venue this is.
const VENUE: &str = "Tradepit-Venue";

pub(crate) const WS: &str = "/ws";

/// Subscribe to every change of every order.
///
/// A WebSocket: what it tells is described in `/asyncapi.json`.
#[utoipa::path(
    get, path = WS, tag = "announcements",
    params(SubscribeParameters),
    responses(
        QueryRefused,
        (status = 101, description = "WebSocket",
            headers(("Tradepit-Venue" = String, description = "The id of this venue's history, for `venue`"))),
        (status = 400, description = "The handshake is broken", body = Detail),
        (status = 403, description = "A page of another origin asks, and --allow-origin does not name it",
            body = Detail),
        (status = 404, description = "No instrument has one of `symbols`", body = Detail),
        (status = 426, description = "No upgrade to a WebSocket of version 13 is asked for", body = Detail,
            headers(("Upgrade" = String, description = "`websocket`"),
                ("Sec-WebSocket-Version" = String, description = "`13`"))),
        (status = 503, description = "Overloaded, or stopping", body = Detail),
    ),
)]
pub(crate) async fn subscribe(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    check_handshake(&request)?;
    let channels = ChannelsQuery::parse(request.query_string(), here.venue().accounts())?;
    let query = match &channels {
        None => SubscribeQuery::parse(request.query_string())?,
        Some(channels) => SubscribeQuery::of_venue(channels.venue.clone()),
    };
    if gate.is_stopping() {
        return Err(ApiError::overloaded("The server is stopping"));
    }
    let id = here.venue().id().to_string();
    query.require_venue(&id)?;
    let connection = request.conn_data::<Connection>().ok_or(ApiError::BrokenHandshake("No connection"))?;
    if let Some(channels) = channels {
        let begun = begin_channels(channels, &here, connection.disconnect()).await?;
        return answer(&request, id, begun, &here, payload);
    }
    let (voice, disconnect) = (query.format.voice(), connection.disconnect());
    let (registration, newest, newest_seq) =
        here.venue().subscribe(here.feed(), voice, query.filter, disconnect).await?;
    if query.rejects {
        here.feed().hear(&registration, Arc::new(Said(gate.rejects_of(&here))));
    }
    let begin = match query.past {
        Past::None => Begin::Live(newest),
        Past::Since(since) if since > newest_seq => return Err(SubscribeQuery::since_too_new(since, newest_seq)),
        Past::Since(since) => Begin::Since(here.venue().locate_seq(since).await?),
        Past::Last(count) => {
            let since = Seq(newest_seq.0.saturating_sub(count));
            Begin::Since(here.venue().locate_seq(since).await?)
        }
    };
    answer(&request, id, (registration, begin), &here, payload)
}

/// Subscribes to channels; returns where that begins.
async fn begin_channels(
    mut query: ChannelsQuery,
    here: &Here,
    disconnect: Disconnect,
) -> Result<(Registration, Begin), ApiError> {
    if !query.channels.symbols.is_empty() {
        let which = Which::Named(query.channels.symbols.clone());
        here.venue().instruments(ReadInstruments(which)).await?.ok_or(ApiError::UnknownInstrument)?;
    }
    if let Some(limit) = query.follows_all() {
        let which = Which::Page { after: None, limit };
        let all = here.venue().instruments(ReadInstruments(which)).await?.ok_or(ApiError::UnknownInstrument)?;
        if all.has_more {
            return Err(ChannelsQuery::too_many(limit));
        }
        query.following.symbols = all.items.iter().map(|instrument| instrument.listing().symbol).collect();
    }
    let heard = (Arc::new(query.channels.clone()), &query.following);
    let (registration, newest) = here.venue().subscribe_kept(here.feed(), &VOICE, heard, disconnect).await?;
    let begin = query.after(newest)?.map_or(Begin::Live(newest), Begin::Since);
    Ok((registration, begin))
}

/// The 101, and what is told from then on.
fn answer(
    request: &HttpRequest,
    id: String,
    (registration, begin): (Registration, Begin),
    here: &Here,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let mut response = handshake(request).map_err(|_| ApiError::BrokenHandshake("Broken WebSocket handshake"))?;
    response.insert_header((VENUE, id));
    Ok(response.streaming(open(registration, begin, Arc::clone(here.venue()), payload)))
}

pub(crate) async fn asyncapi() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(include_str!("asyncapi.json"))
}

/// Checks the handshake (RFC 6455 section 4.2.1): 426 where no WebSocket of this version is asked for, 400 where what
/// is asked for is broken.
fn check_handshake(request: &HttpRequest) -> Result<(), ApiError> {
    let headers = request.headers();
    if !has_token(headers, &header::UPGRADE, "websocket") {
        return Err(ApiError::UpgradeRequired);
    }
    if !has_token(headers, &header::CONNECTION, "upgrade") {
        return Err(ApiError::BrokenHandshake("The handshake lacks Connection: Upgrade"));
    }
    match headers.get(header::SEC_WEBSOCKET_VERSION) {
        Some(version) if version == "13" => {}
        Some(_) => return Err(ApiError::UpgradeRequired),
        None => return Err(ApiError::BrokenHandshake("The handshake lacks Sec-WebSocket-Version: 13")),
    }
    if request.version() < Version::HTTP_11 {
        return Err(ApiError::BrokenHandshake("A WebSocket needs HTTP/1.1"));
    }
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY);
    if !keys.next().is_some_and(|key| is_key(key.as_bytes())) || keys.next().is_some() {
        return Err(ApiError::BrokenHandshake("The handshake needs one Sec-WebSocket-Key: 16 bytes in base64"));
    }
    Ok(())
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| item.trim().eq_ignore_ascii_case(token))
}

/// 16 bytes in base64: 22 characters and `==`.
fn is_key(key: &[u8]) -> bool {
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.len() == 24 && key.ends_with(b"==") && key[..22].iter().all(base64)
}

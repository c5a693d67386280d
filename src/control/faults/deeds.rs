//! What a fault does, as it is written: one of the things that there are.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use bytes::Bytes;
use serde_json::value::RawValue;
use tradepit_actors::{DelayModel, StreamDeed};

use crate::delay::{parse_delay, parse_us};
use crate::edge::faults::rate::Rate;
use crate::edge::faults::reply::{Answer, Made};
use crate::edge::faults::{RequestDeed, When};
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_text};
use crate::native::wire::flaw::{Flaw, Place};
use crate::native::wire::number::read_integer;

/// Frames that one of them may wait for.
const REORDER_AT_MOST: u64 = 100;
/// More bytes than any reply has.
const TRUNCATE_AT_MOST: u64 = 1 << 30;

/// What is done, of which one is given.
const DEEDS: [&str; 10] =
    ["status", "delay", "drop", "truncate", "rate_limit", "close", "stall", "duplicate", "reorder", "skip"];

/// What tells how a reply is framed is no header of its own.
const FRAMING: [HeaderName; 4] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE];

/// What is done.
pub(super) enum Deed {
    OfRequests(RequestDeed),
    OfStreams(StreamDeed),
}

/// Reads what is done; a delay is one of frames where a stream is matched.
pub(super) fn read_deed(reading: &mut Reading<'_>, has_stream: bool) -> Option<Deed> {
    let given: Vec<&'static str> = DEEDS.into_iter().filter(|deed| reading.fields.given(deed).is_some()).collect();
    let answers = given == ["status"];
    reading.know(if answers { &["status", "body", "headers"] } else { &DEEDS });
    let &[deed] = &given[..] else {
        let msg = format!("Give one of {}", DEEDS.join(", "));
        let input = reading.fields.whole();
        reading.flaws.push(Flaw::in_body("one_deed", [], msg, input));
        return None;
    };
    let of_stream = |deed| Some(Deed::OfStreams(deed));
    match deed {
        "status" => read_answer(reading).map(|answer| Deed::OfRequests(RequestDeed::Answer(answer))),
        "delay" => reading.optional("delay", read_delay).map(|model| match has_stream {
            true => Deed::OfStreams(StreamDeed::Delay(model)),
            false => Deed::OfRequests(RequestDeed::Delay(model)),
        }),
        "drop" => reading.optional("drop", read_drop),
        "truncate" => {
            let bytes = reading.optional("truncate", |json| read_within(json, 0, TRUNCATE_AT_MOST))?;
            Some(Deed::OfRequests(RequestDeed::Truncate(usize::try_from(bytes).unwrap_or(usize::MAX))))
        }
        "rate_limit" => {
            reading.optional("rate_limit", read_rate).map(|rate| Deed::OfRequests(RequestDeed::Limit(rate)))
        }
        "close" => reading.optional("close", read_code).and_then(|code| of_stream(StreamDeed::Close(code))),
        "stall" => reading.optional("stall", read_span).and_then(|us| of_stream(StreamDeed::Stall(us))),
        "duplicate" => reading.optional("duplicate", read_yes).and_then(|()| of_stream(StreamDeed::Duplicate)),
        "reorder" => {
            let within = reading.optional("reorder", |json| read_within(json, 1, REORDER_AT_MOST))?;
            of_stream(StreamDeed::Reorder(within))
        }
        _ => reading.optional("skip", read_yes).and_then(|()| of_stream(StreamDeed::Skip)),
    }
}

fn read_answer(reading: &mut Reading<'_>) -> Option<Answer> {
    let status = reading.optional("status", read_status);
    let headers = reading.within("headers", read_headers).unwrap_or_default();
    let body = reading.optional("body", read_body);
    let has_none = status.is_some_and(|status| status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED);
    if body.is_some() && has_none {
        reading.flaw("body", "no_body", "A reply of this status has no body: leave it out");
    }
    let status = status?;
    Some(Answer { status, body, headers })
}

fn read_status(json: &RawValue) -> Result<StatusCode, Wrong> {
    let status = read_integer(json.get()).ok().filter(|status| (200..=599).contains(status));
    let status = status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    status.ok_or_else(|| ("status", "Input should be a status from 200 to 599".into()))
}

/// A text is one, anything else is JSON.
fn read_body(json: &RawValue) -> Result<Made, Wrong> {
    Ok(match serde_json::from_str::<String>(json.get()) {
        Ok(text) => Made { bytes: text.into(), media_type: "text/plain; charset=utf-8" },
        Err(_) => Made { bytes: Bytes::copy_from_slice(json.get().as_bytes()), media_type: "application/json" },
    })
}

fn read_headers(reading: &mut Reading<'_>) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::new();
    for (name, json) in reading.fields.all() {
        let known = HeaderName::try_from(&*name).ok().filter(|name| !FRAMING.contains(name));
        let value = serde_json::from_str::<String>(json.get()).ok().and_then(|text| HeaderValue::try_from(text).ok());
        match (known, value) {
            (Some(name), Some(value)) => headers.push((name, value)),
            _ => {
                let msg = "Input should be a header of its own, with a text of visible characters";
                let place = [Place::Field(crate::native::wire::input::beginning(&name).to_owned())];
                reading.flaws.push(Flaw::in_body("header", place, msg, json.into()));
            }
        }
    }
    headers
}

fn read_delay(json: &RawValue) -> Result<DelayModel, Wrong> {
    parse_delay(&read_text(json)?).map_err(|wrong| ("delay", wrong.into()))
}

/// A time of at most an hour.
fn read_span(json: &RawValue) -> Result<u64, Wrong> {
    parse_us(&read_text(json)?).map_err(|wrong| ("duration", wrong.into()))
}

/// `before` and `after` cut the connection of a request, `true` that of a stream.
fn read_drop(json: &RawValue) -> Result<Deed, Wrong> {
    match json.get() {
        "true" => Ok(Deed::OfStreams(StreamDeed::Drop)),
        "\"before\"" => Ok(Deed::OfRequests(RequestDeed::Drop(When::Before))),
        "\"after\"" => Ok(Deed::OfRequests(RequestDeed::Drop(When::After))),
        _ => Err(("enum", "Input should be 'before' or 'after', or true for a stream".into())),
    }
}

fn read_rate(json: &RawValue) -> Result<Rate, Wrong> {
    Rate::parse(&read_text(json)?).map_err(|wrong| ("rate", wrong.into()))
}

/// A code that a close frame may have (RFC 6455 section 7.4).
fn read_code(json: &RawValue) -> Result<u16, Wrong> {
    let code = read_integer(json.get()).ok().and_then(|code| u16::try_from(code).ok());
    let code = code.filter(|code| matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999));
    code.ok_or_else(|| {
        ("close_code", "Input should be a code of close frames: 1000 to 1003, 1007 to 1014, 3000 to 4999".into())
    })
}

fn read_yes(json: &RawValue) -> Result<(), Wrong> {
    if json.get() == "true" { Ok(()) } else { Err(("enum", "Input should be true".into())) }
}

fn read_within(json: &RawValue, least: u64, most: u64) -> Result<u64, Wrong> {
    let number = read_integer(json.get()).ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| ("count", format!("Input should be a whole number from {least} to {most}").into()))
}

//! Bodies: how large one may be, how it may come, and how long that may take.
//!
//! Refuses what says so in its head, and reads the rest within the limits, for whichever surface asks for it. Knows
//! nothing of what a body says.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tradepit_actors::Clock;

use super::connection::{Connection, EXCUSED_AFTER, hang_up};
use super::refusal::Refusal;
use super::rejects::keep_sent;

/// The largest body of a request, in bytes (contract, "Routes").
const BODY_BYTES: usize = 64 * 1024;
/// How long a body may take to come in (contract, "Routes").
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Refuses a body that says that it is too large (`length`), or compressed (`is_coded`: it says how it is coded),
/// before anything of it is read.
pub(super) fn check(headers: &HeaderMap, length: Option<&HeaderValue>, is_coded: bool) -> Result<(), Refusal> {
    let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > BODY_BYTES as u64) {
        return Err(Refusal::TooLarge);
    }
    if is_coded { check_coding(headers) } else { Ok(()) }
}

/// Refuses a body that says that it is not what it looks like (RFC 9110 section 8.4).
fn check_coding(headers: &HeaderMap) -> Result<(), Refusal> {
    let has_body = || {
        let length = headers.get(header::CONTENT_LENGTH);
        headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
    };
    let mut codings =
        headers.get_all(header::CONTENT_ENCODING).flat_map(|value| value.as_bytes().split(|&b| b == b','));
    let is_identity = |coding: &[u8]| coding.is_empty() || coding.eq_ignore_ascii_case(b"identity");
    if codings.all(|coding| is_identity(coding.trim_ascii())) || !has_body() {
        return Ok(());
    }
    Err(Refusal::UnknownCoding)
}

/// The whole body, if it is small enough and comes in time. Where it is not, the connection ends.
pub(crate) async fn read(request: &HttpRequest, body: web::Payload) -> Result<Bytes, Refusal> {
    let connection = request.conn_data::<Connection>();
    let mut come = Come::default();
    let body = {
        let mut gathered = pin!(gather(body, &mut come));
        let is_prompt = connection.is_some_and(|connection| connection.promptness().is_prompt());
        let seen = if is_prompt { look_twice(gathered.as_mut()).await } else { None };
        match seen {
            Some(body) => body,
            None => in_time(gathered).await,
        }
    };
    body.inspect_err(|_| {
        keep_sent(request, &come.take());
        hang_up(connection);
    })
}

/// Waits for the body as long as it may take; the server's own sleep does not count.
async fn in_time(mut gathered: Pin<&mut impl Future<Output = Result<Bytes, Refusal>>>) -> Result<Bytes, Refusal> {
    let mut until = Clock::monotonic() + BODY_WITHIN;
    loop {
        if let Ok(body) = tokio::time::timeout_at(until, &mut gathered).await {
            return body;
        }
        let now = Clock::monotonic();
        if now < until + EXCUSED_AFTER {
            return Err(Refusal::BodyTimeout);
        }
        until = now + BODY_WITHIN;
    }
}

/// What is there at the second look, which comes in one go with the first: a timer that is set at the first would
/// hardly ever be needed, and a waker that is left there would only wake for what is seen at the second anyway.
async fn look_twice<T>(mut gathered: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    let mut looked = false;
    poll_fn(|task| {
        if looked {
            return match gathered.as_mut().poll(task) {
                Poll::Ready(body) => Poll::Ready(Some(body)),
                Poll::Pending => Poll::Ready(None),
            };
        }
        looked = true;
        gathered.as_mut().poll(&mut Context::from_waker(Waker::noop())).map(Some)
    })
    .await
}

/// What of a body has come. Most come in one piece, which is then not copied.
#[derive(Default)]
struct Come {
    first: Bytes,
    gathered: BytesMut,
}

impl Come {
    fn take(&mut self) -> Bytes {
        let gathered = std::mem::take(&mut self.gathered);
        if gathered.is_empty() { std::mem::take(&mut self.first) } else { gathered.freeze() }
    }
}

async fn gather(mut body: web::Payload, come: &mut Come) -> Result<Bytes, Refusal> {
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Refusal::BrokenBody)?;
        if come.first.len().max(come.gathered.len()) + chunk.len() > BODY_BYTES {
            return Err(Refusal::TooLarge);
        }
        if come.first.is_empty() {
            come.first = chunk;
        } else {
            if come.gathered.is_empty() {
                come.gathered.extend_from_slice(&come.first);
            }
            come.gathered.extend_from_slice(&chunk);
        }
    }
    Ok(come.take())
}

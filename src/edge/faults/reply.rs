//! What a fault answers in place of a venue, and a reply that breaks off.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use bytes::Bytes;

use crate::edge::refusal::Detail;

/// Tells of each fault that touched a reply.
const FAULT: HeaderName = HeaderName::from_static("tradepit-fault");

/// An answer that was made up.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Nothing where none was given.
    pub(crate) body: Option<Made>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// A body that was made up.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: &'static str,
}

impl Answer {
    pub(super) fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(made) = &self.body {
            response.content_type(made.media_type);
        }
        for (name, value) in &self.headers {
            response.append_header((name.clone(), value.clone()));
        }
        match &self.body {
            Some(made) => response.body(made.bytes.clone()),
            // As all errors here are told.
            None if self.status.as_u16() >= 400 => {
                response.json(Detail { detail: self.status.canonical_reason().unwrap_or("A fault answers") })
            }
            None => response.finish(),
        }
    }
}

/// More came than may.
pub(super) fn too_many(again_in: Duration) -> HttpResponse {
    let seconds = again_in.as_millis().div_ceil(1_000).max(1);
    HttpResponse::TooManyRequests()
        .insert_header((header::RETRY_AFTER, seconds.to_string()))
        .json(Detail { detail: "A fault lets no more requests of this account through now" })
}

/// What nobody reads: the connection is cut.
pub(crate) fn cut() -> HttpResponse {
    let detail = "A fault cut the connection before anything was done";
    HttpResponse::ServiceUnavailable().force_close().json(Detail { detail })
}

/// Names the faults that touched a reply.
pub(crate) fn sign(headers: &mut HeaderMap, names: impl IntoIterator<Item = HeaderValue>) {
    names.into_iter().for_each(|name| headers.append(FAULT, name));
}

/// Lets the body of a reply, where it is longer, end after so many bytes, although its head tells of all: then the
/// connection is cut. The fault of this name does that.
pub(crate) fn shorten(response: ServiceResponse, to: usize, name: HeaderValue) -> ServiceResponse {
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let response = match body.try_into_bytes() {
        Ok(whole) if whole.len() > to => {
            let mut head = head;
            sign(head.headers_mut(), [name]);
            head.head_mut().set_connection_type(ConnectionType::Close);
            head.set_body(BoxBody::new(Shortened { of: whole.len() as u64, left: Left::Some(whole.slice(..to)) }))
        }
        Ok(whole) => head.set_body(BoxBody::new(whole)),
        Err(body) => head.set_body(body),
    };
    ServiceResponse::new(request, response)
}

/// The beginning of a body.
#[derive(Debug)]
struct Shortened {
    of: u64,
    left: Left,
}

#[derive(Debug)]
enum Left {
    Some(Bytes),
    /// What was written is sent first.
    Flush,
    Nothing,
}

impl MessageBody for Shortened {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.of)
    }

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        match std::mem::replace(&mut self.left, Left::Nothing) {
            Left::Some(bytes) if !bytes.is_empty() => {
                self.left = Left::Flush;
                Poll::Ready(Some(Ok(bytes)))
            }
            Left::Some(_) | Left::Flush => {
                task.waker().wake_by_ref();
                Poll::Pending
            }
            Left::Nothing => Poll::Ready(Some(Err(std::io::Error::other("a fault lets the reply end here")))),
        }
    }
}

//! What the edge refuses, and why: the same for every surface.
//!
//! Owns the closed list of reasons, each with its status and headers. Knows no surface: one that has a form of its own
//! for errors begins its answer with [`Refusal::begin`] and writes the body; where none is asked, `{"detail": …}`
//! stands.

use std::fmt;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is no such path: 404.
    UnknownPath,
    /// The path does not know this method, but these: 405.
    WrongMethod(&'static str),
    /// The body is larger than it may be: 413.
    TooLarge,
    /// The body is compressed, or says so: 415.
    UnknownCoding,
    /// The body did not come in time: 408.
    BodyTimeout,
    /// The body broke off or is not framed as HTTP says: 400.
    BrokenBody,
    /// The head is larger than it may be: 431.
    HeadTooLarge,
    /// The head did not come in time: 408.
    HeadTimeout,
    /// What came is no request: 400.
    BrokenHead,
    /// What came is not TLS, and TLS is what is spoken here: 400.
    PlainHttp,
    /// The header `Host` is no host: 400.
    BrokenHost,
    /// A page of another origin wants to change something, or to listen: 403.
    ForeignOrigin,
    /// A browser was led here under a name that is not this server's: 421.
    ForeignHost,
    /// No venue has the name that the path begins with: 404.
    UnknownVenue,
    /// The venue cannot be used, and why: 503.
    Broken(Arc<str>),
    /// The server has no room now: 503.
    Overloaded(&'static str),
}

/// Every error but those with faults.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detail<'a> {
    /// What is wrong.
    #[schema(example = "Order not found")]
    pub(crate) detail: &'a str,
}

impl Refusal {
    /// `main` is not there yet.
    pub(crate) const STARTING: Refusal = Refusal::Overloaded("The server is starting: it reads what it has stored");

    /// What is wrong, for people.
    pub(crate) fn detail(&self) -> &str {
        match self {
            Refusal::UnknownPath => "Not Found",
            Refusal::WrongMethod(_) => "Method Not Allowed",
            Refusal::TooLarge => "The body is larger than 65536 bytes",
            Refusal::UnknownCoding => "The body must come as it is: without Content-Encoding, or as identity",
            Refusal::BodyTimeout => "The body was not complete in 10 s",
            Refusal::BrokenBody => "The body broke off",
            Refusal::HeadTooLarge => "The request's head is larger than 65536 bytes, or has more than 96 headers",
            Refusal::HeadTimeout => "The request's head was not complete in 10 s",
            Refusal::BrokenHead => "What came is no HTTP request, or its head is malformed",
            Refusal::PlainHttp => {
                "This port speaks TLS: write https:// in place of http://, and wss:// in place of ws://"
            }
            Refusal::BrokenHost => "The header Host must be a host, and may have a port: example.com:8000",
            Refusal::ForeignOrigin => {
                "A page of another origin may not do this. The server allows its origin with --allow-origin"
            }
            Refusal::ForeignHost => {
                "This server has no such name for browsers. It is given with --allow-host, without the port"
            }
            Refusal::UnknownVenue => "Venue not found",
            Refusal::Broken(why) => why,
            Refusal::Overloaded(why) => why,
        }
    }

    /// The answer but for its body: status and headers.
    pub(crate) fn begin(&self) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Refusal::WrongMethod(allow) => drop(response.insert_header((header::ALLOW, *allow))),
            Refusal::Overloaded(_) => drop(response.insert_header((header::RETRY_AFTER, "1"))),
            // What is left of the body is not worth waiting for.
            Refusal::UnknownCoding => {
                response.insert_header((header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))).force_close();
            }
            Refusal::TooLarge | Refusal::BodyTimeout | Refusal::BrokenBody => drop(response.force_close()),
            Refusal::UnknownPath
            | Refusal::HeadTooLarge
            | Refusal::HeadTimeout
            | Refusal::BrokenHead
            | Refusal::PlainHttp
            | Refusal::BrokenHost
            | Refusal::ForeignOrigin
            | Refusal::ForeignHost
            | Refusal::UnknownVenue
            | Refusal::Broken(_) => {}
        }
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Refusal::UnknownPath | Refusal::UnknownVenue => StatusCode::NOT_FOUND,
            Refusal::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::UnknownCoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::BodyTimeout | Refusal::HeadTimeout => StatusCode::REQUEST_TIMEOUT,
            Refusal::BrokenBody | Refusal::BrokenHead | Refusal::PlainHttp | Refusal::BrokenHost => {
                StatusCode::BAD_REQUEST
            }
            Refusal::ForeignOrigin => StatusCode::FORBIDDEN,
            Refusal::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Refusal::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Refusal::Broken(_) | Refusal::Overloaded(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.begin().json(Detail { detail: self.detail() })
    }
}

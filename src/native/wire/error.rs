//! The one place where errors become HTTP answers.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use tradepit_actors::Refused;
use tradepit_engine::{Name, Rejection};
use utoipa::ToSchema;

use super::fault::{Fault, Faults, Place};
use super::input::Input;

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The body or the query has faults: 422.
    Invalid(Faults),
    /// There is no such order: 404.
    UnknownOrder,
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
    /// Only a WebSocket lives here: 426.
    UpgradeRequired,
    /// What came is no request: 400.
    BrokenHead,
    /// The header `Host` is no host: 400.
    BrokenHost,
    /// A page of another origin wants to change something, or to listen: 403.
    ForeignOrigin,
    /// A browser was led here under a name that is not this server's: 421.
    ForeignHost,
    /// The WebSocket handshake is broken: 400.
    BrokenHandshake(&'static str),
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

impl ApiError {
    fn detail(&self) -> &str {
        match self {
            ApiError::Invalid(_) => "Unprocessable Entity",
            ApiError::UnknownOrder => "Order not found",
            ApiError::UnknownPath => "Not Found",
            ApiError::WrongMethod(_) => "Method Not Allowed",
            ApiError::TooLarge => "The body is larger than 65536 bytes",
            ApiError::UnknownCoding => "The body must come as it is: without Content-Encoding, or as identity",
            ApiError::BodyTimeout => "The body was not complete in 10 s",
            ApiError::BrokenBody => "The body broke off",
            ApiError::HeadTooLarge => "The request's head is larger than 65536 bytes, or has more than 96 headers",
            ApiError::HeadTimeout => "The request's head was not complete in 10 s",
            ApiError::UpgradeRequired => "This is a WebSocket: send Upgrade: websocket and Sec-WebSocket-Version: 13",
            ApiError::BrokenHead => "What came is no HTTP request, or its head is malformed",
            ApiError::BrokenHost => "The header Host must be a host, and may have a port: example.com:8000",
            ApiError::ForeignOrigin => {
                "A page of another origin may not do this. The server allows its origin with --allow-origin"
            }
            ApiError::ForeignHost => {
                "This server has no such name for browsers. It is given with --allow-host, without the port"
            }
            ApiError::BrokenHandshake(why) | ApiError::Overloaded(why) => why,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            ApiError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            ApiError::UnknownOrder | ApiError::UnknownPath => StatusCode::NOT_FOUND,
            ApiError::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            ApiError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::UnknownCoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ApiError::BodyTimeout | ApiError::HeadTimeout => StatusCode::REQUEST_TIMEOUT,
            ApiError::BrokenBody | ApiError::BrokenHead | ApiError::BrokenHost | ApiError::BrokenHandshake(_) => {
                StatusCode::BAD_REQUEST
            }
            ApiError::ForeignOrigin => StatusCode::FORBIDDEN,
            ApiError::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            ApiError::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            ApiError::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            ApiError::Overloaded(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            ApiError::WrongMethod(allow) => drop(response.insert_header((header::ALLOW, *allow))),
            ApiError::Overloaded(_) => drop(response.insert_header((header::RETRY_AFTER, "1"))),
            ApiError::UpgradeRequired => {
                response.insert_header((header::UPGRADE, HeaderValue::from_static("websocket")));
                response.insert_header((header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")));
            }
            // What is left of the body is not worth waiting for.
            ApiError::UnknownCoding => {
                response.insert_header((header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))).force_close();
            }
            ApiError::TooLarge | ApiError::BodyTimeout | ApiError::BrokenBody => drop(response.force_close()),
            ApiError::Invalid(_)
            | ApiError::UnknownOrder
            | ApiError::UnknownPath
            | ApiError::HeadTooLarge
            | ApiError::HeadTimeout
            | ApiError::BrokenHead
            | ApiError::BrokenHost
            | ApiError::ForeignOrigin
            | ApiError::ForeignHost
            | ApiError::BrokenHandshake(_) => {}
        }
        match self {
            ApiError::Invalid(faults) => response.json(faults),
            _ => response.json(Detail { detail: self.detail() }),
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> ApiError {
        match refused {
            Refused::Full => ApiError::Overloaded("The order book has as many requests waiting as it may: try again"),
            Refused::Stopped => ApiError::Overloaded("The server is stopping, and this may have been done or not"),
        }
    }
}

/// The fault of a name that stands for another order.
fn name_taken(name: &Name) -> Fault {
    match name {
        Name::ClientOrderId(key) => {
            let msg = "This client_order_id was used for another order";
            let place = [Place::Name("client_order_id")];
            Fault::in_body("client_order_id_taken", place, msg, Input::of_string(key.as_str()))
        }
        Name::IdempotencyKey(key) => {
            let msg = "This key was used with another body";
            Fault::in_header("idempotency_key_reused", "idempotency-key", msg, key.as_str())
        }
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> ApiError {
        match rejection {
            Rejection::UnknownOrder => ApiError::UnknownOrder,
            Rejection::BookFull => ApiError::Overloaded("The order book is full of open orders: try again later"),
            Rejection::NameTaken(name) => ApiError::Invalid(Faults { detail: vec![name_taken(&name)] }),
            // The order book tells the order instead.
            Rejection::AlreadyPlaced(_) => ApiError::Overloaded("The order was placed before: try again"),
        }
    }
}

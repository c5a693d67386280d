//! The native surface's errors, and the one place where they become HTTP answers.
//!
//! Owns status, headers and body of each. What comes from below (a rejection, a full mailbox, what the edge refuses) is
//! turned into one here; nothing below the edge knows a status code.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use tradepit_actors::Refused;
use tradepit_engine::{Name, ReasonText};
use utoipa::ToSchema;

use super::flaw::{Flaw, Flaws, Place};
use super::input::Input;
use crate::edge::refusal::{Detail, Refusal};
use crate::native::reply::json;

#[derive(Debug)]
pub(crate) enum ApiError {
    /// The body or the query has flaws: 422.
    Invalid(Flaws),
    /// There is no such order: 404.
    UnknownOrder,
    /// There is no such instrument: 404.
    UnknownInstrument,
    /// The order is closed: nothing of it can be otherwise, 409.
    OrderClosed,
    /// Something was asked of the order that is not yet decided: 409.
    Undecided,
    /// There is no such account: 404.
    UnknownAccount,
    /// The account has no such position: 404.
    UnknownPosition,
    /// An account has this name: 409.
    AccountTaken,
    /// An instrument has this symbol: 409.
    AlreadyListed,
    /// The account may not do this: 403.
    Forbidden {
        /// Why, in words.
        detail: &'static str,
        /// The same, for programs.
        code: &'static str,
    },
    /// A rule refuses the order, for this reason: 403.
    Ruled(ReasonText),
    /// Only a WebSocket lives here: 426.
    UpgradeRequired,
    /// The WebSocket handshake is broken: 400.
    BrokenHandshake(&'static str),
    /// What any surface would refuse.
    Refused(Refusal),
}

impl ApiError {
    /// The server has no room now: 503.
    pub(crate) fn overloaded(why: &'static str) -> ApiError {
        ApiError::Refused(Refusal::Overloaded(why))
    }

    /// The order, or the transfer, is more than its account can pay.
    pub(crate) const INSUFFICIENT_BUYING_POWER: ApiError =
        ApiError::Forbidden { detail: "The account has not enough buying power", code: "insufficient_buying_power" };

    /// The account would sell what it has not.
    pub(crate) const SHORT_NOT_ALLOWED: ApiError =
        ApiError::Forbidden { detail: "This instrument is sold by whoever has it", code: "short_not_allowed" };

    /// The instrument takes no orders.
    pub(crate) const INSTRUMENT_CLOSED: ApiError =
        ApiError::Forbidden { detail: "The instrument is closed: it takes no orders", code: "instrument_closed" };

    /// What its answer says, as JSON.
    pub(crate) fn body(&self) -> Vec<u8> {
        let body = match self {
            ApiError::Invalid(flaws) => serde_json::to_vec(flaws),
            error => match error.code() {
                Some(code) => serde_json::to_vec(&Coded { detail: self.detail(), code }),
                None => serde_json::to_vec(&Detail { detail: self.detail() }),
            },
        };
        body.expect("texts and numbers are always JSON")
    }

    /// What a program knows it by, where its status is not enough.
    fn code(&self) -> Option<&'static str> {
        match self {
            ApiError::OrderClosed => Some("order_closed"),
            ApiError::Undecided => Some("undecided"),
            ApiError::AccountTaken => Some("account_exists"),
            ApiError::AlreadyListed => Some("instrument_exists"),
            ApiError::Forbidden { code, .. } => Some(code),
            ApiError::Ruled(_) => Some("script"),
            _ => None,
        }
    }

    fn detail(&self) -> &str {
        match self {
            ApiError::Invalid(_) => "Unprocessable Entity",
            ApiError::UnknownOrder => "Order not found",
            ApiError::UnknownInstrument => "Instrument not found",
            ApiError::OrderClosed => "The order is closed",
            ApiError::Undecided => "Something was asked of the order that is not yet decided",
            ApiError::UnknownAccount => "Account not found",
            ApiError::UnknownPosition => "Position not found",
            ApiError::AccountTaken => "There is an account of this id",
            ApiError::AlreadyListed => "There is an instrument of this symbol",
            ApiError::Forbidden { detail, .. } => detail,
            ApiError::Ruled(reason) => reason.as_str(),
            ApiError::UpgradeRequired => "This is a WebSocket: send Upgrade: websocket and Sec-WebSocket-Version: 13",
            ApiError::BrokenHandshake(why) => why,
            ApiError::Refused(refusal) => refusal.detail(),
        }
    }

    /// The answer but for its body.
    fn begin(&self) -> HttpResponseBuilder {
        let mut response = match self {
            ApiError::Refused(refusal) => refusal.begin(),
            _ => HttpResponse::build(self.status_code()),
        };
        if let ApiError::UpgradeRequired = self {
            response.insert_header((header::UPGRADE, HeaderValue::from_static("websocket")));
            response.insert_header((header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")));
        }
        response
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
            ApiError::UnknownOrder
            | ApiError::UnknownInstrument
            | ApiError::UnknownAccount
            | ApiError::UnknownPosition => StatusCode::NOT_FOUND,
            ApiError::OrderClosed | ApiError::Undecided | ApiError::AccountTaken | ApiError::AlreadyListed => {
                StatusCode::CONFLICT
            }
            ApiError::Forbidden { .. } | ApiError::Ruled(_) => StatusCode::FORBIDDEN,
            ApiError::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            ApiError::BrokenHandshake(_) => StatusCode::BAD_REQUEST,
            ApiError::Refused(refusal) => refusal.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        json(&mut self.begin(), self.body())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        ApiError::Refused(refusal)
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> ApiError {
        match refused {
            Refused::Full => ApiError::overloaded("The order book has as many requests waiting as it may: try again"),
            Refused::Stopped => ApiError::overloaded("The server is stopping, and this may have been done or not"),
        }
    }
}

/// An error that programs tell by its code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Coded<'a> {
    /// What is wrong, in words.
    pub(crate) detail: &'a str,
    /// The same, for programs.
    #[schema(example = "order_closed")]
    pub(crate) code: &'static str,
}

/// The flaw of a name that stands for another order.
pub(crate) fn name_taken(name: &Name) -> Flaw {
    match name {
        Name::ClientOrderId(key) => {
            let msg = "This client_order_id was used for another order";
            let place = [Place::Name("client_order_id")];
            Flaw::in_body("client_order_id_taken", place, msg, Input::of_string(key.as_written()))
        }
        Name::IdempotencyKey(key) => {
            let msg = "This key was used with another body";
            Flaw::in_header("idempotency_key_reused", "idempotency-key", msg, key.as_written())
        }
    }
}

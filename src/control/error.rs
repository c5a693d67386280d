//! What this surface refuses, and the one place where that becomes an answer.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use tradepit_actors::Refused;
use tradepit_engine::Hindrance;

use crate::edge::refusal::Refusal;
use crate::native::reply::json;
use crate::native::wire::error::{ApiError, Coded};

#[derive(Debug)]
pub(crate) enum ControlError {
    /// As the native surface tells it.
    Native(ApiError),
    /// A venue has this name: 409.
    NameTaken,
    /// `main` is there as long as the process: 409.
    IsMain,
    /// Nobody makes a real clock go on: 409.
    RealClock,
    /// The order stands so that this cannot happen to it: 409.
    Hindered(Hindrance),
}

impl ControlError {
    pub(super) const UNKNOWN_VENUE: ControlError = ControlError::Native(ApiError::Refused(Refusal::UnknownVenue));

    pub(super) fn overloaded(why: &'static str) -> ControlError {
        ControlError::Native(ApiError::overloaded(why))
    }

    fn coded(&self) -> Option<Coded<'static>> {
        match self {
            ControlError::Native(_) => None,
            ControlError::NameTaken => Some(Coded { detail: "There is a venue of this name", code: "venue_exists" }),
            ControlError::IsMain => {
                let detail = "main is there as long as the server: make a venue of its own for what shall go";
                Some(Coded { detail, code: "main_stays" })
            }
            ControlError::RealClock => {
                let detail = "The clock is real and runs by itself: PUT /clock {\"mode\": \"frozen\"} first";
                Some(Coded { detail, code: "clock_is_real" })
            }
            ControlError::Hindered(hindrance) => {
                let (detail, code) = hindered(*hindrance);
                Some(Coded { detail, code })
            }
        }
    }
}

/// Why something cannot be made to happen to an order, in words and for programs.
fn hindered(hindrance: Hindrance) -> (&'static str, &'static str) {
    match hindrance {
        Hindrance::NotArrived => ("The order has not arrived: let it, with {\"act\": \"arrive\"}", "not_arrived"),
        Hindrance::HasArrived => ("The order has arrived", "has_arrived"),
        Hindrance::WaitsForParent => ("The order is a leg that waits for its parent", "waits_for_parent"),
        Hindrance::WaitsForPrice => ("The order waits for a price, and trades once that came about", "waits_for_price"),
        Hindrance::NotTrading => ("The order's instrument does not trade", "not_trading"),
        Hindrance::Undecided => ("Something was asked of the order that is not yet decided", "undecided"),
        Hindrance::NotOnHold => ("The order is on its way, and nothing holds it", "not_on_hold"),
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ControlError::Native(error) => error.fmt(f),
            error => f.write_str(error.coded().map_or("", |coded| coded.detail)),
        }
    }
}

impl ResponseError for ControlError {
    fn status_code(&self) -> StatusCode {
        match self {
            ControlError::Native(error) => error.status_code(),
            ControlError::NameTaken | ControlError::IsMain | ControlError::RealClock | ControlError::Hindered(_) => {
                StatusCode::CONFLICT
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            ControlError::Native(error) => error.error_response(),
            error => {
                let body = serde_json::to_vec(&error.coded()).expect("texts are always JSON");
                json(&mut HttpResponse::build(error.status_code()), body)
            }
        }
    }
}

impl From<ApiError> for ControlError {
    fn from(error: ApiError) -> ControlError {
        ControlError::Native(error)
    }
}

impl From<Refusal> for ControlError {
    fn from(refusal: Refusal) -> ControlError {
        ControlError::Native(refusal.into())
    }
}

impl From<Refused> for ControlError {
    fn from(refused: Refused) -> ControlError {
        ControlError::Native(refused.into())
    }
}

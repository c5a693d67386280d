//! What requests are refused with, as the documents describe it: said once, for all routes.
//!
//! A route names what holds for it, and says beside it what is its own: that stands in place of what is said here.

#![expect(dead_code, reason = "described here, answered by edge::refusal and wire::error")]

use utoipa::IntoResponses;

use crate::edge::refusal::Detail;
use crate::native::wire::flaw::Flaws;

/// A request that has a body.
#[derive(IntoResponses)]
pub(crate) enum BodyRefused {
    #[response(status = 403, description = "A page of another origin asks, and --allow-origin does not name it")]
    ForeignOrigin(Detail<'static>),
    #[response(status = 408, description = "The body was not complete in 10 s")]
    BodyTimeout(Detail<'static>),
    #[response(status = 413, description = "The body is larger than 64 KiB")]
    TooLarge(Detail<'static>),
    #[response(status = 415, description = "The body has a Content-Encoding other than identity",
        headers(("Accept-Encoding" = String, description = "`identity`")))]
    UnknownCoding(Detail<'static>),
    #[response(status = 422, description = "Every fault of the body")]
    Invalid(Flaws),
    #[response(status = 503, description = "Overloaded")]
    Overloaded(Detail<'static>),
}

/// A request that changes something, and has no body.
#[derive(IntoResponses)]
pub(crate) enum ChangeRefused {
    #[response(status = 403, description = "A page of another origin asks, and --allow-origin does not name it")]
    ForeignOrigin(Detail<'static>),
    #[response(status = 503, description = "Overloaded")]
    Overloaded(Detail<'static>),
}

/// A request that has a query.
#[derive(IntoResponses)]
pub(crate) enum QueryRefused {
    #[response(status = 422, description = "Every fault of the query")]
    Invalid(Flaws),
    #[response(status = 503, description = "Overloaded")]
    Overloaded(Detail<'static>),
}

/// A request that has neither.
#[derive(IntoResponses)]
#[response(status = 503, description = "Overloaded")]
pub(crate) struct Overloaded(Detail<'static>);

//! Faults: what is made to go wrong on purpose of what a venue answers, and of what it tells.
//!
//! Owns lists of them as data, those in force at each venue with their counts, and what a request meets of them. Must
//! never know how a list is written, nor who asks for it: that is a control's. What becomes of streams is the venue's
//! matter, which is handed its part; what becomes of requests, the gate does.

pub(crate) mod boards;
pub(crate) mod in_force;
pub(crate) mod rate;
pub(crate) mod reply;

use std::num::NonZeroU64;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use tradepit_actors::{Between, Choice, DelayModel, StreamFault};

use self::rate::Rate;
use self::reply::Answer;
use super::route::Route;

/// A list of faults, in the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(pub(crate) Arc<[Fault]>);

/// A fault, as it was asked for.
#[derive(Debug)]
pub(crate) struct Fault {
    /// What a reply that it touched is told.
    pub(crate) name: HeaderValue,
    /// What it is to match, and what it does, as JSON: as they were spelled.
    pub(crate) matches: Box<str>,
    pub(crate) does: Box<str>,
    /// At most so often.
    pub(crate) times: Option<NonZeroU64>,
    pub(crate) of: Of,
}

/// What a fault befalls.
#[derive(Debug)]
pub(crate) enum Of {
    Requests(RequestFault),
    Streams(StreamFault),
}

/// What becomes of requests.
#[derive(Debug)]
pub(crate) struct RequestFault {
    pub(crate) route: Option<WhichRoute>,
    /// Only of this account; of whoever names none, `default`.
    pub(crate) account: Option<Box<str>>,
    /// Only in this time of the venue.
    pub(crate) between: Option<Between>,
    /// Of the requests that meet this.
    pub(crate) choice: Choice,
    pub(crate) deed: RequestDeed,
}

/// A route, and perhaps a method.
#[derive(Debug)]
pub(crate) struct WhichRoute {
    pub(crate) method: Option<Method>,
    /// Its pattern.
    pub(crate) path: &'static str,
}

/// What is done to a request.
#[derive(Debug)]
pub(crate) enum RequestDeed {
    /// It is answered so, and nothing is done.
    Answer(Answer),
    /// It waits before it is handled.
    Delay(DelayModel),
    /// Its connection is cut without a byte of a reply.
    Drop(When),
    /// The reply's body ends after so many bytes.
    Truncate(usize),
    /// It is answered with 429 where there are more of its account.
    Limit(Rate),
}

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Before anything was done.
    Before,
    /// After it was done, and kept.
    After,
}

impl WhichRoute {
    /// Whether a request with this method to this route is meant. What asks for a head alone reads.
    fn is_of(&self, method: &Method, route: &Route) -> bool {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.path == route.path() && self.method.as_ref().is_none_or(|own| own == method)
    }
}

impl RequestFault {
    /// Whether it looks at what comes with this method to this route.
    fn is_of(&self, method: &Method, route: &Route) -> bool {
        self.route.as_ref().is_none_or(|which| which.is_of(method, route))
    }

    /// Whether one has to know whose request it is.
    fn asks_account(&self) -> bool {
        self.account.is_some() || matches!(self.deed, RequestDeed::Limit(_))
    }
}

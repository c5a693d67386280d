//! A request's stay at a venue that was made: counted, so that one venue takes only so much of the process.
//!
//! `main` is not counted here: what it may take is the process's own limits.

use std::sync::Arc;

use actix_web::http::Method;
use tradepit_actors::{MAIN, Venue, Venues};

use crate::edge::here;
use crate::edge::refusal::Refusal;
use crate::edge::route::Route;

/// Requests that one venue may have in flight; one more is told so.
const REQUESTS_AT_MOST: usize = 1_000;
/// WebSockets that may listen to one venue.
const SOCKETS_AT_MOST: usize = 1_000;

/// Counts as long as it is there.
#[derive(Debug)]
pub(super) struct Stay(Arc<Venue>);

impl Stay {
    /// What a request that goes below a venue's prefix has of it: nothing where that is `main`.
    ///
    /// # Errors
    /// There is no such venue, or it takes as much of the process as it may.
    pub(super) fn begin(venues: &Venues, path: &str, method: &Method, route: &Route) -> Result<Option<Stay>, Refusal> {
        let Some((name, _)) = here::split(path).filter(|(name, _)| *name != MAIN) else { return Ok(None) };
        let venue = venues.find(name).ok_or_else(|| here::refusal_of(venues, name))?;
        let before = venue.visits().begin();
        let stay = Stay(venue);
        let venue = stay.venue();
        if before >= REQUESTS_AT_MOST {
            return Err(Refusal::Overloaded("This venue has as many requests in flight as one may have"));
        }
        if route.is_websocket() && venue.stats().subscribers.get() >= SOCKETS_AT_MOST {
            return Err(Refusal::Overloaded("This venue has as many WebSockets as one may have"));
        }
        let adds = !method.is_safe() && *method != Method::DELETE;
        if adds && venues.is_too_large(venue) {
            let why = "All venues hold more than --venues-memory, and this one more than its share: reset it";
            return Err(Refusal::Overloaded(why));
        }
        Ok(Some(stay))
    }

    pub(super) fn venue(&self) -> &Arc<Venue> {
        &self.0
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.0.visits().end();
    }
}

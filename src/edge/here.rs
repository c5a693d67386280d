//! Which venue a request is for, and what handlers have of it on their thread.
//!
//! What `main` serves at `/X` a venue serves at `/venues/NAME/X`: the path alone says which one is meant. A worker
//! remembers the venues that it met; a venue's Feed is started when the first client subscribes here, so that a venue
//! which nobody listens to does nothing.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use tradepit_actors::{FeedHandle, MAIN, Venue, Venues};

use super::refusal::Refusal;

/// What stands before a venue's name.
const BEFORE: &str = "/venues/";
/// The longest name of a venue, in characters.
pub(crate) const NAME_AT_MOST: usize = 64;
/// Of so many venues that are no more a worker may remember something, beside as many as it remembers others.
const FORGOTTEN_LATE: usize = 64;

/// Whether this can be a venue's name.
pub(crate) fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    text.len() <= NAME_AT_MOST
        && text.bytes().all(is_inner)
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// The name of the venue that a path is below, and the rest of the path, which begins with a slash.
pub(super) fn split(path: &str) -> Option<(&str, &str)> {
    let below = path.strip_prefix(BEFORE)?;
    let (name, rest) = below.split_at(below.find('/')?);
    is_name(name).then_some((name, rest))
}

/// How much of a path says which venue it is below.
pub(super) fn prefix_of(path: &str) -> &str {
    split(path).map_or("", |(_, rest)| &path[..path.len() - rest.len()])
}

/// The beginning of the paths of the venue that a request is for: nothing, or `/venues/NAME`.
pub(crate) fn prefix(request: &HttpRequest) -> &str {
    prefix_of(request.path())
}

/// What a request is told for which there is no venue of this name.
pub(super) fn refusal_of(venues: &Venues, name: &str) -> Refusal {
    venues.why_broken(name).map_or(Refusal::UnknownVenue, Refusal::Broken)
}

/// The venues that requests were for, as they are met on one worker's thread.
pub(crate) struct Worker {
    venues: Arc<Venues>,
    main: RefCell<Option<Here>>,
    others: RefCell<HashMap<Box<str>, Here>>,
    /// How many venues were no more when those were forgotten last.
    forgotten: Cell<usize>,
}

/// The venue that a request is for.
#[derive(Clone)]
pub(crate) struct Here(Rc<Met>);

struct Met {
    venue: Arc<Venue>,
    is_main: bool,
    feed: OnceCell<FeedHandle>,
}

impl Worker {
    /// On this thread, where venues may live too.
    pub(crate) fn begin(venues: Arc<Venues>) -> Worker {
        venues.offer_this_thread();
        Worker { venues, main: RefCell::default(), others: RefCell::default(), forgotten: Cell::default() }
    }

    fn main(&self) -> Option<Here> {
        let mut main = self.main.borrow_mut();
        if main.is_none() {
            *main = self.venues.find(MAIN).map(|venue| Here::meet(venue, true));
        }
        main.clone()
    }

    /// The venue of this name, which is not `main`.
    fn other(&self, name: &str) -> Result<Here, Refusal> {
        let mut others = self.others.borrow_mut();
        let gone = self.venues.gone();
        if gone - self.forgotten.get() > others.len() + FORGOTTEN_LATE {
            others.retain(|_, here| !here.venue().is_gone());
            self.forgotten.set(gone);
        }
        if let Some(here) = others.get(name).filter(|here| !here.venue().is_gone()) {
            return Ok(here.clone());
        }
        let Some(venue) = self.venues.find(name) else {
            others.remove(name);
            return Err(refusal_of(&self.venues, name));
        };
        let here = Here::meet(venue, false);
        others.insert(name.into(), here.clone());
        Ok(here)
    }
}

impl Here {
    fn meet(venue: Arc<Venue>, is_main: bool) -> Here {
        Here(Rc::new(Met { venue, is_main, feed: OnceCell::new() }))
    }

    pub(crate) fn venue(&self) -> &Arc<Venue> {
        &self.0.venue
    }

    /// Whether it is the venue that is there as long as the process.
    pub(crate) fn is_main(&self) -> bool {
        self.0.is_main
    }

    /// Its Feed on this thread.
    pub(crate) fn feed(&self) -> &FeedHandle {
        self.0.feed.get_or_init(|| self.0.venue.start_feed())
    }
}

impl FromRequest for Here {
    type Error = Refusal;
    type Future = Ready<Result<Here, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let worker = request.app_data::<Rc<Worker>>();
        let here = match split(request.path()).filter(|(name, _)| *name != MAIN) {
            Some((name, _)) => worker.map_or(Err(Refusal::UnknownVenue), |worker| worker.other(name)),
            None => worker.and_then(|worker| worker.main()).ok_or(Refusal::STARTING),
        };
        ready(here)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_name, prefix_of, split};

    #[test]
    fn a_path_tells_its_venue_and_what_is_asked_of_it() {
        for (path, expected) in [
            ("/venues/a/orders", Some(("a", "/orders"))),
            ("/venues/ci-42/orders/", Some(("ci-42", "/orders/"))),
            ("/venues/main/book/BTC/USD", Some(("main", "/book/BTC/USD"))),
            ("/venues/a/", Some(("a", "/"))),
            ("/venues/a", None),
            ("/venues//orders", None),
            ("/venues/A/orders", None),
            ("/venues/a%62/orders", None),
            ("/venue/a/orders", None),
            ("/orders", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(split(path), expected, "{path}");
        }
        assert_eq!(prefix_of("/venues/ci-42/orders/"), "/venues/ci-42");
        assert_eq!((prefix_of("/orders"), prefix_of("/venues/a")), ("", ""));
    }

    #[test]
    fn a_name_is_short_and_plain() {
        let longest = "a".repeat(64);
        for name in ["a", "7", "ci-42", "a_b", "0-", &longest] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", "_a", "A", "a.b", "a/b", "ä", "a b", &format!("{longest}a")] {
            assert!(!is_name(name), "{name}");
        }
    }
}

//! Which venue a request is for, and what handlers have of it on their thread.
//!
//! A worker looks a venue up once; its Feed is started when the first client subscribes here, so that a venue which
//! nobody listens to does nothing.

use std::cell::{OnceCell, RefCell};
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use tradepit_actors::{FeedHandle, MAIN, Venue, Venues};

use super::refusal::Refusal;

/// The venues that requests were for, as they are met on one worker's thread.
pub(crate) struct Worker {
    venues: Arc<Venues>,
    main: RefCell<Option<Here>>,
}

/// The venue that a request is for.
#[derive(Clone)]
pub(crate) struct Here(Rc<Met>);

struct Met {
    venue: Arc<Venue>,
    feed: OnceCell<FeedHandle>,
}

impl Worker {
    /// On this thread, where venues may live too.
    pub(crate) fn begin(venues: Arc<Venues>) -> Worker {
        venues.offer_this_thread();
        Worker { venues, main: RefCell::default() }
    }

    fn main(&self) -> Option<Here> {
        let mut main = self.main.borrow_mut();
        if main.is_none() {
            let met = |venue| Here(Rc::new(Met { venue, feed: OnceCell::new() }));
            *main = self.venues.find(MAIN).map(met);
        }
        main.clone()
    }
}

impl Here {
    pub(crate) fn venue(&self) -> &Arc<Venue> {
        &self.0.venue
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
        let here = request.app_data::<Rc<Worker>>().and_then(|worker| worker.main());
        ready(here.ok_or(Refusal::Overloaded("The server is starting: it reads what it has stored")))
    }
}

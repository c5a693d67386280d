//! The venues of a process, each by its name, and the threads that they live on.
//!
//! Nothing of a venue stands here: it is whole before it gets in.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use actix::{Arbiter, ArbiterHandle};
use tokio::sync::oneshot;

use crate::order_book::Setup;
use crate::order_book::durable::Recovered;
use crate::venue::{Venue, VenueId};

/// The venue that is there from the start, and for as long as the process: whoever met it once goes on with it.
pub const MAIN: &str = "main";

/// All venues that can be asked for.
#[derive(Debug, Default)]
pub struct Venues {
    places: Mutex<Vec<ArbiterHandle>>,
    /// Each, from its start on.
    started: Arc<Mutex<Vec<Arc<Venue>>>>,
    by_name: RwLock<BTreeMap<Box<str>, Arc<Venue>>>,
    /// Whether [`MAIN`] is among them: asked at every request.
    has_main: AtomicBool,
}

impl Venues {
    /// Lets venues live on this thread, which is one of actix's. `main` lives on the first that is offered.
    pub fn offer_this_thread(&self) {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).push(Arbiter::current());
    }

    /// Starts a venue on a thread that was offered. Nobody finds it before it is [`Venues::open`].
    ///
    /// # Errors
    /// The store's, which did not start; or there is no thread left.
    pub async fn start(&self, id: VenueId, setup: Setup, recovered: Option<Recovered>) -> io::Result<Arc<Venue>> {
        let place = self.place().ok_or_else(|| io::Error::other("there is no thread for a venue"))?;
        let (tell, told) = oneshot::channel();
        let all = Arc::clone(&self.started);
        place.spawn_fn(move || {
            let venue = Venue::start(id, setup, recovered);
            all.lock().unwrap_or_else(PoisonError::into_inner).extend(venue.as_ref().map(Arc::clone));
            drop(tell.send(venue));
        });
        told.await.map_err(io::Error::other)?
    }

    /// The first thread that was offered and still runs.
    fn place(&self) -> Option<ArbiterHandle> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|place| place.spawn_fn(|| {}));
        places.first().cloned()
    }

    /// Every venue that was started, also one that cannot be found yet.
    #[must_use]
    pub fn started(&self) -> Vec<Arc<Venue>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets a venue be found by this name.
    pub fn open(&self, name: &str, venue: Arc<Venue>) {
        self.by_name.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), venue);
        if name == MAIN {
            self.has_main.store(true, Ordering::Release);
        }
    }

    /// The venue of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Venue>> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Whether [`MAIN`] can be asked.
    pub fn has_main(&self) -> bool {
        self.has_main.load(Ordering::Acquire)
    }
}

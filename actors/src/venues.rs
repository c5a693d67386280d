//! The venues of a process, each by its name, and the threads that they live on.
//!
//! Nothing of a venue stands here: it is whole before it gets in. What all together may take of memory is counted here,
//! since no venue knows another.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use actix::{Arbiter, ArbiterHandle};
use tokio::sync::oneshot;

use crate::feed::closing::CloseCode;
use crate::order_book::Setup;
use crate::order_book::addr::Begin;
use crate::order_book::copying::Likeness;
use crate::order_book::durable::Recovered;
use crate::stats::Ended;
use crate::venue::{Venue, VenueId};

/// The venue that is there from the start, and for as long as the process: whoever met it once goes on with it.
pub const MAIN: &str = "main";

/// All venues that can be asked for.
#[derive(Debug, Default)]
pub struct Venues {
    places: Mutex<Vec<Place>>,
    /// Each, from its start to its end.
    started: Arc<Mutex<Vec<Arc<Venue>>>>,
    by_name: RwLock<BTreeMap<Box<str>, Arc<Venue>>>,
    /// Why those cannot be used that are there and cannot.
    broken: RwLock<BTreeMap<Box<str>, Arc<str>>>,
    /// Whether [`MAIN`] is among them: asked at every request.
    has_main: AtomicBool,
    /// How many can no longer be found.
    gone: AtomicUsize,
    ended: Ended,
    /// What each may hold, in bytes, while all together hold more than they may; else there is no bound.
    share: Share,
}

/// A thread that venues live on.
#[derive(Debug)]
struct Place {
    thread: ArbiterHandle,
    /// Held by each of them.
    token: Arc<()>,
}

#[derive(Debug)]
struct Share(AtomicUsize);

impl Default for Share {
    fn default() -> Share {
        Share(AtomicUsize::new(usize::MAX))
    }
}

impl Venues {
    /// Lets venues live on this thread, which is one of actix's. `main` lives on the first that is offered.
    pub fn offer_this_thread(&self) {
        let place = Place { thread: Arbiter::current(), token: Arc::default() };
        self.places.lock().unwrap_or_else(PoisonError::into_inner).push(place);
    }

    /// Starts a venue on the thread, of those that were offered, that has the fewest. Nobody finds it before it is
    /// [`Venues::open`].
    ///
    /// # Errors
    /// The store's, which did not start; or there is no thread left.
    pub async fn start(&self, id: VenueId, setup: Setup, recovered: Option<Recovered>) -> io::Result<Arc<Venue>> {
        self.begin(id, Begin::of(setup, recovered)).await
    }

    /// The same, of one that goes on from what another one held.
    ///
    /// # Errors
    /// There is no thread left.
    pub async fn start_copy(&self, id: VenueId, likeness: Box<Likeness>) -> io::Result<Arc<Venue>> {
        self.begin(id, Begin::Copied(likeness)).await
    }

    async fn begin(&self, id: VenueId, begin: Begin) -> io::Result<Arc<Venue>> {
        let (place, token) = self.place().ok_or_else(|| io::Error::other("there is no thread for a venue"))?;
        let (tell, told) = oneshot::channel();
        let all = Arc::clone(&self.started);
        place.spawn_fn(move || {
            let venue = Venue::start_at(token, id, begin);
            all.lock().unwrap_or_else(PoisonError::into_inner).extend(venue.as_ref().map(Arc::clone));
            drop(tell.send(venue));
        });
        told.await.map_err(io::Error::other)?
    }

    /// The thread that still runs and has the fewest venues, the first of several.
    fn place(&self) -> Option<(ArbiterHandle, Arc<()>)> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|place| place.thread.spawn_fn(|| {}));
        let emptiest = places.iter().min_by_key(|place| Arc::strong_count(&place.token))?;
        Some((emptiest.thread.clone(), Arc::clone(&emptiest.token)))
    }

    /// Every venue that was started, also one that cannot be found yet.
    #[must_use]
    pub fn started(&self) -> Vec<Arc<Venue>> {
        self.all().clone()
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Venue>>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a venue be found by this name, from now on in place of the one that was.
    pub fn open(&self, name: &str, venue: Arc<Venue>) {
        let before = self.by_name.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), venue);
        self.let_go(before);
        if name == MAIN {
            self.has_main.store(true, Ordering::Release);
        }
    }

    /// Lets nobody find the venue of this name any more.
    pub fn hide(&self, name: &str) {
        let gone = self.by_name.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        self.broken.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        self.let_go(gone);
    }

    /// Tells whoever asks for the venue of this name why it cannot be used, until it is hidden.
    pub fn break_off(&self, name: &str, why: Arc<str>) {
        self.hide(name);
        self.broken.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), why);
    }

    /// Why the venue of this name cannot be used; `None` where there is none.
    #[must_use]
    pub fn why_broken(&self, name: &str) -> Option<Arc<str>> {
        self.broken.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn let_go(&self, venue: Option<Arc<Venue>>) {
        if let Some(venue) = venue {
            venue.let_go();
            self.gone.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Ends a venue that cannot be found: its subscribers are closed, nothing more is answered, and its memory is free.
    pub async fn end(&self, venue: &Arc<Venue>, code: CloseCode) {
        venue.close_subscribers(code).await;
        venue.end();
        self.ended.add(venue.stats());
        self.all().retain(|one| !Arc::ptr_eq(one, venue));
    }

    /// What those have counted that have ended.
    pub fn ended(&self) -> &Ended {
        &self.ended
    }

    /// Those that can be found, by their names.
    #[must_use]
    pub fn by_name(&self) -> Vec<(Box<str>, Arc<Venue>)> {
        let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        by_name.iter().map(|(name, venue)| (name.clone(), Arc::clone(venue))).collect()
    }

    /// The venue of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Venue>> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Whether a venue is [`MAIN`].
    #[must_use]
    pub fn is_main(&self, venue: &Arc<Venue>) -> bool {
        self.find(MAIN).is_some_and(|main| Arc::ptr_eq(&main, venue))
    }

    /// Whether [`MAIN`] can be asked.
    pub fn has_main(&self) -> bool {
        self.has_main.load(Ordering::Acquire)
    }

    /// How many have been found by their names, and are no more ([`Venue::is_gone`]).
    pub fn gone(&self) -> usize {
        self.gone.load(Ordering::Acquire)
    }

    /// Bounds what each may hold, in bytes, until this is called again.
    pub fn bound_each(&self, bytes: Option<usize>) {
        self.share.0.store(bytes.unwrap_or(usize::MAX), Ordering::Relaxed);
    }

    /// Whether a venue holds more than it may at this moment.
    #[must_use]
    pub fn is_too_large(&self, venue: &Venue) -> bool {
        let share = self.share.0.load(Ordering::Relaxed);
        share != usize::MAX && venue.held_bytes() > share
    }
}

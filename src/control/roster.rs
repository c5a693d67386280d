//! Which venues there are, what each was made with, and how many there may be.
//!
//! What is done with one venue happens one after the other. Knows no JSON.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tradepit_actors::{Chance, Clock, CloseCode, MAIN, Venue, VenueId, Venues};
use tradepit_engine::{OpenAccount, Time};

use super::error::ControlError;
use crate::config::{ClockConfig, VenueConfig};
use crate::edge::faults::Faults;
use crate::edge::faults::boards::Boards;

/// What a venue was made with: a reset comes back to it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) config: VenueConfig,
    pub(super) accounts: Vec<OpenAccount>,
    /// What is made to go wrong from its start on.
    pub(super) faults: Faults,
    /// Removed when nobody has used it so long, in microseconds.
    pub(super) ttl_us: Option<u64>,
    /// Whether its figures are told by its name.
    pub(super) is_named: bool,
    pub(super) is_durable: bool,
}

/// The venues, and how many there may be.
#[derive(Debug)]
pub(crate) struct Roster {
    venues: Arc<Venues>,
    /// What a venue is like where nothing is said: as `main`.
    defaults: VenueConfig,
    faults: Faults,
    boards: Arc<Boards>,
    max: usize,
    memory: usize,
    all: Mutex<All>,
}

#[derive(Debug, Default)]
struct All {
    newest: u64,
    /// In the order in which they were made.
    by_number: BTreeMap<u64, Arc<Entry>>,
    numbers: HashMap<Box<str>, u64>,
}

/// A venue, by its name.
#[derive(Debug)]
pub(super) struct Entry {
    number: u64,
    pub(super) name: Box<str>,
    /// Nothing once it is removed.
    there: Mutex<Option<There>>,
    /// Held by whoever does something with it.
    turn: tokio::sync::Mutex<()>,
}

/// How a venue is.
#[derive(Clone, Debug)]
pub(super) struct There {
    pub(super) venue: Arc<Venue>,
    pub(super) made: Arc<Made>,
    pub(super) made_at: Time,
}

impl Roster {
    /// Without any: they are as these say where nothing else is asked for, at most `max` beside `main`, in so many
    /// bytes.
    pub(crate) fn new(
        (venues, boards): (Arc<Venues>, Arc<Boards>),
        (defaults, faults): (VenueConfig, Faults),
        max: usize,
        memory: usize,
    ) -> Roster {
        Roster { venues, defaults, faults, boards, max, memory, all: Mutex::default() }
    }

    /// `main` can be found.
    pub(crate) fn open_main(&self, venue: &Arc<Venue>, is_durable: bool) {
        let (config, accounts, faults) = (self.defaults.clone(), Vec::new(), self.faults.clone());
        let chance = config.seed.map_or_else(Chance::random, Chance::seeded);
        self.boards.begin(venue, chance, faults.clone());
        let made = Made { config, accounts, faults, ttl_us: None, is_named: true, is_durable };
        venue.name_figures();
        self.open(&mut self.all(), MAIN.into(), made, Arc::clone(venue));
    }

    /// What a venue is like where nothing is said.
    pub(super) fn defaults(&self) -> (&VenueConfig, &Faults) {
        (&self.defaults, &self.faults)
    }

    /// How many faults are in force there now.
    pub(super) fn faults_in_force(&self, venue: &Venue) -> usize {
        self.boards.in_force(venue).faults.0.len()
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, all: &mut All, name: Box<str>, made: Made, venue: Arc<Venue>) -> Arc<Entry> {
        self.venues.open(&name, Arc::clone(&venue));
        all.newest += 1;
        let (number, there) = (all.newest, Some(There::now(made, venue)));
        let entry = Arc::new(Entry { number, name, there: Mutex::new(there), turn: tokio::sync::Mutex::default() });
        all.numbers.insert(entry.name.clone(), number);
        all.by_number.insert(number, Arc::clone(&entry));
        entry
    }

    /// Whether one more may have this name, or one that is drawn.
    ///
    /// # Errors
    /// The name is taken, or there is no room for one more.
    pub(super) fn check(&self, name: Option<&str>) -> Result<(), ControlError> {
        self.check_in(&self.all(), name)
    }

    fn check_in(&self, all: &All, name: Option<&str>) -> Result<(), ControlError> {
        if name.is_some_and(|name| all.numbers.contains_key(name)) {
            return Err(ControlError::NameTaken);
        }
        let made = all.made();
        if made.len() >= self.max {
            return Err(ControlError::overloaded("There are as many venues as --max-venues allows: remove some"));
        }
        if held_bytes(&made) >= self.memory {
            return Err(ControlError::overloaded(
                "Venues hold as much as --venues-memory allows: remove or reset some",
            ));
        }
        Ok(())
    }

    /// Starts a venue, which nobody finds before it is entered.
    pub(super) async fn start(&self, made: &Made) -> Result<Arc<Venue>, ControlError> {
        let seed = made.config.seed.unwrap_or_default();
        let clock = match made.config.clock {
            // Its timer is a coarse one: a descriptor for each venue would be many.
            ClockConfig::Real => Clock::starting_at(Clock::wall()),
            clock @ ClockConfig::Virtual { .. } => clock.begin(),
        };
        let setup = made.config.setup(Chance::seeded(seed), seed, clock);
        let id = VenueId(Chance::random().number());
        let started = self.venues.start(id, setup, None).await;
        let venue = started.map_err(|_| ControlError::overloaded("The server is stopping"))?;
        self.boards.begin(&venue, Chance::seeded(seed), made.faults.clone());
        if made.is_named {
            venue.name_figures();
        }
        Ok(venue)
    }

    /// Lets a venue that was started be found by this name, or by one that is drawn.
    ///
    /// # Errors
    /// The name is taken, or there is no room for one more.
    pub(super) fn enter(&self, name: Option<&str>, made: Made, venue: &Arc<Venue>) -> Result<Arc<Entry>, ControlError> {
        let mut all = self.all();
        self.check_in(&all, name)?;
        let name = name.map_or_else(|| draw_name(|name| all.numbers.contains_key(name)), Box::from);
        Ok(self.open(&mut all, name, made, Arc::clone(venue)))
    }

    /// Ends one that was started and is not to be found.
    pub(super) async fn discard(&self, venue: &Arc<Venue>) {
        self.venues.end(venue, CloseCode::REMOVED).await;
    }

    /// The venue of this name.
    pub(super) fn find(&self, name: &str) -> Result<Arc<Entry>, ControlError> {
        let all = self.all();
        let found = all.numbers.get(name).and_then(|number| all.by_number.get(number));
        found.map(Arc::clone).ok_or(ControlError::UNKNOWN_VENUE)
    }

    /// Those made after that of this name, the oldest first; `None` where there is none of this name.
    pub(super) fn after(&self, name: Option<&str>) -> Option<Vec<Arc<Entry>>> {
        let all = self.all();
        let first = match name {
            Some(name) => all.numbers.get(name)? + 1,
            None => 0,
        };
        Some(all.by_number.range(first..).map(|(_, entry)| Arc::clone(entry)).collect())
    }

    /// Removes a venue.
    ///
    /// # Errors
    /// It is gone, or is `main`.
    pub(super) async fn remove(&self, entry: &Entry) -> Result<(), ControlError> {
        entry.check_not_main()?;
        let _turn = entry.turn.lock().await;
        let there = entry.set(None).ok_or(ControlError::UNKNOWN_VENUE)?;
        {
            let mut all = self.all();
            all.by_number.remove(&entry.number);
            all.numbers.remove(&entry.name);
            self.venues.hide(&entry.name);
        }
        self.venues.end(&there.venue, CloseCode::REMOVED).await;
        Ok(())
    }

    /// Lets a venue begin anew, as `prepare` says and makes it, from how it is now.
    ///
    /// # Errors
    /// Those of `prepare`; or it is gone, or is `main`.
    pub(super) async fn begin_anew(
        &self,
        entry: &Entry,
        prepare: impl AsyncFnOnce(There) -> Result<(Made, Arc<Venue>), ControlError>,
    ) -> Result<(), ControlError> {
        entry.check_not_main()?;
        let _turn = entry.turn.lock().await;
        let old = entry.there().ok_or(ControlError::UNKNOWN_VENUE)?;
        let (made, venue) = prepare(old.clone()).await?;
        self.venues.open(&entry.name, Arc::clone(&venue));
        entry.set(Some(There::now(made, venue)));
        self.venues.end(&old.venue, CloseCode::BEGUN_ANEW).await;
        Ok(())
    }

    /// Bounds what each may hold while all together hold too much; returns those that nobody has used for as long as
    /// they were to be kept.
    pub(super) fn look(&self) -> Vec<Arc<Entry>> {
        let made = self.all().made();
        let is_too_much = held_bytes(&made) > self.memory;
        self.venues.bound_each(is_too_much.then(|| self.memory / made.len().max(1)));
        made.into_iter().filter(|(_, there)| there.is_over()).map(|(entry, _)| entry).collect()
    }
}

impl All {
    /// Those beside `main`.
    fn made(&self) -> Vec<(Arc<Entry>, There)> {
        let others = self.by_number.values().filter(|entry| !entry.is_main());
        others.filter_map(|entry| Some((Arc::clone(entry), entry.there()?))).collect()
    }
}

/// What these hold in memory, roughly.
fn held_bytes(venues: &[(Arc<Entry>, There)]) -> usize {
    venues.iter().map(|(_, there)| there.venue.held_bytes()).sum()
}

impl Entry {
    fn is_main(&self) -> bool {
        *self.name == *MAIN
    }

    fn check_not_main(&self) -> Result<(), ControlError> {
        if self.is_main() { Err(ControlError::IsMain) } else { Ok(()) }
    }

    /// How it is, where it is there.
    pub(super) fn there(&self) -> Option<There> {
        self.there.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns how it was.
    fn set(&self, there: Option<There>) -> Option<There> {
        std::mem::replace(&mut *self.there.lock().unwrap_or_else(PoisonError::into_inner), there)
    }
}

impl There {
    fn now(made: Made, venue: Arc<Venue>) -> There {
        There { venue, made: Arc::new(made), made_at: Clock::wall() }
    }

    /// Whether its time is over.
    fn is_over(&self) -> bool {
        if self.venue.stats().subscribers.get() > 0 {
            self.venue.visits().touch();
        }
        self.made.ttl_us.is_some_and(|ttl_us| self.venue.visits().idle() >= Duration::from_micros(ttl_us))
    }
}

/// A name of ten characters that is not taken.
fn draw_name(is_taken: impl Fn(&str) -> bool) -> Box<str> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";
    loop {
        let mut drawn = Chance::random().number();
        let name: String = (0..10)
            .map(|_| {
                let letter = LETTERS[(drawn % 32) as usize];
                drawn /= 32;
                char::from(letter)
            })
            .collect();
        if !is_taken(&name) {
            return name.into();
        }
    }
}

//! Which venues there are, and how many there may be.
//!
//! What is done with one venue happens one after the other. Knows no JSON.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tradepit_actors::{Chance, Clock, CloseCode, MAIN, Otherwise, Venue, VenueId, Venues};
use tradepit_engine::Time;

use super::entry::{Entry, Made, Started, State, There};
use super::error::ControlError;
use crate::config::{ClockConfig, VenueConfig};
use crate::edge::faults::Faults;
use crate::edge::faults::boards::Boards;
use crate::keeping::{Keeper, Place};

/// The venues, and how many there may be.
#[derive(Debug)]
pub(crate) struct Roster {
    pub(super) venues: Arc<Venues>,
    /// What `main` was started with.
    main: Made,
    /// What a venue is made with where nothing is said.
    anew: Made,
    boards: Arc<Boards>,
    max: usize,
    memory: usize,
    /// What keeps those that are made to last; nothing where there is no data folder.
    pub(super) keeper: Option<Arc<Keeper>>,
    all: Mutex<All>,
}

#[derive(Debug, Default)]
struct All {
    newest: u64,
    /// In the order in which they were made, `main` first.
    by_number: BTreeMap<u64, Arc<Entry>>,
    numbers: HashMap<Box<str>, u64>,
    /// The names of those that are being made.
    reserved: HashSet<Box<str>>,
}

/// The name of a venue that is being made: nobody else may have it.
pub(super) struct Reserved<'a> {
    roster: &'a Roster,
    name: Box<str>,
}

impl Reserved<'_> {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.roster.all().reserved.remove(&self.name);
    }
}

impl Roster {
    /// Without any: they are as these say where nothing else is asked for, at most `max` beside `main`, in so many
    /// bytes.
    pub(crate) fn new(
        (venues, boards): (Arc<Venues>, Arc<Boards>),
        (defaults, faults): (VenueConfig, Faults),
        (max, memory): (usize, usize),
        keeper: Option<Keeper>,
    ) -> Roster {
        let keeper = keeper.map(Arc::new);
        let main = Made {
            config: defaults.clone(),
            accounts: Vec::new(),
            faults,
            ttl_us: None,
            is_named: true,
            is_durable: keeper.is_some(),
        };
        let config = VenueConfig { clock: ClockConfig::Real, seed: None, ..defaults };
        let anew = Made { config, is_named: false, is_durable: false, ..main.clone() };
        Roster { venues, main, anew, boards, max, memory, keeper, all: Mutex::default() }
    }

    /// `main` can be found.
    pub(crate) fn open_main(&self, venue: &Arc<Venue>) {
        self.prepare(venue, &self.main);
        self.venues.open(MAIN, Arc::clone(venue));
        let started = Started { venue: Arc::clone(venue), place: None };
        self.all().insert(0, MAIN.into(), State::There(There::now(self.main.clone(), started)));
    }

    /// What a venue is made with where nothing is said.
    pub(super) fn anew(&self) -> &Made {
        &self.anew
    }

    /// Whether there is a data folder.
    pub(super) fn can_keep(&self) -> bool {
        self.keeper.is_some()
    }

    /// What a venue that was started gets beside what it is itself.
    pub(super) fn prepare(&self, venue: &Arc<Venue>, made: &Made) {
        let chance = made.config.seed.map_or_else(Chance::random, Chance::seeded);
        self.boards.begin(venue, chance, made.faults.clone());
        if made.is_named {
            venue.name_figures();
        }
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets nobody else have this name, or one that is drawn; it may be for a copy of another venue.
    ///
    /// # Errors
    /// The name is taken, or there is no room for one more.
    pub(super) fn reserve(&self, name: Option<&str>, copied: Option<&Entry>) -> Result<Reserved<'_>, ControlError> {
        let begins_with = copied.and_then(Entry::there).map_or(0, |there| there.venue.held_bytes());
        let mut all = self.all();
        if name.is_some_and(|name| all.is_taken(name)) {
            return Err(ControlError::NameTaken);
        }
        let made = all.made();
        if made.len() + all.reserved.len() >= self.max {
            return Err(ControlError::overloaded("There are as many venues as --max-venues allows: remove some"));
        }
        if held_bytes(&made) + begins_with >= self.memory {
            return Err(ControlError::overloaded(
                "Venues hold as much as --venues-memory allows: remove or reset some",
            ));
        }
        let name = name.map_or_else(|| draw_name(|name| all.is_taken(name)), Box::from);
        all.reserved.insert(name.clone());
        Ok(Reserved { roster: self, name })
    }

    /// Starts a venue, which nobody finds before it is entered, in this place, or else in memory.
    pub(super) async fn start(&self, made: &Made, place: Option<Place>) -> Result<Started, ControlError> {
        let venue = match (&self.keeper, &place) {
            (Some(keeper), Some(place)) => self.start_in(keeper, place, &made.config).await?,
            _ => self.start_in_memory(&made.config).await?,
        };
        self.prepare(&venue, made);
        Ok(Started { venue, place })
    }

    async fn start_in_memory(&self, config: &VenueConfig) -> Result<Arc<Venue>, ControlError> {
        let seed = config.seed.unwrap_or_default();
        let clock = match config.clock {
            // Its timer is a coarse one: a descriptor for each venue would be many.
            ClockConfig::Real => Clock::starting_at(Clock::wall()),
            clock @ ClockConfig::Virtual { .. } => clock.begin(),
        };
        let setup = config.setup(Chance::seeded(seed), seed, clock);
        begun(self.venues.start(drawn_id(), setup, None).await)
    }

    /// Starts a copy of a venue, which nobody finds before it is entered, and which goes on otherwise; returns it with
    /// the moment that it is of. Its faults are those of the other one, unless there are these.
    pub(super) async fn start_copy(
        &self,
        of: &Entry,
        otherwise: Otherwise,
        faults: Option<Faults>,
        is_named: bool,
    ) -> Result<(Started, Time), ControlError> {
        let _turn = of.turn.lock().await;
        let there = of.usable()?;
        // Who is copied is used.
        there.venue.visits().touch();
        let chance = otherwise.chance;
        let likeness = there.venue.copy().await?.going_on(otherwise);
        let now = likeness.now();
        let venue = begun(self.venues.start_copy(drawn_id(), likeness).await)?;
        self.boards.copy(&there.venue, &venue, chance, faults);
        if is_named {
            venue.name_figures();
        }
        Ok((Started { venue, place: None }, now))
    }

    /// Lets a venue that was started be found by the name that was kept for it.
    pub(super) fn enter(&self, reserved: &Reserved<'_>, there: There) -> Arc<Entry> {
        self.insert(&reserved.name, State::There(there))
    }

    /// Puts a venue behind all others.
    pub(super) fn insert(&self, name: &str, state: State) -> Arc<Entry> {
        let mut all = self.all();
        match &state {
            State::There(there) => self.venues.open(name, Arc::clone(&there.venue)),
            State::Broken { why, .. } => self.venues.break_off(name, Arc::clone(why)),
            State::Gone => {}
        }
        all.newest += 1;
        let number = all.newest;
        all.insert(number, name.into(), state)
    }

    /// Ends one that was started and is not to be found.
    pub(super) async fn discard(&self, started: Started) {
        self.end(started, CloseCode::REMOVED).await;
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
    /// It is gone, or is `main`; or the disk does not let it go.
    pub(super) async fn remove(&self, entry: &Entry) -> Result<(), ControlError> {
        entry.check_not_main()?;
        let _turn = entry.turn.lock().await;
        self.forget(entry).await?;
        let state = entry.set(State::Gone);
        {
            let mut all = self.all();
            all.by_number.remove(&entry.number);
            all.numbers.remove(&entry.name);
            self.venues.hide(&entry.name);
        }
        match state {
            State::There(There { venue, place, .. }) => self.end(Started { venue, place }, CloseCode::REMOVED).await,
            State::Broken { place, .. } => self.remove_files(place, None).await,
            State::Gone => {}
        }
        Ok(())
    }

    /// Lets a venue begin anew, as `prepare` says and makes it, from how it is now.
    ///
    /// # Errors
    /// Those of `prepare`; or it is gone, or is `main`.
    pub(super) async fn begin_anew(
        &self,
        entry: &Entry,
        prepare: impl AsyncFnOnce(There) -> Result<There, ControlError>,
    ) -> Result<(), ControlError> {
        entry.check_not_main()?;
        let _turn = entry.turn.lock().await;
        let old = entry.usable()?;
        let new = prepare(old.clone()).await?;
        self.venues.open(&entry.name, Arc::clone(&new.venue));
        entry.set(State::There(new));
        let There { venue, place, .. } = old;
        self.end(Started { venue, place }, CloseCode::BEGUN_ANEW).await;
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
    fn is_taken(&self, name: &str) -> bool {
        self.numbers.contains_key(name) || self.reserved.contains(name)
    }

    fn insert(&mut self, number: u64, name: Box<str>, state: State) -> Arc<Entry> {
        let entry = Arc::new(Entry::new(number, name, state));
        self.numbers.insert(entry.name.clone(), number);
        self.by_number.insert(number, Arc::clone(&entry));
        entry
    }

    /// Those beside `main`.
    fn made(&self) -> Vec<(Arc<Entry>, There)> {
        let others = self.by_number.values().filter(|entry| !entry.is_main());
        others.filter_map(|entry| Some((Arc::clone(entry), entry.there()?))).collect()
    }
}

/// A venue that has begun, unless there was no thread for it.
fn begun(begun: io::Result<Arc<Venue>>) -> Result<Arc<Venue>, ControlError> {
    begun.map_err(|_| ControlError::overloaded("The server is stopping"))
}

fn drawn_id() -> VenueId {
    VenueId(Chance::random().number())
}

/// What these hold in memory, roughly.
fn held_bytes(venues: &[(Arc<Entry>, There)]) -> usize {
    venues.iter().map(|(_, there)| there.venue.held_bytes()).sum()
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

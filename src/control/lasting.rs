//! Venues that are kept on disk: made there, found there again, removed from there.
//!
//! One whose store fails is told of, in the log and at its address; the others go on.

use std::sync::Arc;

use actix_web::rt;
use futures_util::{StreamExt as _, stream};
use tradepit_actors::{CloseCode, Venue};
use tradepit_engine::Time;
use tradepit_store::Error;

use super::entry::{Entry, Made, Started, State, There};
use super::error::ControlError;
use super::roster::Roster;
use super::settings;
use crate::config::VenueConfig;
use crate::edge::refusal::Refusal;
use crate::edge::table::Table;
use crate::keeping::recovery::Beginning;
use crate::keeping::{Keeper, Kept, Place};

/// So many are opened at a time: each waits for the disk, more than for a processor.
const OPENED_AT_ONCE: usize = 8;

impl Roster {
    /// A place for a venue of this name, where it is to be kept.
    pub(super) async fn place(&self, made: &Made, name: &str) -> Result<Option<Place>, ControlError> {
        match &self.keeper {
            Some(keeper) if made.is_durable => {
                keeper.place(name).await.map(Some).map_err(|error| refused(name, &error))
            }
            _ => Ok(None),
        }
    }

    pub(super) async fn start_in(
        &self,
        keeper: &Arc<Keeper>,
        place: &Place,
        config: &VenueConfig,
    ) -> Result<Arc<Venue>, ControlError> {
        let started = self.open_in(keeper, place, config).await;
        started.map_err(|error| refused(&place.dir().display().to_string(), &error))
    }

    async fn open_in(&self, keeper: &Keeper, place: &Place, config: &VenueConfig) -> Result<Arc<Venue>, Error> {
        let Beginning { id, setup, recovered } = keeper.open(place, config).await?;
        let failed = |source| Error::Io { path: place.dir().to_owned(), source };
        let venue = self.venues.start(id, setup, recovered).await.map_err(failed)?;
        match venue.settle().await {
            Ok(()) => Ok(venue),
            Err(_) => Err(venue.take_failure().unwrap_or_else(|| failed(std::io::ErrorKind::BrokenPipe.into()))),
        }
    }

    /// From here on a venue that was started is made, where it is kept.
    pub(super) async fn finish(
        &self,
        started: &Started,
        settings: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), ControlError> {
        let (Some(keeper), Some(place)) = (&self.keeper, &started.place) else { return Ok(()) };
        let finished = keeper.finish(place.clone(), settings()).await;
        finished.map_err(|error| refused(&place.dir().display().to_string(), &error))
    }

    /// What the venue in a place was made with.
    pub(super) async fn settings_of(&self, place: &Place) -> Result<Vec<u8>, ControlError> {
        let Some(keeper) = &self.keeper else { return Ok(Vec::new()) };
        let read = keeper.settings(place.clone()).await;
        read.map_err(|error| refused(&place.dir().display().to_string(), &error))
    }

    /// From here on a venue is no more, where it was kept.
    pub(super) async fn forget(&self, entry: &Entry) -> Result<(), ControlError> {
        let place = entry.place()?;
        let (Some(keeper), Some(place)) = (&self.keeper, place) else { return Ok(()) };
        keeper.forget(place).await.map_err(|error| refused(&entry.name, &error))
    }

    /// Ends a venue that nobody finds any more, and removes what was kept of it.
    pub(super) async fn end(&self, Started { venue, place }: Started, code: CloseCode) {
        self.venues.end(&venue, code).await;
        if let Some(place) = place {
            self.remove_files(place, Some(venue)).await;
        }
    }

    /// Removes the files of a venue that is no more.
    pub(super) async fn remove_files(&self, place: Place, venue: Option<Arc<Venue>>) {
        let Some(keeper) = &self.keeper else { return };
        let dir = place.dir().display().to_string();
        if let Err(error) = keeper.remove(place, venue).await {
            log::warn!("what is left of a venue that is no more in {dir} goes at the next start: {error}");
        }
    }

    /// Says that a venue cannot be used any more, should its store fail.
    pub(super) fn watch(self: &Arc<Roster>, entry: &Arc<Entry>) {
        let Some(There { venue, place: Some(_), .. }) = entry.there() else { return };
        let (roster, entry) = (Arc::clone(self), Arc::clone(entry));
        rt::spawn(async move {
            venue.stopped().await;
            let Some(error) = venue.take_failure() else { return };
            let why = Arc::from(error.to_string());
            if entry.break_off(&venue, &why) {
                log::error!("the venue {} cannot be used any more: {why}", entry.name);
                roster.venues.break_off(&entry.name, why);
                roster.venues.end(&venue, CloseCode::BROKEN).await;
            }
        });
    }

    /// Opens the venues that were made before; one that cannot be used is told of, and keeps no other from that.
    ///
    /// # Errors
    /// The folder of all of them cannot be read.
    pub(crate) async fn open_kept(self: &Arc<Roster>, table: &Table) -> Result<(), Error> {
        let Some(keeper) = &self.keeper else { return Ok(()) };
        let kept = keeper.kept().await?;
        let opened = stream::iter(kept).map(|kept| self.open_one(keeper, table, kept)).buffer_unordered(OPENED_AT_ONCE);
        let mut opened: Vec<(Time, String, State)> = opened.collect().await;
        opened.sort_by(|(at, name, _), (other_at, other, _)| (at, name).cmp(&(other_at, other)));
        let (all, broken) = (opened.len(), opened.iter().filter(|(_, _, state)| matches!(state, State::Broken { .. })));
        match (all, broken.count()) {
            (0, _) => {}
            (all, 0) => log::info!("opened {all} venues beside main"),
            (all, broken) => log::warn!("opened {} of {all} venues beside main: {broken} cannot be used", all - broken),
        }
        for (_, name, state) in opened {
            self.watch(&self.insert(&name, state));
        }
        Ok(())
    }

    async fn open_one(&self, keeper: &Keeper, table: &Table, kept: Kept) -> (Time, String, State) {
        let Kept { name, place, settings } = kept;
        let read = settings.and_then(|text| settings::read(&text, self, table).ok_or_else(|| place.unreadable()));
        let (made_at, opened) = match read {
            Ok((made, made_at)) => {
                (made_at, self.open_in(keeper, &place, &made.config).await.map(|venue| (made, made_at, venue)))
            }
            Err(error) => (Time(0), Err(error)),
        };
        let state = match opened {
            Ok((made, made_at, venue)) => {
                self.prepare(&venue, &made);
                State::There(There::new(made, made_at, Started { venue, place: Some(place) }))
            }
            Err(error) => {
                log::error!("the venue {name} cannot be used: {error}");
                State::Broken { why: error.to_string().into(), place }
            }
        };
        (made_at, name, state)
    }
}

/// What whoever wants to keep something is told when that cannot be.
fn refused(what: &str, error: &Error) -> ControlError {
    log::error!("{what}: {error}");
    Refusal::Broken(error.to_string().into()).into()
}

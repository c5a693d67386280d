//! Venues on disk: the data folder of `main`, and below it one for each venue that was made to last.
//!
//! Owns where they lie, how each begins again, and when one counts as made or as removed, whatever moment a crash
//! comes at. Must never know routes, or what a venue's settings say.

mod folders;
pub(crate) mod recovery;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tradepit_actors::Venue;
use tradepit_store::{Error, Pool};

use crate::config::VenueConfig;
use crate::start::apart;
use folders::Folders;
pub(crate) use folders::{Kept, Place};
use recovery::Beginning;

/// Keeps venues beside `main`.
#[derive(Debug)]
pub(crate) struct Keeper {
    folders: Folders,
    /// Started with the first of them.
    pool: Mutex<Option<Pool>>,
}

impl Keeper {
    /// Below the data folder of `main`.
    pub(crate) fn below(data_dir: &Path) -> Keeper {
        Keeper { folders: Folders::below(data_dir), pool: Mutex::default() }
    }

    /// The venues that were made before, and what each was made with. What was not finished, or removed by halves, is
    /// removed now.
    pub(crate) async fn kept(self: &Arc<Keeper>) -> Result<Vec<Kept>, Error> {
        let keeper = Arc::clone(self);
        self.work(move || keeper.folders.kept()).await
    }

    /// A place for a venue of this name that begins, beside the one that it may have had before.
    pub(crate) async fn place(self: &Arc<Keeper>, name: &str) -> Result<Place, Error> {
        let (keeper, name) = (Arc::clone(self), name.to_owned());
        self.work(move || keeper.folders.place(&name)).await
    }

    /// From here on the venue in a place is made, with these settings: it is there after a restart.
    pub(crate) async fn finish(&self, place: Place, settings: Vec<u8>) -> Result<(), Error> {
        self.work(move || place.finish(&settings)).await
    }

    /// What the venue in a place was made with.
    pub(crate) async fn settings(&self, place: Place) -> Result<Vec<u8>, Error> {
        self.work(move || place.read_settings()).await
    }

    /// From here on the venue in a place is no more, though its files are.
    pub(crate) async fn forget(&self, place: Place) -> Result<(), Error> {
        self.work(move || place.forget()).await
    }

    /// Removes the files of a venue that is no more, once it has ended.
    pub(crate) async fn remove(&self, place: Place, venue: Option<Arc<Venue>>) -> Result<(), Error> {
        self.work(move || {
            if let Some(venue) = venue {
                venue.close_store();
            }
            place.forget_and_remove()
        })
        .await
    }

    /// Does what waits for the disk on a thread of its own.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let failed = |source| Err(Error::Io { path: self.folders.dir().to_owned(), source });
        apart("venues", work).await.unwrap_or_else(failed)
    }

    /// Opens what is in a place, or begins there.
    pub(crate) async fn open(&self, place: &Place, config: &VenueConfig) -> Result<Beginning, Error> {
        let (pool, folder, config, path) = (self.pool(), place.folder(), config.clone(), place.dir().to_owned());
        self.work(move || {
            let pool = pool.map_err(|source| Error::Io { path, source })?;
            recovery::open_beside(&folder, &config, &pool)
        })
        .await
    }

    fn pool(&self) -> io::Result<Pool> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = &*pool {
            return Ok(pool.clone());
        }
        Pool::start().inspect(|started| *pool = Some(started.clone()))
    }
}

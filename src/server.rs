//! The assembly: from a configuration to a running server, and its orderly end.

use std::io;
use std::net::TcpListener;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_server::ServerHandle;
use thiserror::Error;
use tokio::task::{JoinError, JoinHandle};
use tradepit_actors::{Chance, Clock, CloseCode, Venue, Venues};
use tradepit_store::Folder;

use crate::config::Config;
use crate::control::faults::read_file;
use crate::control::roster::Roster;
use crate::delay::{spell_age, spell_delay};
use crate::doors;
use crate::edge::connection::Connections;
use crate::edge::faults::Faults;
use crate::edge::faults::boards::Boards;
use crate::edge::gate::{Admission, Gate, Rules, Sleep};
use crate::edge::listen::{Failure, listen};
use crate::edge::rejects::Rejects;
use crate::edge::tls::Tls;
use crate::edge::traffic::Traffic;
use crate::keeping::Keeper;
use crate::keeping::recovery::{self, Beginning};
use crate::ops::metrics::{Identity, Metrics};
use crate::renewal;
use crate::start::{self, apart};
use crate::surfaces;
use crate::wall::Watch;
use crate::workers::{self, Shared};

/// How long requests in flight may take when the server stops.
const FINISH_WITHIN: Duration = Duration::from_secs(3);

/// Why a server did not start, or ended.
#[derive(Debug, Error)]
pub enum Error {
    /// It cannot listen where it was told to.
    #[error("cannot listen on {place}: {source}{}", advice(.source))]
    Listen {
        /// The address or name, with the port.
        place: String,
        /// Why.
        source: io::Error,
    },
    /// The machine has not what it needs to start.
    #[error("cannot start {workers} worker{}: {source}{}", if *workers == 1 { "" } else { "s" }, start::advice(.source))]
    Start {
        /// How many.
        workers: usize,
        /// Why.
        source: io::Error,
    },
    /// The file of faults is not as it should be.
    #[error("the faults in {}: {why}", path.display())]
    Faults {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// What TLS is set up with is not as it should be.
    #[error("{0}")]
    Tls(String),
    /// The machine failed it.
    #[error("the server failed: {0}")]
    Runtime(#[from] io::Error),
    /// The data folder cannot be used.
    #[error("{0}")]
    Refused(tradepit_store::Error),
    /// The store failed, and what it did not keep was not told to anybody.
    #[error("{0}")]
    Store(tradepit_store::Error),
    /// The order book ended, and nothing works without it.
    #[error("the order book stopped unexpectedly; see the log")]
    OrderBookStopped,
}

impl From<Failure> for Error {
    fn from(Failure { place, source }: Failure) -> Error {
        Error::Listen { place, source }
    }
}

/// What to do about it.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "; is another server running? Choose another --port, or 0 for a free one",
        io::ErrorKind::PermissionDenied => "; ports below 1024 are root's: choose another --port",
        _ => "; choose another --host",
    }
}

/// Serves until `stop` is over, then ends in order: finishes requests in flight, closes WebSockets, returns. A stop
/// counts at every moment, also before anything is served.
///
/// Runs within an actix `System`: its workers are arbiters, on which venues live.
///
/// `ready` is told the server's URL, the first where it has several addresses, as soon as it serves: once every worker
/// has started, and with a data folder once everything is recovered from it.
pub async fn serve(config: Config, stop: impl Future<Output = ()>, ready: impl FnOnce(&str)) -> Result<(), Error> {
    let mut stop = pin!(stop);
    let config = start::fit(config);
    let (faults, tls) = (faults_of(&config)?, tls_of(&config)?);
    let (host, port, workers) = (config.host.clone(), config.port, config.worker_count());
    let listeners = tokio::select! {
        biased;
        () = &mut stop => return Ok(()),
        // A name server may take its time.
        listeners = apart("listen", move || listen(&host, port)) => {
            listeners.map_err(|source| Error::Start { workers, source })??
        }
    };
    let addresses = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<_>>>()?;
    doors::warn(&config, &addresses);
    let scheme = if tls.is_some() { "https" } else { "http" };
    let urls: Vec<String> = addresses.iter().map(|address| format!("{scheme}://{address}")).collect();
    let admission = Admission::new(rules(&config), &addresses, tls.is_some());
    let shared = Arc::new(shared_by_workers(config, faults, tls, admission));
    let server = workers::start(listeners, &shared)?;
    let handle = server.handle();
    let mut running = actix::spawn(server);
    let begun = tokio::select! {
        biased;
        () = &mut stop => None,
        begun = begin(&shared, &handle, &mut running) => Some(begun),
    };
    let mut ended = Ok(());
    if let Some(begun) = begun {
        let venue = match begun {
            Ok(venue) => venue,
            Err(error) => {
                handle.stop(false).await;
                return Err(error);
            }
        };
        let mut wall = Watch::default();
        wall.look(&venue, &shared.venues).await;
        shared.metrics.note_ready(Clock::wall());
        shared.roster.open_main(&venue);
        log::info!("workers: {}, serving on {}", shared.config.worker_count(), urls.join(" and "));
        ready(&urls[0]);
        ended = tokio::select! {
            () = stop => Ok(()),
            () = venue.stopped() => Err(venue.take_failure().map_or(Error::OrderBookStopped, Error::Store)),
            gone = &mut running => return Err(Error::Runtime(why_gone(gone))),
            never = wall.keep_looking(&venue, &shared.venues) => match never {},
            never = shared.roster.keep_looking() => match never {},
            never = renewal::keep_looking(shared.tls.as_ref()) => match never {},
        };
    }
    log::info!("stopping");
    wind_down(&shared, &handle).await;
    handle.stop(true).await;
    running.await.map_err(io::Error::other)??;
    // It may have failed at its last commit.
    ended = ended.and(close_stores(&shared.venues).map_or(Ok(()), |error| Err(Error::Store(error))));
    log::info!("stopped");
    ended
}

/// Lets every store keep what it was given, and end; returns why that of `main` failed, if it did.
fn close_stores(venues: &Venues) -> Option<tradepit_store::Error> {
    let (all, mut failed) = (venues.started(), None);
    // All at once, since each waits for the disk.
    all.iter().for_each(|venue| venue.begin_to_close_store());
    for venue in &all {
        venue.close_store();
        match venue.take_failure() {
            Some(error) if venues.is_main(venue) => failed = Some(error),
            Some(error) => log::error!("a venue beside main failed at its end: {error}"),
            None => {}
        }
    }
    failed
}

/// The faults with which venues begin where nothing is said.
fn faults_of(config: &Config) -> Result<Faults, Error> {
    let Some(path) = &config.venue.faults else { return Ok(Faults::default()) };
    read_file(path, surfaces::table()).map_err(|why| Error::Faults { path: path.clone(), why })
}

/// By what it proves who it is, where it does.
fn tls_of(config: &Config) -> Result<Option<Arc<Tls>>, Error> {
    let files = config.tls.files().map_err(|why| Error::Tls(why.to_owned()))?;
    let tls = files.map(Tls::read).transpose().map_err(|faults| Error::Tls(faults.to_string()))?;
    Ok(tls.map(Arc::new))
}

/// Whom it lets in.
fn rules(config: &Config) -> Rules {
    Rules {
        hosts: config.allow_host.clone(),
        origins: config.allow_origin.clone(),
        proxies: config.trusted_proxy.clone(),
    }
}

/// What the workers of a server of this configuration share.
fn shared_by_workers(config: Config, faults: Faults, tls: Option<Arc<Tls>>, admission: Admission) -> Shared {
    let (venues, connections) = (Arc::<Venues>::default(), Arc::<Connections>::default());
    let identity = Identity {
        delay: spell_delay(&config.venue.delay),
        long_delay: spell_delay(&config.venue.long_delay),
        route_delay: spell_delay(&config.route_delay),
        durable: config.data_dir.is_some(),
        seed: config.venue.seed,
        history: config.venue.history,
        max_orders: config.venue.max_orders.get(),
        retain: config.venue.retain.map(spell_age),
        retain_orders: config.venue.retain_orders.map(NonZeroU64::get),
        rejects: config.rejects,
    };
    let traffic = Arc::new(Traffic::of(surfaces::table()));
    let rejects = Arc::new(Rejects::new(config.rejects));
    let metrics = Arc::new(Metrics::new(identity, Arc::clone(&venues), Arc::clone(&connections), (&traffic, &rejects)));
    // The sleep on routes is the process's, and so is its chance.
    let sleep = Sleep::new(config.route_delay, config.venue.seed.map_or_else(Chance::random, Chance::seeded));
    let boards = Arc::<Boards>::default();
    let shared = (Arc::clone(&venues), Arc::clone(&boards));
    let gate = Arc::new(Gate::new(admission, sleep, surfaces::table(), (traffic, rejects), shared));
    let (max_venues, memory) = (config.max_venues.get(), config.venues_memory);
    let keeper = config.data_dir.as_deref().map(Keeper::below);
    let (shared, like_main) = ((Arc::clone(&venues), boards), (config.venue.clone(), faults));
    let roster = Arc::new(Roster::new(shared, like_main, (max_venues, memory), keeper));
    Shared { config, gate, metrics, connections, tls, venues, roster }
}

/// Waits until all workers have started, then starts `main`: anew, or where the data folder ends; and the venues that
/// are kept beside it.
async fn begin(
    shared: &Shared,
    handle: &ServerHandle,
    running: &mut JoinHandle<io::Result<()>>,
) -> Result<Arc<Venue>, Error> {
    tokio::select! {
        biased;
        gone = running => {
            return Err(Error::Start { workers: shared.config.worker_count(), source: why_gone(gone) });
        }
        // It changes nothing, and is answered once every worker has reported and connections are accepted.
        () = handle.resume() => {}
    }
    let Beginning { id, setup, recovered } = beginning(&shared.config).await?;
    let venue = shared.venues.start(id, setup, recovered).await?;
    // Answered once all that fell due meanwhile is executed, and kept.
    if venue.settle().await.is_err() {
        // It ends where its store does, which has told why before.
        return Err(venue.take_failure().map_or(Error::OrderBookStopped, Error::Refused));
    }
    shared.roster.open_kept(surfaces::table()).await.map_err(Error::Refused)?;
    Ok(venue)
}

/// What `main` begins with. Reading a data folder has a thread of its own, which a stop does not wait for.
async fn beginning(config: &Config) -> Result<Beginning, Error> {
    let (dir, config) = (config.data_dir.clone(), config.venue.clone());
    match dir {
        None => Ok(recovery::anew(&config)),
        Some(dir) => {
            apart("recovery", move || recovery::open(&Folder::new(dir), &config)).await?.map_err(Error::Refused)
        }
    }
}

/// Finishes requests in flight, then closes WebSockets: so that these are told of what those did.
async fn wind_down(shared: &Shared, handle: &ServerHandle) {
    handle.pause().await;
    shared.gate.stop();
    if tokio::time::timeout(FINISH_WITHIN, shared.gate.idle()).await.is_err() {
        log::warn!("some requests did not finish in {:?}", FINISH_WITHIN);
    }
    shared.gate.close();
    for venue in shared.venues.started() {
        venue.close_subscribers(CloseCode::GOING_AWAY).await;
    }
}

/// Why the server is gone that nobody told to stop.
fn why_gone(gone: Result<io::Result<()>, JoinError>) -> io::Error {
    match gone {
        Ok(Ok(())) => io::ErrorKind::BrokenPipe.into(),
        Ok(Err(error)) => error,
        Err(error) => io::Error::other(error),
    }
}

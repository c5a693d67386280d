//! The assembly: from a configuration to a running server, and its orderly end.

use std::cell::RefCell;
use std::future::ready;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use actix::Addr;
use actix_http::error::DispatchError;
use actix_http::{HttpService, Request};
use actix_server::{Server, ServerHandle};
use actix_service::{
    IntoServiceFactory as _, Service as _, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse, web};
use thiserror::Error;
use tokio::task::{JoinError, JoinHandle};
use tradepit_actors::{Chance, Clock, CloseAll, CloseCode, Feed, OrderBook, OrderBookAddr, Setup, Stats};
use tradepit_store::Folder;

use crate::config::Config;
use crate::config::delay::spell_delay;
use crate::edge::connection::{self, Connections};
use crate::edge::gate::{Admission, Entry, Gate, Rules, Visit};
use crate::edge::listen::{Failure, listen};
use crate::edge::traffic::Traffic;
use crate::ops::metrics::{Identity, Metrics};
use crate::restore;
use crate::start::{self, apart};
use crate::surfaces;
use crate::venue::Venue;
use crate::venue_id::VenueId;
use crate::wall::Watch;

/// How long an idle connection is kept; longer than the pools of common clients keep theirs, so that the client is
/// the one to close.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long requests in flight may take when the server stops.
const FINISH_WITHIN: Duration = Duration::from_secs(3);
/// How long WebSockets may take to close when the server stops.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

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

thread_local! {
    /// What this worker serves, on however many addresses; for as long as one of them does.
    static VENUE: RefCell<Weak<Venue>> = const { RefCell::new(Weak::new()) };
}

/// What all workers share.
struct Shared {
    config: Config,
    chance: Chance,
    stats: Arc<Stats>,
    gate: Arc<Gate>,
    metrics: Arc<Metrics>,
    venue_id: VenueId,
    order_book: OnceLock<OrderBookAddr>,
    feeds: Mutex<Vec<Addr<Feed>>>,
}

/// Serves until `stop` is over, then ends in order: finishes requests in flight, closes WebSockets, returns. A stop counts
/// at every moment, also before anything is served.
///
/// `ready` is told the server's URL, the first where it has several addresses, as soon as it serves: once every worker has
/// started, and with a data folder once everything is recovered from it.
pub async fn serve(config: Config, stop: impl Future<Output = ()>, ready: impl FnOnce(&str)) -> Result<(), Error> {
    let mut stop = pin!(stop);
    let config = start::fit(config);
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
    let urls: Vec<String> = addresses.iter().map(|address| format!("http://{address}")).collect();
    let connections = Arc::new(Connections::default());
    let rules = Rules {
        hosts: config.allow_host.clone(),
        origins: config.allow_origin.clone(),
        proxies: config.trusted_proxy.clone(),
    };
    let admission = Admission::new(rules, &addresses);
    let shared = Arc::new(Shared::new(config, admission, Arc::clone(&connections)));
    let server = start(listeners, &shared, &connections)?;
    let handle = server.handle();
    let mut running = actix::spawn(server);
    let begun = tokio::select! {
        biased;
        () = &mut stop => None,
        begun = shared.begin(&handle, &mut running) => Some(begun),
    };
    let mut ended = Ok(());
    if let Some(begun) = begun {
        let order_book = match begun {
            Ok(order_book) => order_book,
            Err(error) => {
                handle.stop(false).await;
                return Err(error);
            }
        };
        let mut wall = Watch::default();
        wall.look(order_book).await;
        shared.gate.open();
        log::info!("workers: {}, serving on {}", shared.config.worker_count(), urls.join(" and "));
        ready(&urls[0]);
        ended = tokio::select! {
            () = stop => Ok(()),
            () = order_book.stopped() => Err(order_book.take_failure().map_or(Error::OrderBookStopped, Error::Store)),
            gone = &mut running => return Err(Error::Runtime(why_gone(gone))),
            never = wall.keep_looking(order_book) => match never {},
        };
    }
    log::info!("stopping");
    shared.stop(&handle).await;
    handle.stop(true).await;
    running.await.map_err(io::Error::other)??;
    if let Some(order_book) = shared.order_book.get() {
        order_book.close_store();
        // It may have failed at its last commit.
        ended = ended.and_then(|()| order_book.take_failure().map_or(Ok(()), |error| Err(Error::Store(error))));
    }
    log::info!("stopped");
    ended
}

impl Shared {
    fn new(config: Config, admission: Admission, connections: Arc<Connections>) -> Shared {
        let chance = config.seed.map_or_else(Chance::random, Chance::seeded);
        let stats = Arc::new(Stats::default());
        let venue_id = VenueId::default();
        let identity = Identity {
            id: venue_id.clone(),
            delay: spell_delay(&config.delay),
            long_delay: spell_delay(&config.long_delay),
            route_delay: spell_delay(&config.route_delay),
            durable: config.data_dir.is_some(),
        };
        let traffic = Arc::new(Traffic::of(surfaces::table()));
        let metrics = Arc::new(Metrics::new(identity, Arc::clone(&stats), connections, &traffic));
        let gate = Arc::new(Gate::new(admission, config.route_delay, chance, surfaces::table(), traffic));
        let order_book = OnceLock::new();
        Shared { config, chance, stats, gate, metrics, venue_id, order_book, feeds: Mutex::default() }
    }

    /// What the handlers on this worker's thread work with: one venue, whichever address a request came to.
    fn venue_of_this_thread(&self) -> web::Data<Venue> {
        VENUE.with_borrow_mut(|held| {
            held.upgrade().map_or_else(
                || {
                    let venue = web::Data::new(self.venue());
                    *held = Arc::downgrade(&venue);
                    venue
                },
                web::Data::from,
            )
        })
    }

    /// What one worker's handlers work with. The first worker to ask gets the OrderBook onto its own thread: requests
    /// that come in there reach it without a thread hop.
    fn venue(&self) -> Venue {
        let order_book = self.order_book.get_or_init(|| OrderBook::start(self.setup(), Arc::clone(&self.stats)));
        let feed = Feed::start(Arc::clone(&self.stats));
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).push(feed.addr());
        let gate = Arc::clone(&self.gate);
        Venue { id: self.venue_id.clone(), order_book: order_book.clone(), feed, gate }
    }

    /// Waits until all workers have started, then lets the OrderBook go on where the data folder ends.
    async fn begin(
        &self,
        handle: &ServerHandle,
        running: &mut JoinHandle<io::Result<()>>,
    ) -> Result<&OrderBookAddr, Error> {
        tokio::select! {
            biased;
            gone = running => {
                return Err(Error::Start { workers: self.config.worker_count(), source: why_gone(gone) });
            }
            // It changes nothing, and is answered once every worker has reported and connections are accepted.
            () = handle.resume() => {}
        }
        let order_book = self.order_book.get().expect("the first worker made it before it reported");
        self.recover(order_book).await?;
        Ok(order_book)
    }

    /// Lets the OrderBook go on where the data folder ends, if there is one. Reading it has a thread of its own, which a
    /// stop does not wait for.
    async fn recover(&self, order_book: &OrderBookAddr) -> Result<(), Error> {
        let Some(dir) = self.config.data_dir.clone() else {
            self.venue_id.set(Chance::random().number());
            return Ok(());
        };
        let config = self.config.clone();
        let opened = apart("recovery", move || restore::open(&Folder::new(dir), &config)).await?;
        let (restore, database) = opened.map_err(Error::Refused)?;
        self.venue_id.set(database.0);
        // Answered once all that fell due meanwhile is executed, and kept.
        match order_book.ask(restore).await {
            Ok(restored) => Ok(restored?),
            // It ends where its store does, which has told why before.
            Err(_) => Err(order_book.take_failure().map_or(Error::OrderBookStopped, Error::Refused)),
        }
    }

    fn setup(&self) -> Setup {
        Setup {
            delay: self.config.delay,
            long_delay: self.config.long_delay,
            chance: self.chance,
            clock: Clock::system(),
            max_orders: self.config.max_orders.get(),
            history: self.config.history,
            mailbox: self.config.mailbox.get(),
        }
    }

    /// Finishes requests in flight, then closes WebSockets: so that these are told of what those did.
    async fn stop(&self, handle: &ServerHandle) {
        handle.pause().await;
        self.gate.stop();
        if tokio::time::timeout(FINISH_WITHIN, self.gate.idle()).await.is_err() {
            log::warn!("some requests did not finish in {:?}", FINISH_WITHIN);
        }
        self.gate.close();
        let feeds = std::mem::take(&mut *self.feeds.lock().unwrap_or_else(PoisonError::into_inner));
        for feed in feeds {
            // It fails where a worker's thread has gone, and with it its subscribers.
            let _ = feed.send(CloseAll(CloseCode::GOING_AWAY)).await;
        }
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

fn start(listeners: Vec<TcpListener>, shared: &Arc<Shared>, connections: &Arc<Connections>) -> Result<Server, Error> {
    let max_connections = shared.config.max_connections.get();
    let mut server = Server::build()
        .workers(shared.config.worker_count())
        // Per worker, and it leaves the excess waiting. Ours is for the whole server and answers; this is the wall behind.
        .max_concurrent_connections(max_connections.saturating_add(1_024))
        .shutdown_timeout(CLOSE_WITHIN.as_secs())
        .disable_signals();
    let stop = server.graceful_shutdown_signal();
    let (shared, connections) = (Arc::clone(shared), Arc::clone(connections));
    // What actix_web::HttpServer does, with our own stream between the socket and HTTP.
    let service = move || {
        let (connections, stop) = (Arc::clone(&connections), stop.clone());
        let http = HttpService::build()
            .keep_alive(KEEP_ALIVE)
            // Heads have a limit of ours.
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(connection::DISCONNECT_WITHIN)
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .on_connect_ext(connection::on_connect)
            .finish(map_config(app(Arc::clone(&shared)), |()| AppConfig::default()));
        let accept = move |tcp: TcpStream| {
            // It fails where the client was faster.
            let _ = tcp.set_nodelay(true);
            let peer = tcp.peer_addr().ok();
            ready(Ok::<_, DispatchError>((connections.take(max_connections, tcp), actix_http::Protocol::Http1, peer)))
        };
        fn_service(accept).and_then(http)
    };
    for listener in listeners {
        server = server.listen("tradepit", listener, service.clone())?;
    }
    Ok(server.run())
}

/// What one worker serves.
fn app(
    shared: Arc<Shared>,
) -> impl ServiceFactory<
    Request,
    Config = AppConfig,
    Response = ServiceResponse<impl MessageBody>,
    Error = HttpResponse,
    InitError = (),
    Service: 'static,
    Future: 'static,
> {
    let venue = shared.venue_of_this_thread();
    let gate = Arc::clone(&shared.gate);
    let app = App::new()
        .app_data(venue.clone())
        .app_data(web::Data::from(Arc::clone(&shared.metrics)))
        .wrap_fn(move |request, routes| {
            let visit = Visit::begin(&gate, &request);
            // The handler does nothing before it is awaited.
            let entry = match visit.answer(&request) {
                None => Entry::Let(routes.call(request)),
                Some(answer) => Entry::Answered(request.into_response(answer)),
            };
            visit.pass(entry)
        })
        .configure(surfaces::configure);
    app.into_factory().map_err(|error: actix_web::Error| error.error_response())
}

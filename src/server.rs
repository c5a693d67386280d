//! The assembly: from a configuration to a running server, and its orderly end.

use std::future::ready;
use std::io;
use std::net::{TcpListener, ToSocketAddrs};
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
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
use socket2::{Domain, Protocol, Socket, Type};
use thiserror::Error;
use tokio::sync::{Notify, oneshot};
use tradepit_actors::{Chance, Clock, CloseAll, CloseCode, Feed, OrderBook, OrderBookAddr, Setup, Stats};
use tradepit_store::Folder;

use crate::config::{self, Config};
use crate::connection::{self, Connections};
use crate::gate::{self, Gate, Visit};
use crate::metrics::Metrics;
use crate::restore;
use crate::routes::{self, Venue};
use crate::wire::announcement::WIRE;

/// Why a server did not start, or ended.
#[derive(Debug, Error)]
pub enum Error {
    /// It cannot listen where it was told to.
    #[error("cannot listen on {host}:{port}: {source}{}", advice(.source))]
    Listen {
        /// The address or name.
        host: String,
        /// The port.
        port: u16,
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

/// What to do about it.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "; is another server running? Choose another --port, or 0 for a free one",
        io::ErrorKind::PermissionDenied => "; ports below 1024 are root's: choose another --port",
        _ => "; choose another --host",
    }
}

/// What all workers share.
struct Shared {
    config: Config,
    chance: Chance,
    stats: Arc<Stats>,
    gate: Arc<Gate>,
    metrics: Arc<Metrics>,
    order_book: OnceLock<OrderBookAddr>,
    started: Notify,
    feeds: Mutex<Vec<Addr<Feed>>>,
}

/// Serves until `stop` is over, then ends in order: finishes requests in flight, closes WebSockets, returns.
///
/// `ready` is told the server's URL as soon as it serves: with a data folder, once everything is recovered from it.
pub async fn serve(config: Config, stop: impl Future<Output = ()>, ready: impl FnOnce(&str)) -> Result<(), Error> {
    raise_descriptor_limit(config.max_connections.get());
    let listener = listen(&config.host, config.port)?;
    let url = format!("http://{}", listener.local_addr()?);
    let connections = Arc::new(Connections::default());
    let shared = Arc::new(Shared::new(config, Arc::clone(&connections)));
    let server = start(listener, &shared, connections)?;
    let handle = server.handle();
    let running = actix::spawn(server);
    let order_book = shared.order_book().await;
    let mut stop = pin!(stop);
    let recovered = tokio::select! {
        () = &mut stop => None,
        recovered = shared.recover(order_book) => Some(recovered),
    };
    let mut ended = Ok(());
    if let Some(recovered) = recovered {
        if let Err(error) = recovered {
            handle.stop(false).await;
            return Err(error);
        }
        shared.gate.open();
        log::info!("workers: {}, serving on {url}", shared.config.worker_count());
        ready(&url);
        ended = tokio::select! {
            () = stop => Ok(()),
            () = order_book.stopped() => Err(order_book.take_failure().map_or(Error::OrderBookStopped, Error::Store)),
        };
    }
    log::info!("stopping");
    shared.stop(&handle).await;
    handle.stop(true).await;
    running.await.map_err(io::Error::other)??;
    order_book.close_store();
    // It may have failed at its last commit.
    ended = ended.and_then(|()| order_book.take_failure().map_or(Ok(()), |error| Err(Error::Store(error))));
    log::info!("stopped");
    ended
}

/// Over when the process is told to end: SIGTERM or Ctrl-C. Both are watched from the call on, so that a signal that
/// comes before anybody waits is not missed; called within the runtime.
pub fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let watch = |kind, name| {
        let watched = signal(kind).inspect_err(|error| log::error!("{name} cannot be watched: {error}"));
        async move {
            match watched {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        }
    };
    let (terminate, interrupt) = (watch(SignalKind::terminate(), "SIGTERM"), watch(SignalKind::interrupt(), "SIGINT"));
    async move {
        tokio::select! {
            () = terminate => {}
            () = interrupt => {}
        }
    }
}

impl Shared {
    fn new(config: Config, connections: Arc<Connections>) -> Shared {
        let chance = config.seed.map_or_else(Chance::random, Chance::seeded);
        let stats = Arc::new(Stats::default());
        let metrics = Arc::new(Metrics::new(&config, Arc::clone(&stats), connections));
        let gate = Arc::new(Gate::new(config.route_delay, chance, Arc::clone(&metrics)));
        let (order_book, started) = (OnceLock::new(), Notify::new());
        Shared { config, chance, stats, gate, metrics, order_book, started, feeds: Mutex::default() }
    }

    /// What one worker's handlers work with. The first worker to ask gets the OrderBook onto its own thread: requests
    /// that come in there reach it without a thread hop.
    fn venue(&self) -> Venue {
        let order_book = self.order_book.get_or_init(|| OrderBook::start(self.setup(), Arc::clone(&self.stats)));
        let feed = Feed::start(WIRE, Arc::clone(&self.stats));
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).push(feed.addr());
        self.started.notify_one();
        Venue { order_book: order_book.clone(), feed, gate: Arc::clone(&self.gate), metrics: Arc::clone(&self.metrics) }
    }

    /// The OrderBook, once a worker has started it.
    async fn order_book(&self) -> &OrderBookAddr {
        self.started.notified().await;
        self.order_book.get().expect("a worker tells that it started only once the OrderBook is there")
    }

    /// Lets the OrderBook go on where the data folder ends, if there is one. Reading it has a thread of its own, which a
    /// stop does not wait for.
    async fn recover(&self, order_book: &OrderBookAddr) -> Result<(), Error> {
        let Some(dir) = self.config.data_dir.clone() else { return Ok(()) };
        let (tell, told) = oneshot::channel();
        let config = self.config.clone();
        let read = move || drop(tell.send(restore::open(&Folder::new(dir), &config)));
        std::thread::Builder::new().name("recovery".to_owned()).spawn(read)?;
        let restored = told.await.map_err(|_| Error::OrderBookStopped)?.map_err(Error::Refused)?;
        Ok(order_book.ask(restored).await.map_err(|_| Error::OrderBookStopped)??)
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
        if tokio::time::timeout(config::FINISH_WITHIN, self.gate.idle()).await.is_err() {
            log::warn!("some requests did not finish in {:?}", config::FINISH_WITHIN);
        }
        self.gate.close();
        let feeds = std::mem::take(&mut *self.feeds.lock().unwrap_or_else(PoisonError::into_inner));
        for feed in feeds {
            // It fails where a worker's thread has gone, and with it its subscribers.
            let _ = feed.send(CloseAll(CloseCode::GOING_AWAY)).await;
        }
    }
}

fn start(listener: TcpListener, shared: &Arc<Shared>, connections: Arc<Connections>) -> Result<Server, Error> {
    let max_connections = shared.config.max_connections.get();
    let server = Server::build()
        .workers(shared.config.worker_count())
        // Per worker, and it leaves the excess waiting. Ours is for the whole server and answers; this is the wall behind.
        .max_concurrent_connections(max_connections.saturating_add(1_024))
        .shutdown_timeout(config::CLOSE_WITHIN.as_secs())
        .disable_signals();
    let (stop, address) = (server.graceful_shutdown_signal(), listener.local_addr()?);
    let shared = Arc::clone(shared);
    // What actix_web::HttpServer does, with our own stream between the socket and HTTP.
    let server = server.listen("tradepit", listener, move || {
        let (connections, stop) = (Arc::clone(&connections), stop.clone());
        let http = HttpService::build()
            .keep_alive(config::KEEP_ALIVE)
            // Heads have a limit of ours.
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(config::DISCONNECT_WITHIN)
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .local_addr(address)
            .on_connect_ext(connection::on_connect)
            .finish(map_config(app(Arc::clone(&shared)), |()| AppConfig::default()));
        let accept = move |tcp: TcpStream| {
            // It fails where the client was faster.
            let _ = tcp.set_nodelay(true);
            let peer = tcp.peer_addr().ok();
            ready(Ok::<_, DispatchError>((connections.take(max_connections, tcp), actix_http::Protocol::Http1, peer)))
        };
        fn_service(accept).and_then(http)
    })?;
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
    let venue = web::Data::new(shared.venue());
    let gate = Arc::clone(&shared.gate);
    let app = App::new()
        .app_data(venue.clone())
        .wrap_fn(move |request, routes| {
            let visit = Visit::begin(&gate, &request);
            // The handler does nothing before it is awaited.
            let handled = gate::check(&request).map(|()| routes.call(request));
            visit.pass(handled)
        })
        .configure(routes::configure);
    app.into_factory().map_err(|error: actix_web::Error| error.error_response())
}

fn listen(host: &str, port: u16) -> Result<TcpListener, Error> {
    let bind = || {
        let address = (host, port).to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // A restart need not wait for the connections of the run before.
        socket.set_reuse_address(true)?;
        // Inherited by every connection.
        socket.set_send_buffer_size(config::SEND_BUFFER_BYTES)?;
        socket.bind(&address.into())?;
        socket.listen(config::BACKLOG)?;
        Ok(socket.into())
    };
    bind().map_err(|source| Error::Listen { host: host.to_owned(), port, source })
}

/// Lets the process have as many descriptors as its connections need, two each.
fn raise_descriptor_limit(max_connections: usize) {
    let needed = 2 * max_connections as u64 + 256;
    match rlimit::increase_nofile_limit(needed) {
        Ok(limit) if limit < needed => log::warn!(
            "--max-connections {max_connections} needs {needed} file descriptors, and this process may have {limit}: raise \
             the limit (ulimit -n) or lower --max-connections"
        ),
        Ok(_) => {}
        Err(error) => log::warn!("the limit of file descriptors cannot be read: {error}"),
    }
}

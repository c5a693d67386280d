//! What each worker thread runs: actix's HTTP on our own connections, every surface behind the gate.

use std::cell::RefCell;
use std::io;
use std::net::TcpListener;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Request};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory as _, Service as _, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse, web};
use tradepit_actors::Venues;

use crate::config::Config;
use crate::control::roster::Roster;
use crate::edge::connection::{self, Connections};
use crate::edge::gate::{Entry, Faulted, Gate, Visit};
use crate::edge::here::Worker;
use crate::edge::tls::Tls;
use crate::ops::metrics::Metrics;
use crate::surfaces;

/// How long an idle connection is kept; longer than the pools of common clients keep theirs, so that the client is
/// the one to close.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long WebSockets may take to close when the server stops.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) gate: Arc<Gate>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) connections: Arc<Connections>,
    /// Nothing where plain HTTP is spoken.
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) venues: Arc<Venues>,
    pub(crate) roster: Arc<Roster>,
}

thread_local! {
    /// What this worker serves with, on however many addresses; for as long as one of them does.
    static WORKER: RefCell<Weak<Worker>> = const { RefCell::new(Weak::new()) };
}

/// What the handlers on this thread work with: the same whichever address a request came to.
fn worker_of_this_thread(shared: &Shared) -> Rc<Worker> {
    WORKER.with_borrow_mut(|held| {
        held.upgrade().unwrap_or_else(|| {
            let worker = Rc::new(Worker::begin(Arc::clone(&shared.venues)));
            *held = Rc::downgrade(&worker);
            worker
        })
    })
}

/// Starts the workers, which serve on these.
pub(crate) fn start(listeners: Vec<TcpListener>, shared: &Arc<Shared>) -> io::Result<Server> {
    let max_connections = shared.config.max_connections.get();
    let mut server = Server::build()
        .workers(shared.config.worker_count())
        // Per worker, and it leaves the excess waiting. Ours is for the whole server and answers; this is the wall
        // behind.
        .max_concurrent_connections(max_connections.saturating_add(1_024))
        .shutdown_timeout(CLOSE_WITHIN.as_secs())
        .disable_signals();
    let stop = server.graceful_shutdown_signal();
    let shared = Arc::clone(shared);
    // What actix_web::HttpServer does, with our own stream between the socket and HTTP.
    let service = move || {
        let (connections, tls, stop) = (Arc::clone(&shared.connections), shared.tls.clone(), stop.clone());
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
            let (connections, tls) = (Arc::clone(&connections), tls.clone());
            async move {
                let stream = connections.take(max_connections, tcp, tls.as_deref()).await;
                // Nobody asks why there is none.
                let stream = stream.ok_or(DispatchError::DisconnectTimeout)?;
                Ok((stream, actix_http::Protocol::Http1, peer))
            }
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
    let worker = worker_of_this_thread(&shared);
    let gate = Arc::clone(&shared.gate);
    let app = App::new()
        .app_data(worker)
        .app_data(web::Data::from(Arc::clone(&shared.gate)))
        .app_data(web::Data::from(Arc::clone(&shared.metrics)))
        .app_data(web::Data::from(Arc::clone(&shared.roster)))
        .wrap(Faulted(Arc::clone(&gate)))
        .wrap_fn(move |mut request, routes| {
            let mut visit = Visit::begin(&gate, &request);
            // The handler does nothing before it is awaited.
            let entry = match visit.answer(&request) {
                None if visit.lead(&mut request) => Entry::Let(routes.call(request)),
                None => Entry::LeadsNowhere(request),
                Some(answer) => Entry::Answered(request.into_response(answer)),
            };
            visit.pass(entry)
        })
        .configure(surfaces::configure);
    app.into_factory().map_err(|error: actix_web::Error| error.error_response())
}

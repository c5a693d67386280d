//! What every request passes first: who is let in, limits on what came, the random sleep, and the count of what is
//! answered.
//!
//! What matters here of a request's route, the route table tells, which is given to the gate; it knows no surface, no
//! handler and no configuration. A request comes in from its connection and goes on to its handler; the answer leaves
//! by here.

mod admission;
mod authority;
mod cors;
mod faulted;
mod forwarded;
mod marks;
mod origin;
mod sleep;
mod stay;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{Error, HttpResponse, ResponseError as _};
use tokio::sync::Notify;
use tokio::time::Instant;
use tradepit_actors::{Clock, MAIN, Venue, Venues};

use crate::edge::body;
use crate::edge::connection::{Connection, Promptness, hang_up};
use crate::edge::faults::boards::Boards;
use crate::edge::here::{self, Here};
use crate::edge::refusal::Refusal;
use crate::edge::rejects::Rejects;
use crate::edge::table::{Found, Table};
use crate::edge::traffic::{Traffic, Verb};

use self::admission::Signature;
pub(crate) use self::admission::{Admission, Rules, parse_host};
pub(crate) use self::faulted::Faulted;
pub(crate) use self::forwarded::Proxies;
use self::marks::Marks;
pub(crate) use self::origin::AllowedOrigin;
pub(crate) use self::sleep::Sleep;
use self::stay::Stay;

/// What all workers' gates share.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) admission: Admission,
    sleep: Sleep,
    in_flight: AtomicUsize,
    stopping: AtomicBool,
    closed: AtomicBool,
    changed: Notify,
    traffic: Arc<Traffic>,
    /// Those of `main`, and of the process.
    rejects: Arc<Rejects>,
    pub(crate) table: &'static Table,
    /// Before `main` is there, only routes that are always served get an answer.
    venues: Arc<Venues>,
    /// What is made to go wrong on purpose.
    pub(crate) boards: Arc<Boards>,
}

impl Gate {
    pub(crate) fn new(
        admission: Admission,
        sleep: Sleep,
        table: &'static Table,
        (traffic, rejects): (Arc<Traffic>, Arc<Rejects>),
        (venues, boards): (Arc<Venues>, Arc<Boards>),
    ) -> Gate {
        Gate {
            admission,
            sleep,
            in_flight: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            changed: Notify::new(),
            traffic,
            rejects,
            table,
            venues,
            boards,
        }
    }

    /// Why a request to this route is not handled now, if it is not.
    fn closed_to(&self, found: Option<Found>) -> Option<Refusal> {
        if self.closed.load(Ordering::Acquire) {
            Some(Refusal::Overloaded("The server is stopping"))
        } else if !self.venues.has_main() && !found.is_some_and(|found| found.route.is_always_served()) {
            Some(Refusal::STARTING)
        } else {
            None
        }
    }

    /// The requests to a venue that were refused.
    pub(crate) fn rejects_of(&self, here: &Here) -> Arc<Rejects> {
        self.rejects_beside(Some(here.venue()).filter(|_| !here.is_main()))
    }

    /// Those of a venue that was made; without one those of `main`.
    fn rejects_beside(&self, venue: Option<&Arc<Venue>>) -> Arc<Rejects> {
        venue.map_or_else(|| Arc::clone(&self.rejects), |venue| venue.beside(|| self.rejects.of_venue()))
    }

    /// Whether the server is about to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// The server is about to stop: sleeps on routes end now.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.changed.notify_waiters();
    }

    /// Subscribers are about to be closed: from now on nothing is done that they could not be told of.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Waits until no request is being handled.
    pub(crate) async fn idle(&self) {
        loop {
            let changed = self.changed.notified();
            if self.in_flight.load(Ordering::Acquire) == 0 {
                return;
            }
            changed.await;
        }
    }

    /// The random sleep on all routes.
    async fn rest(&self) {
        self.pause(self.sleep.next()).await;
    }

    /// Sleeps so long; cut short when the server stops.
    #[expect(clippy::disallowed_methods, reason = "the one place where a route sleeps, before anything is asked")]
    async fn pause(&self, delay: Duration) {
        // Registered before the flag is read: a stop in between is not missed.
        let stopped = self.changed.notified();
        if !self.is_stopping() {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = stopped => {}
            }
        }
    }
}

/// Refuses a body that says that it is too large, or compressed, before anything of it is handled.
fn check(request: &ServiceRequest, marks: &Marks<'_>) -> Result<(), Refusal> {
    body::check(request.headers(), marks.length, marks.is_coded).inspect_err(|_| hang_up(request.conn_data()))
}

/// What comes of a request at the gate.
pub(crate) enum Entry<F> {
    /// It is being handled, once this is awaited.
    Let(F),
    /// There is no route.
    LeadsNowhere(ServiceRequest),
    /// It was answered.
    Answered(ServiceResponse),
}

/// A request that is being handled. Counted also when its client goes away and it is dropped.
pub(crate) struct Visit {
    gate: Arc<Gate>,
    found: Option<Found>,
    /// Where it is for a venue that was made.
    stay: Option<Stay>,
    verb: Verb,
    /// It changes nothing, and so a cache between might keep the answer.
    is_safe: bool,
    signature: Option<Signature>,
    started: Instant,
    /// Of its connection; nothing where a test made the request.
    promptness: Option<Rc<Promptness>>,
}

impl Visit {
    /// A request comes in.
    pub(crate) fn begin(gate: &Arc<Gate>, request: &ServiceRequest) -> Visit {
        gate.in_flight.fetch_add(1, Ordering::AcqRel);
        let promptness = request.conn_data::<Connection>().map(|connection| Rc::clone(connection.promptness()));
        if let Some(promptness) = &promptness {
            promptness.begin();
        }
        Visit {
            gate: Arc::clone(gate),
            found: gate.table.find(request.path()),
            stay: None,
            verb: Verb::of(request.method()),
            is_safe: request.method().is_safe(),
            signature: gate.admission.signature(request.headers()),
            started: Clock::monotonic(),
            promptness,
        }
    }

    /// The answer to a request that is not let in.
    pub(crate) fn answer(&mut self, request: &ServiceRequest) -> Option<HttpResponse> {
        let (admission, head) = (&self.gate.admission, request.head());
        let route = self.found.map(|found| found.route);
        let marks = Marks::of(head.headers());
        if let Err(refused) = admission.check(head, &marks, route) {
            return Some(refused.error_response());
        }
        admission.preflight(head, route).or_else(|| {
            let refused = check(request, &marks).err().or_else(|| self.gate.closed_to(self.found));
            Some(refused.or_else(|| self.enter(request).err())?.error_response())
        })
    }

    /// Finds the venue that is named, where one is.
    fn enter(&mut self, request: &ServiceRequest) -> Result<(), Refusal> {
        if let Some(found) = self.found.filter(|found| found.prefix > 0) {
            self.stay = Stay::begin(&self.gate.venues, request.path(), request.method(), found.route)?;
        }
        Ok(())
    }

    /// Lets the router look at the path within the venue; returns whether there is a route at all.
    ///
    /// The router reads escapes that the table does not, and must find no route that was not judged here.
    pub(crate) fn lead(&self, request: &mut ServiceRequest) -> bool {
        if let Some(found) = self.found.filter(|found| found.prefix > 0) {
            request.match_info_mut().skip(found.prefix);
        }
        self.found.is_some()
    }

    async fn sleep(&self) {
        if !self.gate.sleep.is_none() {
            self.promptness.iter().for_each(|promptness| promptness.wait());
            Box::pin(self.gate.rest()).await;
        }
    }

    /// Sleeps as all routes do, then lets the request be handled, unless it was answered.
    #[expect(clippy::manual_async_fn, reason = "an async function holds what it is given twice, on every connection")]
    pub(crate) fn pass<F>(self, entry: Entry<F>) -> impl Future<Output = Result<ServiceResponse, Error>>
    where
        F: Future<Output = Result<ServiceResponse, Error>>,
    {
        async move {
            match entry {
                Entry::Let(handled) => {
                    self.sleep().await;
                    let response = handled.await?;
                    Ok(self.end(response))
                }
                Entry::LeadsNowhere(request) => {
                    self.sleep().await;
                    Ok(self.end(request.into_response(Refusal::UnknownPath.error_response())))
                }
                Entry::Answered(response) => Ok(self.end(response)),
            }
        }
    }

    fn tells_refusals(&self) -> bool {
        self.found.is_none_or(|found| found.route.tells_refusals())
    }

    /// Keeps a refusal with those of the venue that was asked, by its time; without one with those of `main`.
    fn note(&self, response: ServiceResponse) -> ServiceResponse {
        let path = response.request().path();
        // What only the process knows is of no venue, as a reset is. What nobody knows is of the one that was asked.
        let below = here::split(path).filter(|_| self.found.is_none_or(|found| found.prefix > 0));
        let other = below.filter(|(name, _)| *name != MAIN).and_then(|(name, rest)| {
            let venue = self.gate.venues.find(name)?;
            Some((venue, path.len() - rest.len()))
        });
        match other {
            Some((venue, prefix)) => self.gate.rejects_beside(Some(&venue)).note(venue.now(), prefix, response),
            None => {
                let now = self.gate.venues.find(MAIN).map_or_else(Clock::wall, |main| main.now());
                self.gate.rejects.note(now, 0, response)
            }
        }
    }

    fn end(mut self, mut response: ServiceResponse) -> ServiceResponse {
        let code = response.status();
        self.gate.traffic.note(self.found, self.verb, code.as_u16(), self.started.elapsed());
        if code == StatusCode::SWITCHING_PROTOCOLS {
            return response;
        }
        if (code.is_client_error() || code.is_server_error()) && self.tells_refusals() {
            response = self.note(response);
        }
        let head = response.response_mut().head_mut();
        if self.gate.is_stopping() {
            head.set_connection_type(ConnectionType::Close);
        }
        if self.is_safe || code.is_client_error() || code.is_server_error() {
            forbid_keeping(head.headers_mut());
        }
        if let Some(signature) = self.signature.take() {
            signature.sign(head.headers_mut());
        }
        response
    }
}

/// What does not say how long it holds may be another thing a moment later.
fn forbid_keeping(headers: &mut HeaderMap) {
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(promptness) = &self.promptness {
            promptness.end();
        }
        if self.gate.in_flight.fetch_sub(1, Ordering::AcqRel) == 1 && self.gate.is_stopping() {
            self.gate.changed.notify_waiters();
        }
    }
}

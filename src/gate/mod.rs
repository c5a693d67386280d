//! What every request passes first: limits on what came, the random sleep, and the count of what is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::Error;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use tokio::sync::Notify;
use tokio::time::Instant;
use tradepit_actors::{Chance, Clock, DelayModel};

use crate::config::BODY_BYTES;
use crate::connection::hang_up;
use crate::metrics::Metrics;
use crate::routes::Route;
use crate::wire::encoding::check_coding;
use crate::wire::error::ApiError;

/// What all workers' gates share.
#[derive(Debug)]
pub(crate) struct Gate {
    route_delay: DelayModel,
    chance: Chance,
    requests: AtomicU64,
    in_flight: AtomicUsize,
    /// The order book is not there yet: nothing is answered but `/health`.
    recovering: AtomicBool,
    stopping: AtomicBool,
    closed: AtomicBool,
    changed: Notify,
    metrics: Arc<Metrics>,
}

impl Gate {
    pub(crate) fn new(route_delay: DelayModel, chance: Chance, metrics: Arc<Metrics>) -> Gate {
        Gate {
            route_delay,
            chance,
            requests: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            recovering: AtomicBool::new(true),
            stopping: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            changed: Notify::new(),
            metrics,
        }
    }

    /// The order book is there: requests are handled from now on.
    pub(crate) fn open(&self) {
        self.recovering.store(false, Ordering::Release);
    }

    /// Why a request to this route is not handled now, if it is not.
    fn closed_to(&self, route: Route) -> Option<ApiError> {
        if self.closed.load(Ordering::Acquire) {
            Some(ApiError::Overloaded("The server is stopping"))
        } else if self.recovering.load(Ordering::Acquire) && route != Route::Health {
            Some(ApiError::Overloaded("The server is starting: it reads what it has stored"))
        } else {
            None
        }
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

    /// The random sleep on all routes; cut short when the server stops.
    #[expect(clippy::disallowed_methods, reason = "the one place where a route sleeps, before anything is asked")]
    async fn sleep(&self) {
        if self.route_delay == DelayModel::None {
            return;
        }
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let delay = Duration::from_micros(self.chance.route_us(number, &self.route_delay));
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
pub(crate) fn check(request: &ServiceRequest) -> Result<(), ApiError> {
    check_body(request).inspect_err(|_| hang_up(request.conn_data()))
}

fn check_body(request: &ServiceRequest) -> Result<(), ApiError> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > BODY_BYTES as u64) {
        return Err(ApiError::TooLarge);
    }
    check_coding(request.headers())
}

/// The method, from a closed list: a client cannot invent metrics.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// A request that is being handled. Counted also when its client goes away and it is dropped.
pub(crate) struct Visit {
    gate: Arc<Gate>,
    route: Route,
    method: &'static str,
    started: Instant,
}

impl Visit {
    /// A request comes in.
    pub(crate) fn begin(gate: &Arc<Gate>, request: &ServiceRequest) -> Visit {
        gate.in_flight.fetch_add(1, Ordering::AcqRel);
        let route = Route::of(request.path());
        Visit { gate: Arc::clone(gate), route, method: method_label(request.method()), started: Clock::monotonic() }
    }

    /// Sleeps as all routes do, then lets the request be handled, unless it was refused.
    pub(crate) async fn pass<B, F>(self, handled: Result<F, ApiError>) -> Result<ServiceResponse<B>, Error>
    where
        F: Future<Output = Result<ServiceResponse<B>, Error>>,
    {
        let result = match handled {
            Ok(response) => match self.gate.closed_to(self.route) {
                Some(error) => Err(error.into()),
                None => {
                    self.gate.sleep().await;
                    response.await
                }
            },
            Err(error) => Err(error.into()),
        };
        self.end(result)
    }

    fn end<B>(self, result: Result<ServiceResponse<B>, Error>) -> Result<ServiceResponse<B>, Error> {
        let code = result.as_ref().map_or_else(|e| e.as_response_error().status_code(), ServiceResponse::status);
        self.gate.metrics.observe(self.route, self.method, code.as_u16(), self.started.elapsed());
        let mut response = result?;
        if self.gate.is_stopping() && code != StatusCode::SWITCHING_PROTOCOLS {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
        Ok(response)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if self.gate.in_flight.fetch_sub(1, Ordering::AcqRel) == 1 && self.gate.is_stopping() {
            self.gate.changed.notify_waiters();
        }
    }
}

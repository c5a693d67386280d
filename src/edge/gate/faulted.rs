//! Requests that a fault befalls: between the gate and the routes, in force only where a venue's list concerns them.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::net::Shutdown;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::Method;
use actix_web::{Error, ResponseError as _, web};
use bytes::Bytes;
use futures_util::future::{Either, LocalBoxFuture};
use serde::Deserialize;
use tradepit_actors::{Clock, DEFAULT_ACCOUNT, MAIN, Venue};
use tradepit_engine::{AccountId, AccountNumber, Clearing};

use super::Gate;
use crate::edge::body;
use crate::edge::connection::Connection;
use crate::edge::faults::in_force::{Asks, Fate, InForce, Looked};
use crate::edge::faults::reply;
use crate::edge::faults::{When, boards};
use crate::edge::here;
use crate::edge::refusal::Refusal;
use crate::edge::route::Route;

/// Stands before the routes.
pub(crate) struct Faulted(pub(crate) Arc<Gate>);

/// The same, on one worker.
pub(crate) struct BeforeRoutes<S> {
    gate: Arc<Gate>,
    routes: Rc<S>,
}

/// What a request meets, and where.
struct Meets {
    venue: Arc<Venue>,
    in_force: Arc<InForce>,
    route: &'static Route,
    asks: Asks,
}

type Answered = Result<ServiceResponse, Error>;

impl<S> Transform<S, ServiceRequest> for Faulted
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = BeforeRoutes<S>;
    type InitError = ();
    type Future = Ready<Result<BeforeRoutes<S>, ()>>;

    fn new_transform(&self, routes: S) -> Self::Future {
        ready(Ok(BeforeRoutes { gate: Arc::clone(&self.0), routes: Rc::new(routes) }))
    }
}

impl<S> Service<ServiceRequest> for BeforeRoutes<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Either<S::Future, LocalBoxFuture<'static, Answered>>;

    forward_ready!(routes);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        match self.gate.faults_of(&request) {
            None => Either::Left(self.routes.call(request)),
            Some(meets) => {
                let (gate, routes) = (Arc::clone(&self.gate), Rc::clone(&self.routes));
                Either::Right(Box::pin(async move { meets.befall(request, &gate, &*routes).await }))
            }
        }
    }
}

impl Gate {
    /// What may befall this request, if anything may.
    #[inline]
    fn faults_of(&self, request: &ServiceRequest) -> Option<Meets> {
        if self.boards.are_any() { self.look_for_faults(request) } else { None }
    }

    #[cold]
    fn look_for_faults(&self, request: &ServiceRequest) -> Option<Meets> {
        let found = self.table.find(request.path()).filter(|found| !found.route.is_steady())?;
        let name = here::split(request.path()).filter(|_| found.prefix > 0).map_or(MAIN, |(name, _)| name);
        let venue = self.venues.find(name)?;
        let in_force = boards::in_force(&venue);
        let asks = in_force.asks(request.method(), found.route)?;
        Some(Meets { venue, in_force, route: found.route, asks })
    }
}

impl Meets {
    /// Lets the request meet it, and be handled where that is left of it.
    async fn befall<S>(self, mut request: ServiceRequest, gate: &Gate, routes: &S) -> Answered
    where
        S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
    {
        let fate = match self.fate(&mut request).await {
            Ok(fate) => fate,
            Err(refused) => return Ok(request.into_response(refused.error_response())),
        };
        if !fate.delay.is_zero() {
            let Some(_waits) = self.in_force.wait() else {
                let why = Refusal::Overloaded("As many requests of this venue wait for a fault as may");
                return Ok(request.into_response(why.error_response()));
            };
            request.conn_data::<Connection>().iter().for_each(|connection| connection.promptness().wait());
            tokio::select! {
                () = gate.pause(fate.delay) => {}
                () = self.in_force.lifted() => {}
            }
        }
        let disconnect = fate.cut.and_then(|_| Some(request.conn_data::<Connection>()?.disconnect()));
        let cut = || disconnect.iter().for_each(|disconnect| disconnect(Shutdown::Both));
        // What asks for a head alone has no body to cut.
        let shortens = fate.shortens.filter(|_| *request.method() != Method::HEAD);
        if fate.cut == Some(When::Before) {
            cut();
            return Ok(request.into_response(reply::cut()));
        }
        let mut response = match fate.answer {
            Some(answer) => request.into_response(answer),
            None => routes.call(request).await?,
        };
        if fate.cut == Some(When::After) {
            cut();
        }
        reply::sign(response.headers_mut(), fate.names);
        Ok(match shortens {
            Some((to, name)) => reply::shorten(response, to, name),
            None => response,
        })
    }

    /// What it meets: its body is read where the account may stand there.
    async fn fate(&self, request: &mut ServiceRequest) -> Result<Fate, Refusal> {
        let account = if self.asks.account { account_of(request, self.route).await? } else { None };
        let account = account.as_deref().unwrap_or(DEFAULT_ACCOUNT);
        let time = if self.asks.time { self.venue.clock().await.ok().map(|clock| clock.now) } else { None };
        Ok(self.in_force.meet(&Looked {
            method: request.method(),
            route: self.route,
            account: (account, self.number_of(account)),
            time,
            now: Clock::monotonic(),
        }))
    }

    /// One that there is not counts as `default`: nobody makes room for itself by a name.
    fn number_of(&self, account: &str) -> AccountNumber {
        let id = AccountId::new(account).ok();
        id.and_then(|id| self.venue.accounts().number(id)).unwrap_or(Clearing::DEFAULT)
    }
}

/// The account that a request names: in its path, its query or its body.
async fn account_of(request: &mut ServiceRequest, route: &Route) -> Result<Option<String>, Refusal> {
    if let Some(account) = in_path(request.path(), route) {
        return Ok(Some(account));
    }
    let query = form_urlencoded::parse(request.query_string().as_bytes());
    if let Some((_, account)) = query.filter(|(name, _)| name == "account").last() {
        return Ok(Some(account.into_owned()));
    }
    if request.method().is_safe() || *request.method() == Method::DELETE {
        return Ok(None);
    }
    let payload = request.extract::<web::Payload>().await.map_err(|_| Refusal::BrokenBody)?;
    let body = body::read(request.request(), payload).await?;
    let account = in_body(&body);
    request.set_payload(Payload::from(body));
    Ok(account)
}

/// What stands in a path in place of an account's id.
fn in_path(path: &str, route: &Route) -> Option<String> {
    const BEFORE: &str = "/accounts/";
    let id = route.path().strip_prefix(BEFORE)?.starts_with("{id}").then(|| path.split(BEFORE).nth(1))??;
    id.split('/').next().map(str::to_owned)
}

fn in_body(body: &Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        account: Option<Cow<'a, str>>,
    }
    serde_json::from_slice(body).ok().and_then(|Named { account }| account).map(Cow::into_owned)
}

//! Who is let in: what is asked of a request's host and origin before anything of it is handled.
//!
//! Judges by the head alone. Programs are asked for a sound `Host` only; what concerns browsers protects their readers
//! from pages of elsewhere.

use std::net::SocketAddr;

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderMap, HeaderValue};

use super::authority::Authority;
use super::cors;
use super::forwarded::{Address, Listening, Proxies};
use super::marks::Marks;
use super::origin::{self, AllowedOrigin};
use crate::edge::refusal::Refusal;
use crate::edge::route::Route;

/// Whom the operator lets in.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// The names that browsers may call this server by, beside those of this machine; `*` is any.
    pub(crate) hosts: Vec<String>,
    /// The origins whose pages may do what the server's own may.
    pub(crate) origins: Vec<AllowedOrigin>,
    /// The proxies whose word on forwarded requests counts.
    pub(crate) proxies: Proxies,
}

/// The rules, as they are asked for at each request.
#[derive(Debug)]
pub(crate) struct Admission {
    /// The names that browsers may call this server by, beside those of this machine; all where it listens to other
    /// machines too: then these know it by names of their own.
    hosts: Option<Vec<String>>,
    origins: Vec<AllowedOrigin>,
    proxies: Proxies,
    listening: Listening,
}

impl Admission {
    /// The rules of a server that listens on these addresses, at least one, and all have one port; it may speak TLS.
    pub(crate) fn new(rules: Rules, addresses: &[SocketAddr], is_https: bool) -> Admission {
        let Rules { hosts, origins, proxies } = rules;
        let is_private = addresses.iter().all(|address| address.ip().to_canonical().is_loopback());
        let is_open = !is_private || hosts.iter().any(|host| host == "*");
        let listening = Listening { port: addresses.first().map_or(0, SocketAddr::port), is_https };
        Admission { hosts: (!is_open).then_some(hosts), origins, proxies, listening }
    }

    /// The answer to a browser that asks what a page may send to this route; nothing where it does not ask that, or no
    /// page of elsewhere may send anything.
    pub(super) fn preflight(&self, head: &RequestHead, route: Option<&'static Route>) -> Option<HttpResponse> {
        let methods = route.filter(|_| self.is_preflight(head))?.allow();
        Some(cors::preflight(head, methods))
    }

    /// Refuses a request to this route that may not come in.
    pub(super) fn check(&self, head: &RequestHead, marks: &Marks<'_>, route: Option<&Route>) -> Result<(), Refusal> {
        let host = marks.host.map(|host| Authority::parse(host.as_bytes()).ok_or(Refusal::BrokenHost)).transpose()?;
        if self.hosts.is_some() && marks.is_of_browser() && host.is_some_and(|host| !self.serves(host)) {
            return Err(Refusal::ForeignHost);
        }
        // What is merely read a browser does not show to a page of another origin unless we say so.
        let matters = || !head.method.is_safe() || route.is_some_and(Route::tells_pages) || self.is_preflight(head);
        let allowed = if route.is_some_and(Route::is_control) { &[] } else { &*self.origins };
        if marks.is_of_page && matters() && origin::is_foreign(&head.headers, allowed, || self.address(head)) {
            return Err(Refusal::ForeignOrigin);
        }
        Ok(())
    }

    fn serves(&self, host: Authority<'_>) -> bool {
        let Some(named) = &self.hosts else { return true };
        let name = host.host();
        host.is_local() || named.iter().any(|named| named.eq_ignore_ascii_case(name))
    }

    fn is_preflight(&self, head: &RequestHead) -> bool {
        self.is_shared() && cors::is_preflight(head)
    }

    /// Whether pages of other origins may do something here.
    fn is_shared(&self) -> bool {
        !self.origins.is_empty()
    }

    /// What the client called this server.
    pub(crate) fn address<'a>(&self, head: &'a RequestHead) -> Address<'a> {
        Address::of(head, &self.proxies, self.listening)
    }

    /// How the answer to these headers is signed; nothing where none is.
    pub(super) fn signature(&self, headers: &HeaderMap) -> Option<Signature> {
        self.is_shared().then(|| Signature(origin::granted(headers, &self.origins)))
    }
}

/// Reads a name that browsers may know the server by.
pub(crate) fn parse_host(text: &str) -> Result<String, String> {
    let is_host = Authority::parse(text.as_bytes()).is_some_and(|host| host.as_str() == host.host());
    let is_one = text == "*" || is_host;
    is_one
        .then(|| text.to_owned())
        .ok_or_else(|| "a host is expected, without scheme and port: pit.example; or *".to_owned())
}

/// The origin that may read an answer, if any may.
#[derive(Debug)]
pub(super) struct Signature(Option<HeaderValue>);

impl Signature {
    /// Writes it into the answer.
    pub(super) fn sign(self, headers: &mut HeaderMap) {
        cors::sign(headers, self.0);
    }
}

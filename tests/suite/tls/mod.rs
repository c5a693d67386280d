//! TLS: what is spoken, with whom, and what becomes of everybody else.

mod clients;
mod health;
mod hostile;
mod openssl;
mod renewal;
mod spoken;

use tokio_rustls::TlsConnector;

use crate::support::tls::{Authority, Files, Signed, VERSIONS, ask, client, connect};
use crate::support::{Reply, Request, Venue, own_venue};

/// A server of its own that speaks TLS.
struct Secure {
    venue: Venue,
    authority: Authority,
    files: Files,
}

impl Secure {
    fn start() -> Secure {
        let authority = Authority::new("An authority");
        let files = Files::of(&authority.sign());
        let venue = own_venue(|config| files.set(config));
        Secure { venue, authority, files }
    }

    /// A client that trusts it, of any version.
    fn client(&self) -> TlsConnector {
        client(&self.authority.pem, &VERSIONS, None)
    }

    async fn get(&self, path: &str) -> Reply {
        ask(&self.client(), self.venue.addr, Request::new("GET", path)).await.expect("a reply")
    }

    /// A figure of its metrics.
    async fn figure(&self, name: &str) -> u64 {
        let metrics = self.get("/metrics").await.body;
        let figure = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        figure.unwrap_or_else(|| panic!("no {name} in {metrics}")).parse().expect("a number")
    }

    async fn assert_lives(&self) {
        assert_eq!(self.get("/health").await.status, 200);
    }
}

//! Servers to test: the shared one, and private ones with a setting of their own.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{OnceLock, mpsc};
use std::thread::JoinHandle;

use serde_json::Value;
use tokio::sync::oneshot;
use tradepit::config::{Config, Market};
use tradepit::server;

use super::rest::next_page;
use super::{PATIENCE, Reply, Request, Subscriber};

pub struct Venue {
    pub addr: SocketAddr,
    /// What stands before each path that is asked here: nothing, or `/venues/NAME`.
    prefix: String,
    running: Option<Running>,
}

/// Where a client finds a venue, as one that takes a base address does: the server, and what stands before each path.
#[derive(Clone, Debug)]
pub struct Base {
    pub addr: SocketAddr,
    pub prefix: String,
}

impl Base {
    /// A request whose first line asks for a path there, as it is sent.
    pub fn request(&self, text: &str) -> String {
        text.replacen(" /", &format!(" {}/", self.prefix), 1)
    }
}

impl From<SocketAddr> for Base {
    fn from(addr: SocketAddr) -> Base {
        Base { addr, prefix: String::new() }
    }
}

impl From<&Venue> for Base {
    fn from(venue: &Venue) -> Base {
        Base { addr: venue.addr, prefix: venue.prefix.clone() }
    }
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), server::Error>>,
}

/// The server that tests share: that of `TRADEPIT_URL`, or one in this process. Tests of the contract ask
/// [`venue`](super::venue) instead, which is one of its venues.
pub fn server() -> &'static Venue {
    static SERVER: OnceLock<Venue> = OnceLock::new();
    SERVER.get_or_init(|| match named() {
        Some(Base { addr, .. }) => Venue::of(addr),
        // The market moves, as it does where nothing is said: the contract holds all the same.
        None => own_venue(|config| config.venue.market = Market::Calm),
    })
}

/// What `TRADEPIT_URL` names: a server, or a venue of one.
pub fn named() -> Option<Base> {
    let url = std::env::var("TRADEPIT_URL").ok()?;
    let rest = url.trim_end_matches('/').strip_prefix("http://").expect("TRADEPIT_URL begins with http://");
    let (host, path) = rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
    let addr = host.to_socket_addrs().expect("TRADEPIT_URL names a host and a port").next();
    Some(Base { addr: addr.expect("the host of TRADEPIT_URL has an address"), prefix: path })
}

/// A server of one's own: the defaults on a free port, and no price that moves by itself, adjusted. It stops when
/// dropped.
pub fn own_venue(adjust: impl FnOnce(&mut Config)) -> Venue {
    let mut config = Config { port: 0, ..Config::default() };
    config.venue.market = Market::Frozen;
    adjust(&mut config);
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let stop = async {
            // Dropped without a word: stop as well.
            let _ = stopped.await;
        };
        let ready = move |url: &str| tell.send(url.to_owned()).expect("the test waits for it");
        actix::System::new().block_on(server::serve(config, stop, ready))
    });
    let url = told.recv_timeout(PATIENCE).expect("the server tells when it is ready");
    let addr: Option<SocketAddr> = url.split_once("://").and_then(|(_, addr)| addr.parse().ok());
    let mut venue = Venue::of(addr.expect("its URL ends with its address"));
    venue.running = Some(Running { stop, thread });
    venue
}

impl Venue {
    /// What is found there, `main` where nothing but an address is said; whoever runs it runs it elsewhere.
    pub fn of(base: impl Into<Base>) -> Venue {
        let Base { addr, prefix } = base.into();
        Venue { addr, prefix, running: None }
    }

    /// The venue of this name of the same server, which goes on as long as this one.
    pub fn at(&self, name: &str) -> Venue {
        Venue::of(Base { addr: self.addr, prefix: format!("/venues/{name}") })
    }

    /// Where this is found.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// Tells the server to stop, waits until it has, and returns how it ended.
    pub fn stop(mut self) -> Result<(), server::Error> {
        let running = self.running.take().expect("only a server of ours is stopped");
        let _ = running.stop.send(());
        running.thread.join().expect("the server does not panic")
    }

    /// The path of the next page, if the reply names one, as this venue is asked for it.
    pub fn next_page(&self, reply: &Reply) -> Option<String> {
        let path = next_page(reply)?;
        let below = path.strip_prefix(&self.prefix);
        Some(below.unwrap_or_else(|| panic!("the link leads elsewhere: {path}")).to_owned())
    }

    /// A request to this venue, to be sent to its address.
    pub fn ask(&self, method: &str, path: &str) -> Request {
        Request::new(method, &self.path(path))
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).send(self.addr).await
    }

    pub async fn post(&self, path: &str, body: &str) -> Reply {
        self.ask("POST", path).body(body).send(self.addr).await
    }

    pub async fn patch(&self, path: &str, body: &str) -> Reply {
        self.ask("PATCH", path).body(body).send(self.addr).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.ask("DELETE", path).send(self.addr).await
    }

    /// Places an order and returns it.
    pub async fn place(&self, stoks: &str, quantity: u64) -> Value {
        let reply = self.post("/orders", &format!(r#"{{"stoks": "{stoks}", "quantity": {quantity}}}"#)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// Places an order that stays pending for five seconds.
    pub async fn place_long(&self, stoks: &str, quantity: u64) -> Value {
        let body = format!(r#"{{"stoks": "{stoks}", "quantity": {quantity}}}"#);
        let reply = self.ask("POST", "/orders").header("long-pending", "1").body(&body).send(self.addr).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// Subscribes: `query` is empty or begins with `?`.
    pub async fn subscribe(&self, query: &str) -> Subscriber {
        let path = self.path(&format!("/ws{query}"));
        Subscriber::connect_to(self.addr, &path).await.expect("the handshake succeeds")
    }
}

impl Drop for Venue {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            drop(running.stop);
            if let Ok(Err(error)) = running.thread.join() {
                // For whoever reads what the test found instead.
                eprintln!("the server ended by itself: {error}");
            }
        }
    }
}

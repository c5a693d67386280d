//! A server that reads its data folder: it is not ready before it has, and says what it found.
//!
//! The recovery is held up, for as long as a test needs, at a named pipe in the place of a file that it reads.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::process::Command;

use tokio::net::TcpListener;
use tradepit_actors::Clock;

use crate::support::folder::{DataFolder, read, write};
use crate::support::process::Process;
use crate::support::rest::{assert_overloaded, id};
use crate::support::{Line, Request, Subscriber, in_time, until};

/// A port that no other test gets: on an address of the loopback network that only this file uses.
async fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.57.1:0").await.expect("a free port");
    listener.local_addr().expect("its address")
}

/// A server that is held up while it recovers.
struct HeldUp {
    server: Process,
    addr: SocketAddr,
    mark: Vec<u8>,
}

impl HeldUp {
    async fn start(folder: &DataFolder) -> HeldUp {
        let mark = folder.file("tradepit.ack");
        let bytes = read(&mark);
        std::fs::remove_file(&mark).expect("it is there");
        assert!(Command::new("mkfifo").arg(&mark).status().expect("mkfifo is everywhere").success());
        let addr = free_address().await;
        let (host, port) = (addr.ip().to_string(), addr.port().to_string());
        let server = Process::start(&["serve", "--host", &host, "--port", &port, "--data-dir", folder.path()]);
        until("the server to listen", async || tokio::net::TcpStream::connect(addr).await.ok()).await;
        HeldUp { server, addr, mark: bytes }
    }

    /// Lets it go on: it reads what it would have read.
    async fn go_on(self, folder: &DataFolder) -> Process {
        let (mark, file) = (self.mark, folder.file("tradepit.ack"));
        let hand_over = move || {
            // It opens once the server reads.
            let mut pipe = File::options().write(true).open(&file).expect("the pipe is there");
            std::fs::remove_file(&file).expect("the pipe is there");
            write(&file, &mark);
            pipe.write_all(&mark).expect("the server reads");
        };
        in_time("the server to read", tokio::task::spawn_blocking(hand_over)).await.expect("it does not panic");
        self.server
    }
}

#[tokio::test]
async fn until_it_has_recovered_only_health_is_served_and_no_line_is_printed() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "1h"]).await;
    let order = Line::open(addr).await.place("WAIT").await;
    let path = format!("/orders/{}", id(&order));
    server.signal("TERM");
    assert_eq!(server.ended().await.code, Some(0));

    let held_up = HeldUp::start(&folder).await;
    let addr = held_up.addr;
    assert_eq!(Request::new("GET", "/health").send(addr).await.status, 200);
    assert_eq!(Request::new("GET", "/health/").send(addr).await.status, 200);
    let body = r#"{"stoks": "WAIT", "quantity": 1}"#;
    assert_overloaded(&Request::new("POST", "/orders").body(body).send(addr).await);
    assert_overloaded(&Request::new("DELETE", &path).send(addr).await);
    let paths = ["/ready", "/orders", &path, "/metrics", "/openapi.json", "/asyncapi.json", "/docs", "/", "/ws", "/no"];
    for path in paths {
        assert_overloaded(&Request::new("GET", path).send(addr).await);
    }
    let refused = Subscriber::try_connect(addr, "?format=json&since=0").await.map(drop);
    assert!(refused.is_err_and(|error| error.to_string().contains("503")));

    let mut server = held_up.go_on(&folder).await;
    assert_eq!(server.address().await, addr, "its first line");
    assert_eq!(Request::new("GET", "/ready").send(addr).await.status, 200);
    assert_eq!(Request::new("GET", &path).send(addr).await.json(), order);
    server.signal("TERM");
    let ended = server.ended().await;
    assert_eq!((ended.code, ended.stdout.lines().count()), (Some(0), 1), "{ended:?}");
}

#[tokio::test]
async fn a_signal_while_it_recovers_ends_it_in_order_without_a_ready_line() {
    for signal in ["TERM", "INT"] {
        let folder = DataFolder::new();
        drop(folder.venue(|_| {}));
        // Nothing was acknowledged yet; a mark of that is as good as none.
        write(&folder.file("tradepit.ack"), []);
        let HeldUp { server, addr, .. } = HeldUp::start(&folder).await;
        assert_eq!(Request::new("GET", "/health").send(addr).await.status, 200);
        server.signal(signal);
        let told = Clock::monotonic();
        let ended = server.ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "SIG{signal}: {ended:?}");
        assert!(told.elapsed().as_secs() < 5, "SIG{signal}: it took {:?}", told.elapsed());
    }
}

#[tokio::test]
async fn the_log_says_how_many_orders_were_open_and_how_long_it_took() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "none", "--long-delay", "1h"]).await;
    let mut line = Line::open(addr).await;
    line.place_many("CLOSED", 3).await;
    for _ in 0..2 {
        line.place_long("OPEN").await;
    }
    server.killed().await;
    let (mut server, _) = folder.serve(&[]).await;
    let log = server.complaint("recovered").await;
    assert!(log.contains("recovered 2 open orders as of change 13") && log.contains(folder.path()), "{log}");
    let seconds = log.split(" in ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
    assert!(seconds.is_some_and(|seconds| seconds < 20.0), "{log}");
}

#[tokio::test]
async fn a_recovery_that_takes_long_says_so_in_the_log() {
    let folder = DataFolder::new();
    drop(folder.venue(|_| {}));
    let HeldUp { mut server, .. } = HeldUp::start(&folder).await;
    for _ in 0..2 {
        let line = server.complaint("recovering: ").await;
        assert!(line.contains("so far"), "{line}");
    }
}

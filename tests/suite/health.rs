//! `tradepit health`: the answer as an exit code and one line, and whom it asks.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::in_time;
use crate::support::process::{Ended, Process, binary};

/// Asks the server at this address.
async fn health(addr: SocketAddr) -> Ended {
    Process::start(&["health", "--url", &format!("http://{addr}")]).ended().await
}

/// A server that answers one request so; its address.
async fn stand_in(reply: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let addr = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.expect("somebody comes");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(client.read_u8().await.expect("a whole head"));
        }
        assert!(request.starts_with(b"GET /ready HTTP/1.1\r\n"));
        client.write_all(reply.as_bytes()).await.expect("it reads");
    });
    addr
}

#[tokio::test]
async fn a_server_that_takes_orders_is_healthy_until_it_has_ended() {
    let (server, addr) = Process::serve(&[]).await;
    let ended = health(addr).await;
    let line = format!("http://{addr} takes orders\n");
    assert_eq!((ended.code, ended.stdout, ended.stderr.as_str()), (Some(0), line, ""));
    server.signal("TERM");
    assert_eq!(server.ended().await.code, Some(0));
    let ended = health(addr).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let line = format!("tradepit health: http://{addr} cannot be reached: ");
    assert!(ended.stderr.starts_with(&line) && ended.stderr.lines().count() == 1, "{ended:?}");
}

#[tokio::test]
async fn a_server_that_takes_no_orders_is_not_healthy_and_its_reason_is_told() {
    let body = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 24\r\n\r\n{\"detail\":\"It is starting\"}";
    let addr = stand_in(body).await;
    let ended = health(addr).await;
    let line = format!("tradepit health: http://{addr} does not take orders: it answers 503 (It is starting)\n");
    assert_eq!((ended.code, ended.stderr), (Some(1), line));
}

#[tokio::test]
async fn who_answers_something_else_or_nothing_is_not_healthy() {
    let ended = health(stand_in("SSH-2.0-OpenSSH_9.2\r\n").await).await;
    assert!(ended.code == Some(1) && ended.stderr.contains("not over HTTP"), "{ended:?}");
    // It is connected to, and nobody ever accepts.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let ended = in_time("its time limit", health(silent.local_addr().expect("it is bound"))).await;
    assert!(ended.code == Some(1) && ended.stderr.contains("within 5 s"), "{ended:?}");
}

/// A copy of the program, so that no other test's server runs the same file.
pub(crate) fn copy(folder: &TempDir) -> PathBuf {
    let program = folder.path().join("tradepit");
    // By a process of its own: a file that this one writes is still open in whatever other tests start at that moment.
    let copied = Command::new("cp").arg(binary()).arg(&program).status().expect("there is a cp");
    assert!(copied.success());
    program
}

#[tokio::test]
async fn the_one_server_of_the_program_is_found_wherever_it_listens() {
    let folder = tempfile::tempdir().expect("room for a folder");
    let program = copy(&folder);
    let elsewhere = [("TRADEPIT_HOST", "127.0.0.1"), ("TRADEPIT_PORT", "1")];
    let ask = async || Process::start_as(Command::new(&program), &["health"], &elsewhere).ended().await;

    let ended = ask().await;
    assert!(ended.code == Some(1) && ended.stderr.contains("http://127.0.0.1:1 cannot be reached"), "{ended:?}");
    let mut server = Process::start_as(Command::new(&program), &["serve", "--port", "0"], &elsewhere);
    let addr = server.address().await;
    let ended = ask().await;
    assert_eq!((ended.code, ended.stdout), (Some(0), format!("http://{addr} takes orders\n")));
    let mut second = Process::start_as(Command::new(&program), &["serve", "--port", "0"], &[]);
    second.address().await;
    let ended = ask().await;
    assert!(ended.stderr.contains("http://127.0.0.1:1 cannot"), "which of the two was meant? {ended:?}");
}

#[tokio::test]
async fn an_environment_that_names_no_server_is_a_usage_error() {
    let folder = tempfile::tempdir().expect("room for a folder");
    let program = copy(&folder);
    let ended = Process::start_as(Command::new(&program), &["health"], &[("TRADEPIT_PORT", "many")]).ended().await;
    assert!(
        ended.code == Some(2) && ended.stderr.contains("localhost:many") && ended.stderr.contains("--url"),
        "{ended:?}"
    );
    let ended = Process::start(&["health", "--url", "localhost"]).ended().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

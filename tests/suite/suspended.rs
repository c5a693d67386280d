//! A server that did not run for a while (a paused container, a machine that was busy): that counts against no client
//! (contract, "WebSocket").

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::process::Process;
use crate::support::raw_ws::{FIN, PING, PONG, frame};
use crate::support::{RawSocket, in_time, pause};

/// A connection that has sent the beginning of a request.
async fn begun(addr: SocketAddr, part: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.expect("it accepts");
    stream.write_all(part.as_bytes()).await.expect("it takes that");
    stream
}

/// Sends the rest, and reads how it is answered.
async fn status(mut stream: TcpStream, rest: &str) -> String {
    stream.write_all(rest.as_bytes()).await.expect("it takes that");
    let mut line = [0; 12];
    in_time("a reply", stream.read_exact(&mut line)).await.expect("a reply");
    String::from_utf8_lossy(&line).into_owned()
}

#[tokio::test]
async fn a_subscriber_is_not_dropped_but_pinged_again() {
    let (server, addr) = Process::serve(&[]).await;
    let mut silent = RawSocket::open(addr, "").await;
    let mut busy = RawSocket::open(addr, "").await;
    server.signal("STOP");
    busy.send(frame(FIN | PONG, "")).await;
    // Longer than a subscriber may be silent.
    pause(Duration::from_secs(43)).await;
    server.signal("CONT");
    for socket in [&mut silent, &mut busy] {
        assert_eq!(socket.frame().await.map(|frame| frame.first), Some(FIN | PING));
    }
    // It looks once a second: it would have found them silent by now.
    pause(Duration::from_secs(3)).await;
    for socket in [&mut silent, &mut busy] {
        socket.send(frame(FIN | PING, "still there")).await;
        while socket.pong().await != b"still there" {}
    }
}

#[tokio::test]
async fn a_request_that_came_meanwhile_is_answered() {
    let (server, addr) = Process::serve(&[]).await;
    let head = begun(addr, "GET /health HTTP/1.1\r\nHost: x\r\n").await;
    let mut second = begun(addr, "GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHo").await;
    let mut reply = vec![0; 4096];
    let read = in_time("a reply", second.read(&mut reply)).await.expect("a reply");
    assert!(reply[..read].starts_with(b"HTTP/1.1 200"));
    let body = "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n{\"stoks\": \"AWAY\"";
    let body = begun(addr, body).await;
    // The server has read it all: it answers what came after.
    assert_eq!(status(begun(addr, "GET /health HTTP/1.1\r\n").await, "Host: x\r\n\r\n").await, "HTTP/1.1 200");
    server.signal("STOP");
    // Longer than a head or a body may take.
    pause(Duration::from_secs(12)).await;
    // One client goes on while it stands still, the others when it runs again.
    let mut head = head;
    head.write_all(b"\r\n").await.expect("the kernel takes that");
    server.signal("CONT");
    assert_eq!(status(head, "").await, "HTTP/1.1 200");
    assert_eq!(status(second, "st: x\r\n\r\n").await, "HTTP/1.1 200");
    assert_eq!(status(body, ", \"quantity\": 5}  ").await, "HTTP/1.1 200");
}

//! How the process ends: by signals, once or twice, with requests and WebSockets at hand.

use super::*;

const SIGNALS: [&str; 2] = ["TERM", "INT"];
const WORKERS: [&str; 2] = ["1", "4"];

/// Tries it with each signal, on one worker and on four, all at the same time.
async fn each_way<F: Future<Output = ()>>(test: impl Fn(&'static str, &'static str) -> F) {
    let ways = SIGNALS.into_iter().flat_map(|signal| WORKERS.map(|workers| (signal, workers)));
    futures_util::future::join_all(ways.map(|(signal, workers)| test(signal, workers))).await;
}

#[tokio::test]
async fn open_websockets_are_closed_with_1001() {
    each_way(|signal, workers| async move {
        let (server, addr) = Process::serve(&["--workers", workers]).await;
        let mut subscribers = Vec::new();
        for query in ["", "?format=json", "?format=json&since=0", "", ""] {
            subscribers.push(Subscriber::connect(addr, query).await);
        }
        place(addr).await;
        server.signal(signal);
        let told = Clock::monotonic();
        for mut subscriber in subscribers {
            let close = subscriber.close_frame().await;
            assert_eq!(close.map(|frame| frame.code), Some(CloseCode::Away), "SIG{signal}, {workers} workers");
        }
        ends_in_order(server, told).await;
    })
    .await;
}

#[tokio::test]
async fn a_subscriber_that_does_not_answer_the_close_holds_nobody_up() {
    each_way(|signal, workers| async move {
        let (server, addr) = Process::serve(&["--workers", workers]).await;
        let mute = Subscriber::connect(addr, "").await;
        server.signal(signal);
        ends_in_order(server, Clock::monotonic()).await;
        drop(mute);
    })
    .await;
}

#[tokio::test]
async fn an_idle_kept_connection_holds_nobody_up() {
    each_way(|signal, workers| async move {
        let (server, addr) = Process::serve(&["--workers", workers]).await;
        let mut idle = TcpStream::connect(addr).await.expect("it accepts");
        idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it takes a request");
        let mut reply = [0; 12];
        in_time("a reply", idle.read_exact(&mut reply)).await.expect("a reply");
        let unused = TcpStream::connect(addr).await.expect("it accepts");
        server.signal(signal);
        ends_in_order(server, Clock::monotonic()).await;
        drop((idle, unused));
    })
    .await;
}

#[tokio::test]
async fn a_request_within_its_route_delay_is_answered_and_cut_short() {
    each_way(|signal, workers| async move {
        let (server, addr) = Process::serve(&["--route-delay", "60s", "--workers", workers]).await;
        let mut requests = Vec::new();
        for _ in 0..6 {
            requests.push(sent(addr, b"GET /orders HTTP/1.1\r\nHost: x\r\n\r\n").await);
        }
        let order =
            b"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n{\"stoks\": \"EURUSD\", \"quantity\": 1}";
        requests.push(sent(addr, order).await);
        in_flight(addr, 7).await;
        server.signal(signal);
        let told = Clock::monotonic();
        let mut replies = Vec::new();
        for request in requests {
            replies.push(answered(request).await);
        }
        let ended = ends_in_order(server, told).await;
        for reply in &replies {
            assert_eq!((reply.status, reply.header("connection")), (200, Some("close")), "{reply:?}, {ended:?}");
        }
        assert_eq!(replies[6].json()["status"], "PENDING");
    })
    .await;
}

/// A connection on which these bytes were sent.
async fn sent(addr: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.expect("it accepts");
    stream.write_all(bytes).await.expect("it takes bytes");
    stream
}

/// Everything that is answered until the server closes.
async fn answered(mut stream: TcpStream) -> Reply {
    let mut answer = Vec::new();
    let _ = in_time("an answer", stream.read_to_end(&mut answer)).await;
    Reply::parse(&answer)
}

/// Waits until the server holds so many connections open and has read what was sent on them.
///
/// Whether a request is being handled cannot be asked of a server whose every route sleeps: the kernel tells.
async fn in_flight(addr: SocketAddr, connections: usize) {
    let port = format!(":{:04X} ", addr.port());
    let read_up = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let from_us = columns.get(1).is_some_and(|local| format!("{local} ").ends_with(&port));
        from_us && columns.get(3) == Some(&"01") && columns.get(4).is_some_and(|q| q.ends_with(":00000000"))
    };
    in_time("the server to read the requests", async {
        let mut tick = tokio::time::interval(Duration::from_millis(10));
        let table = || std::fs::read_to_string("/proc/net/tcp").expect("Linux");
        while table().lines().filter(|line| read_up(line)).count() != connections {
            tick.tick().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_half_sent_request_holds_nobody_up() {
    let halves: [&[u8]; 3] = [
        b"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Le",
        b"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n{\"stoks\": ",
        b"POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sto",
    ];
    each_way(|signal, workers| async move {
        let (server, addr) = Process::serve(&["--workers", workers]).await;
        let mut streams = Vec::new();
        for half in halves {
            streams.push(sent(addr, half).await);
        }
        in_flight(addr, halves.len()).await;
        server.signal(signal);
        ends_in_order(server, Clock::monotonic()).await;
    })
    .await;
}

#[tokio::test]
async fn a_handshake_within_its_route_delay_is_ended_too() {
    let (server, addr) = Process::serve(&["--route-delay", "60s"]).await;
    let handshake = b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let handshake = sent(addr, handshake).await;
    in_flight(addr, 1).await;
    server.signal("TERM");
    let told = Clock::monotonic();
    let reply = answered(handshake).await;
    assert_eq!((reply.status, reply.header("connection")), (503, Some("close")), "{reply:?}");
    ends_in_order(server, told).await;
}

#[tokio::test]
async fn the_port_is_free_for_the_next_server_at_once() {
    for workers in WORKERS {
        let (server, addr) = Process::serve(&["--workers", workers]).await;
        // Connections of the first one linger in the kernel.
        let mut subscriber = Subscriber::connect(addr, "").await;
        let idle = TcpStream::connect(addr).await.expect("it accepts");
        assert_eq!(get(addr, "/health").await.status, 200);
        server.signal("TERM");
        let told = Clock::monotonic();
        assert!(subscriber.close_frame().await.is_some());
        ends_in_order(server, told).await;
        let mut next = Process::start(&["serve", "--port", &addr.port().to_string()]);
        assert_eq!(next.address().await, addr);
        assert_eq!(get(addr, "/health").await.status, 200);
        drop((idle, subscriber));
    }
}

/// Whoever has read the first line may stop the server: its signals are watched by then.
#[tokio::test]
async fn a_signal_right_after_the_first_line_ends_it_in_order() {
    for round in 0..20 {
        // Started beforehand, so that no time goes by between the line and the signal.
        let mut trigger = Trigger::ready(SIGNALS[round % 2]);
        let (server, _) = Process::serve(&[]).await;
        trigger.fire(&server);
        ends_in_order(server, Clock::monotonic()).await;
    }
}

#[tokio::test]
async fn a_second_signal_does_no_harm() {
    let (server, addr) = Process::serve(&[]).await;
    let mut subscriber = Subscriber::connect(addr, "").await;
    server.signal("INT");
    server.signal("TERM");
    server.signal("INT");
    let told = Clock::monotonic();
    assert_eq!(subscriber.close_frame().await.map(|frame| frame.code), Some(CloseCode::Away));
    ends_in_order(server, told).await;
}

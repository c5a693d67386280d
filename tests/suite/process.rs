//! The real binary with real signals: what it says where, how it refuses, how it ends, and that a seed holds.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tradepit_actors::Clock;

use crate::support::process::{Ended, Process, Trigger};
use crate::support::{Reply, Request, Subscriber, in_time};

/// An order's waiting time as its reply tells it, in microseconds.
fn delay_us(order: &Value) -> i64 {
    let time = |field: &str| {
        let text = order[field].as_str().unwrap_or_else(|| panic!("{field} in {order}"));
        text.parse::<jiff::Timestamp>().expect("RFC 3339").as_microsecond()
    };
    time("due_at") - time("accepted_at")
}

async fn get(addr: SocketAddr, path: &str) -> Reply {
    Request::new("GET", path).send(addr).await
}

async fn place(addr: SocketAddr) -> Value {
    let reply = Request::new("POST", "/orders").body(r#"{"stoks": "EURUSD", "quantity": 1}"#).send(addr).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn id(order: &Value) -> String {
    order["id"].as_str().expect("an id").to_owned()
}

/// Waits for the end of a server that was told to stop: code 0, in order, nothing more on stdout.
async fn ends_in_order(server: Process, told_to_stop: tokio::time::Instant) -> Ended {
    let ended = server.ended().await;
    let took = told_to_stop.elapsed();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(took < Duration::from_secs(5), "it took {took:?}: {ended:?}");
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:?}");
    ended
}

mod output {
    use super::*;

    #[tokio::test]
    async fn the_first_line_tells_where_it_serves_and_it_serves_at_that_moment() {
        let mut server = Process::start(&["serve", "--port", "0"]);
        let addr = server.address().await;
        assert_eq!(addr.ip().to_string(), "127.0.0.1");
        assert_ne!(addr.port(), 0);
        // On the spot: no second try.
        assert_eq!(get(addr, "/ready").await.status, 200);
        assert_eq!(place(addr).await["status"], "PENDING");
    }

    #[tokio::test]
    async fn stdout_has_one_line_and_logs_go_to_stderr() {
        let (server, addr) = Process::serve_with(&["--delay", "none"], &[("RUST_LOG", "debug")]).await;
        let mut subscriber = Subscriber::connect(addr, "").await;
        let order = id(&place(addr).await);
        assert_eq!(subscriber.text_of(&order).await, format!("{order} is PENDING"));
        assert_eq!(get(addr, "/nowhere").await.status, 404);
        server.signal("TERM");
        let ended = ends_in_order(server, Clock::monotonic()).await;
        assert_eq!(ended.stdout, format!("tradepit listening on http://{addr}\n"));
        assert!(ended.stderr.contains("stopped"), "{ended:?}");
    }

    #[tokio::test]
    async fn a_stdout_that_takes_nothing_does_not_stop_the_server() {
        let mut server = Process::start_deaf(&["serve", "--port", "0"]);
        let log = server.complaint("http://").await;
        let addr = log.rsplit("http://").next().and_then(|addr| addr.trim_end().parse().ok());
        let addr: SocketAddr = addr.unwrap_or_else(|| panic!("no address in {log:?}"));
        assert_eq!(get(addr, "/health").await.status, 200);
        server.signal("TERM");
        assert_eq!(server.ended().await.code, Some(0));
    }
}

mod refusals {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_told_in_one_line_with_exit_code_2() {
        let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = taken.local_addr().expect("its address").port().to_string();
        let ended = Process::start(&["serve", "--port", &port]).ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        for part in ["tradepit: ", &format!("127.0.0.1:{port}"), "in use", "--port"] {
            assert!(ended.stderr.contains(part), "{part:?} is missing: {ended:?}");
        }
    }

    #[tokio::test]
    async fn a_second_server_does_not_share_the_port_of_the_first() {
        let (first, addr) = Process::serve(&[]).await;
        let ended = Process::start(&["serve", "--port", &addr.port().to_string()]).ended().await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert_eq!(get(addr, "/health").await.status, 200);
        drop(first);
    }

    #[tokio::test]
    async fn a_bad_flag_is_refused_with_exit_code_2_and_what_helps() {
        let cases: [(&[&str], &[&str]); 25] = [
            (&["serve", "--delay", "1s..100ms"], &["--delay", "reversed", "100ms..1s"]),
            (&["serve", "--route-delay", "2s..1s"], &["--route-delay", "reversed"]),
            (&["serve", "--long-delay", "5"], &["--long-delay", "unit", "ms, s, m or h"]),
            (&["serve", "--delay", "500us"], &["us", "ms, s, m or h"]),
            (&["serve", "--delay", "2h"], &["1h"]),
            (&["serve", "--delay", "lognormal(1s)"], &["sigma"]),
            (&["serve", "--dealy", "1s"], &["--dealy", "--delay"]),
            (&["serve", "--workers", "0"], &["--workers", "from 1 to 512"]),
            (&["serve", "--workers", "513"], &["--workers", "from 1 to 512"]),
            (&["serve", "--max-connections", "18446744073709551615"], &["--max-connections", "from 1 to 10000000"]),
            (&["serve", "--max-orders", "0"], &["--max-orders", "from 1 to 1000000000"]),
            (&["serve", "--history", "18446744073709551615"], &["--history", "from 0 to 1000000000"]),
            (&["serve", "--mailbox", "18446744073709551616"], &["--mailbox", "from 1 to 1000000000"]),
            (&["serve", "--port", "70000"], &["--port", "65535"]),
            (&["serve", "--port", "http"], &["--port", "http"]),
            (&["serve", "--host", "nowhere"], &["--host", "nowhere"]),
            (&["serve", "--allow-origin", "http://front.example/"], &["--allow-origin", "without a path"]),
            (&["serve", "--allow-origin", "*,null"], &["--allow-origin", "null"]),
            (&["serve", "--allow-host", "http://pit.example"], &["--allow-host", "without scheme"]),
            (&["serve", "--trusted-proxy", "10.0.0.0/33"], &["--trusted-proxy", "10.0.0.0/8"]),
            (&["serve", "--seed", "-1"], &["-1"]),
            (&["bench", "-u", "0"], &["--users"]),
            (&["bench", "--rate", "5", "-u", "3"], &["--rate", "--users"]),
            (&["bench", "--host", "https://127.0.0.1"], &["https is not supported"]),
            (&["trade"], &["trade"]),
        ];
        for (args, parts) in cases {
            let ended = Process::start(args).ended().await;
            assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {ended:?}");
            for part in parts {
                assert!(ended.stderr.contains(part), "{args:?}: {part:?} is missing in {}", ended.stderr);
            }
        }
    }

    #[tokio::test]
    async fn a_bad_environment_variable_is_refused_as_its_flag_is() {
        for (name, value, part) in [
            ("TRADEPIT_DELAY", "1s..1ms", "reversed"),
            ("TRADEPIT_PORT", "x", "--port"),
            ("TRADEPIT_WORKERS", "0", "from 1 to 512"),
        ] {
            let ended = Process::start_with(&["serve"], &[(name, value)]).ended().await;
            assert_eq!(ended.code, Some(2), "{name}={value}: {ended:?}");
            assert!(ended.stderr.contains(part), "{name}={value}: {ended:?}");
        }
    }
}

mod flags {
    use super::*;

    async fn help(command: &str) -> String {
        let ended = Process::start(&[command, "--help"]).ended().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
        ended.stdout
    }

    /// The flags that a help text describes: their long names and what is said of each.
    fn described(help: &str) -> Vec<(String, String)> {
        let mut flags: Vec<(String, String)> = Vec::new();
        let options = help.split_once("\nOptions:\n").expect("a list of options").1;
        for line in options.lines() {
            let names = line.trim_start().starts_with('-').then(|| line.split_once("--")).flatten();
            match (names, flags.last_mut()) {
                (Some((_, long)), _) => {
                    let name = long.split([' ', ',']).next().unwrap_or_default();
                    flags.push((name.to_owned(), line.to_owned()));
                }
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => {}
            }
        }
        flags.retain(|(name, _)| name != "help" && name != "version");
        flags
    }

    #[tokio::test]
    async fn every_flag_is_an_environment_variable_too() {
        for (command, prefix, at_least) in [("serve", "TRADEPIT_", 11), ("bench", "TRADEPIT_BENCH_", 10)] {
            let flags = described(&help(command).await);
            assert!(flags.len() >= at_least, "{flags:?}");
            for (name, text) in flags {
                let variable = format!("[env: {prefix}{}=", name.to_uppercase().replace('-', "_"));
                assert!(text.contains(&variable), "{command} --{name}: no {variable} in {text:?}");
            }
        }
    }

    /// The variables that a help text names.
    fn variables(help: &str) -> Vec<&str> {
        help.split("[env: ").skip(1).filter_map(|rest| rest.split('=').next()).collect()
    }

    #[tokio::test]
    async fn an_empty_variable_is_not_set() {
        let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = taken.local_addr().expect("its address").port().to_string();
        // Each ends where it does by its defaults alone.
        let cases: [(&str, &[&str], &str, usize); 6] = [
            ("serve", &["--port", &port], &format!("127.0.0.1:{port}"), 14),
            ("serve", &["--host", "192.0.2.1"], "192.0.2.1:8000", 14),
            ("bench", &["--host", &format!("http://127.0.0.1:{port}"), "--grace", "100ms"], "127.0.0.1", 10),
            ("check", &[], "--data-dir <DIR>", 1),
            ("export", &["--format", "csv"], "--data-dir <DIR>", 1),
            ("backup", &["--to", "copy.db"], "--data-dir <DIR>", 1),
        ];
        for (command, args, part, at_least) in cases {
            let help = help(command).await;
            let variables = variables(&help);
            assert!(variables.len() >= at_least, "{command}: {variables:?}");
            let all: Vec<_> = variables.iter().map(|&name| (name, "")).collect();
            let ended = Process::start_with(&[&[command], args].concat(), &all).ended().await;
            assert_eq!(ended.code, Some(2), "{command} {args:?}: {ended:?}");
            assert!(ended.stderr.contains(part) && !ended.stderr.contains("invalid"), "{command} {args:?}: {ended:?}");
            let ended = Process::start_with(&[command, "--help"], &all).ended().await;
            assert_eq!(
                (ended.code, ended.stdout.as_str()),
                (Some(0), help.as_str()),
                "help tells of them all the same"
            );
        }
    }

    #[tokio::test]
    async fn an_empty_rust_log_is_not_set_either() {
        let (mut server, _) = Process::serve_with(&[], &[("RUST_LOG", "")]).await;
        server.complaint("serving on").await;
    }

    #[tokio::test]
    async fn every_flag_tells_its_default() {
        for command in ["serve", "bench"] {
            for (name, text) in described(&help(command).await) {
                // What is off unless it is asked for has none.
                let off = ["rate", "strict", "html", "json"].contains(&name.as_str());
                assert!(text.contains("[default: ") || off, "{command} --{name}: {text:?}");
            }
        }
        let help = help("serve").await;
        for default in ["localhost", "127.0.0.0/8,::1", "8000", "100ms..1s", "5s", "none"] {
            assert!(help.contains(&format!("[default: {default}]")), "{default}");
        }
    }

    #[tokio::test]
    async fn help_explains_units_and_spellings() {
        let help_of_serve = help("serve").await;
        for part in ["ms, s, m, h", "100ms..1s", "500ms", "lognormal(250ms,0.5)", "none", "RUST_LOG", "stderr"] {
            assert!(help_of_serve.contains(part), "{part}");
        }
        let help_of_bench = help("bench").await;
        for part in ["500ms", "20s", "5m", "1h", "seconds", "http://", "Exit code"] {
            assert!(help_of_bench.contains(part), "{part}");
        }
    }

    #[tokio::test]
    async fn environment_variables_set_the_server_up_and_flags_overrule_them() {
        let env = [
            ("TRADEPIT_HOST", "127.0.0.1"),
            ("TRADEPIT_ALLOW_ORIGIN", "http://front.example, https://front.example"),
            ("TRADEPIT_ALLOW_HOST", "pit.example,other.example"),
            ("TRADEPIT_TRUSTED_PROXY", "none"),
            ("TRADEPIT_PORT", "0"),
            ("TRADEPIT_DELAY", "7s"),
            ("TRADEPIT_LONG_DELAY", "9s"),
            ("TRADEPIT_ROUTE_DELAY", "1ms..2ms"),
            ("TRADEPIT_SEED", "18446744073709551615"),
            ("TRADEPIT_WORKERS", "2"),
            ("TRADEPIT_MAX_CONNECTIONS", "100"),
            ("TRADEPIT_MAX_ORDERS", "3"),
            ("TRADEPIT_HISTORY", "0"),
            ("TRADEPIT_MAILBOX", "50"),
        ];
        let mut server = Process::start_with(&["serve"], &env);
        let addr = server.address().await;
        assert_eq!(delay_us(&place(addr).await), 7_000_000);
        let long = Request::new("POST", "/orders").header("long_pending", "yes");
        let long = long.body(r#"{"stoks": "EURUSD", "quantity": 1}"#).send(addr).await;
        assert_eq!(delay_us(&long.json()), 9_000_000);

        let mut server = Process::start_with(&["serve", "--delay", "8s"], &env);
        let addr = server.address().await;
        assert_eq!(delay_us(&place(addr).await), 8_000_000);
    }

    #[tokio::test]
    async fn the_order_limit_holds_and_is_told_with_503() {
        let limits = ["--max-orders", "2", "--history", "5", "--mailbox", "20", "--max-connections", "50"];
        let (_server, addr) = Process::serve(&[&limits[..], &["--delay", "1h"]].concat()).await;
        place(addr).await;
        place(addr).await;
        let refused = Request::new("POST", "/orders").body(r#"{"stoks": "EURUSD", "quantity": 1}"#).send(addr).await;
        assert_eq!(refused.status, 503, "{refused:?}");
        assert!(refused.header("retry-after").is_some(), "{refused:?}");
    }

    #[tokio::test]
    async fn the_connection_limit_holds_and_is_told_with_503() {
        let (_server, addr) = Process::serve(&["--max-connections", "2", "--workers", "2"]).await;
        let mut held = Vec::new();
        for _ in 0..2 {
            let mut stream = TcpStream::connect(addr).await.expect("it accepts");
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it takes a request");
            let mut reply = [0; 12];
            in_time("a reply", stream.read_exact(&mut reply)).await.expect("a reply");
            assert_eq!(&reply, b"HTTP/1.1 200");
            held.push(stream);
        }
        let refused = get(addr, "/health").await;
        assert_eq!(refused.status, 503, "{refused:?}");
        assert!(refused.json()["detail"].is_string());
    }
}

mod stopping {
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
            let order = b"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n{\"stoks\": \"EURUSD\", \"quantity\": 1}";
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
}

mod chance {
    use super::*;

    /// The ids and delays of the first orders of a server, and the server.
    async fn orders(args: &[&str], count: usize) -> Vec<(String, i64)> {
        let (_server, addr) = Process::serve(args).await;
        let mut orders = Vec::new();
        for _ in 0..count {
            let order = place(addr).await;
            orders.push((id(&order), delay_us(&order)));
        }
        orders
    }

    #[tokio::test]
    async fn the_same_seed_gives_the_same_ids_and_delays_and_another_gives_others() {
        let with = |seed: &'static str, workers: &'static str| {
            let args = ["--seed", seed, "--delay", "10s..20s", "--workers", workers];
            async move { orders(&args, 12).await }
        };
        let (first, second, other) = (with("7", "1").await, with("7", "4").await, with("8", "1").await);
        assert_eq!(first, second);
        for (one, another) in first.iter().zip(&other) {
            assert_ne!(one.0, another.0);
            assert_ne!(one.1, another.1);
        }
    }

    #[tokio::test]
    async fn without_a_seed_every_start_gives_other_ids() {
        let (one, another) = (orders(&[], 3).await, orders(&[], 3).await);
        assert!(one.iter().zip(&another).all(|(one, another)| one.0 != another.0), "{one:?} {another:?}");
    }

    /// Literals: an upgrade of `rand` that draws otherwise must not pass unseen.
    #[tokio::test]
    async fn the_first_orders_of_seed_1_are_these() {
        let expected = [
            ("604be002-d3f1-42fa-abeb-c19c30da8bf1", 11_124_806),
            ("58705360-e654-4058-9558-2c1108a3e6a5", 10_347_727),
            ("4beddf7e-1e51-4009-a7bd-1ad28bc58ffb", 10_971_494),
        ]
        .map(|(id, delay_us)| (id.to_owned(), delay_us));
        assert_eq!(orders(&["--seed", "1", "--delay", "10s..20s"], 3).await, expected);
    }

    /// Delays follow the count of orders: whatever else happens in between moves none.
    #[tokio::test]
    async fn delays_follow_the_orders_alone_whenever_they_come() {
        let seeded = ["--seed", "7", "--delay", "1ms..50ms"];
        let (server, addr) = Process::serve(&seeded).await;
        let mut waiting = Vec::new();
        let mut subscriber = Subscriber::connect(addr, "").await;
        for _ in 0..4 {
            let order = place(addr).await;
            subscriber.text_of(&id(&order)).await;
            subscriber.text_of(&id(&order)).await;
            waiting.push(delay_us(&order));
        }
        drop(server);
        let (_server, addr) = Process::serve(&seeded).await;
        let mut at_once = Vec::new();
        let placed = futures_util::future::join_all((0..4).map(|_| place(addr))).await;
        at_once.extend(placed.iter().map(delay_us));
        // They came at once: in which order they were accepted is the venue's to say.
        let mut by_acceptance: Vec<(u64, i64)> =
            placed.iter().map(|order| order["accepted_seq"].as_u64().expect("a number")).zip(at_once).collect();
        by_acceptance.sort_unstable();
        assert_eq!(by_acceptance.into_iter().map(|(_, delay_us)| delay_us).collect::<Vec<_>>(), waiting);
    }

    /// Ids follow the sequence number: a client that waits for each execution gets the same ones each time.
    #[tokio::test]
    async fn the_same_course_of_changes_gives_the_same_ids() {
        let mut courses = Vec::new();
        for _ in 0..2 {
            let (_server, addr) = Process::serve(&["--seed", "7", "--delay", "50ms..60ms"]).await;
            let mut subscriber = Subscriber::connect(addr, "").await;
            let mut ids = Vec::new();
            for _ in 0..5 {
                let order = id(&place(addr).await);
                assert_eq!(subscriber.text_of(&order).await, format!("{order} is PENDING"));
                assert_eq!(subscriber.text_of(&order).await, format!("{order} is EXECUTED"));
                ids.push(order);
            }
            courses.push(ids);
        }
        assert_eq!(courses[0], courses[1]);
    }

    #[tokio::test]
    async fn ids_are_uuids_of_version_4() {
        for (id, _) in orders(&[], 20).await {
            let uuid = uuid::Uuid::try_parse(&id).expect("a UUID");
            assert_eq!(uuid.get_version_num(), 4, "{id}");
            assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122, "{id}");
            assert_eq!(uuid.as_hyphenated().to_string(), id);
        }
    }

    #[tokio::test]
    async fn each_delay_model_gives_its_delays() {
        let bounds = [
            ("none", 0..=0),
            ("1500ms", 1_500_000..=1_500_000),
            ("100ms..1s", 100_000..=1_000_000),
            ("2s..2s", 2_000_000..=2_000_000),
            ("lognormal(250ms,0)", 250_000..=250_000),
            ("lognormal(1h,10)", 0..=3_600_000_000),
        ];
        for (model, bounds) in bounds {
            for (id, delay) in orders(&["--delay", model], 10).await {
                assert!(bounds.contains(&delay), "{model}: {delay} of {id}");
            }
        }
    }

    #[tokio::test]
    async fn an_order_without_delay_is_pending_in_its_reply_and_executed_at_once() {
        let (_server, addr) = Process::serve(&["--delay", "none"]).await;
        let mut subscriber = Subscriber::connect(addr, "").await;
        let order = place(addr).await;
        assert_eq!((&order["status"], &order["closed_at"]), (&Value::from("PENDING"), &Value::Null));
        assert_eq!(get(addr, &format!("/orders/{}", id(&order))).await.json()["status"], "EXECUTED");
        assert_eq!(subscriber.text().await, format!("{} is PENDING", id(&order)));
        assert_eq!(subscriber.text().await, format!("{} is EXECUTED", id(&order)));
    }
}

mod route_delay {
    use super::*;

    const LEAST: Duration = Duration::from_millis(200);

    async fn timed(addr: SocketAddr, method: &str, path: &str, expected: u16) -> Duration {
        let asked = Clock::monotonic();
        let reply = Request::new(method, path).send(addr).await;
        assert_eq!(reply.status, expected, "{method} {path}: {reply:?}");
        asked.elapsed()
    }

    #[tokio::test]
    async fn it_holds_for_every_route_and_blocks_no_other_request() {
        let (_server, addr) = Process::serve(&["--route-delay", "200ms..300ms", "--workers", "1"]).await;
        let routes = [
            ("GET", "/orders", 200),
            ("POST", "/orders", 422),
            ("GET", "/orders/x", 404),
            ("DELETE", "/orders/x", 404),
            ("PUT", "/orders", 405),
            ("GET", "/ws", 426),
            ("GET", "/health", 200),
            ("GET", "/ready", 200),
            ("GET", "/metrics", 200),
            ("GET", "/openapi.json", 200),
            ("GET", "/asyncapi.json", 200),
            ("GET", "/docs", 200),
            ("GET", "/docs/index.css", 200),
            ("GET", "/", 200),
            ("GET", "/assets/nothing.js", 404),
            ("GET", "/nowhere", 404),
        ];
        let asked = Clock::monotonic();
        let all = (0..4).flat_map(|_| routes).map(|(method, path, code)| async move {
            (format!("{method} {path}"), timed(addr, method, path, code).await)
        });
        for (route, took) in futures_util::future::join_all(all).await {
            assert!(took >= LEAST, "{route} took {took:?}");
        }
        // One after the other they would take 12 s at least.
        assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
    }

    #[tokio::test]
    async fn an_order_is_not_accepted_before_its_route_has_slept() {
        let (_server, addr) = Process::serve(&["--route-delay", "60s", "--delay", "none"]).await;
        // Nothing is accepted while its route sleeps: no state is touched before.
        let place = tokio::time::timeout(Duration::from_millis(300), place(addr)).await;
        assert!(place.is_err(), "the route did not sleep");
    }
}

mod bench {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;

    /// A file that goes with its owner.
    struct Scratch(std::path::PathBuf);

    impl Scratch {
        fn new(name: &str) -> Scratch {
            Scratch(std::env::temp_dir().join(format!("tradepit-{}-{name}", std::process::id())))
        }

        fn path(&self) -> &str {
            self.0.to_str().expect("a plain path")
        }

        fn read(&self) -> String {
            std::fs::read_to_string(&self.0).expect("the file was written")
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    async fn bench(args: &[&str]) -> Ended {
        Process::start(&[&["bench"], args].concat()).ended().await
    }

    /// The number in `prefix <number>ms` of the report.
    fn figure(report: &str, prefix: &str) -> u64 {
        let line = report.lines().find_map(|line| line.strip_prefix(prefix)?.strip_suffix("ms"));
        line.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no {prefix:?} in {report}"))
    }

    #[tokio::test]
    async fn a_run_tells_how_long_orders_take_on_the_terminal_as_json_and_as_a_page() {
        let (_server, addr) = Process::serve(&["--delay", "200ms"]).await;
        let (json, html) = (Scratch::new("run.json"), Scratch::new("run.html"));
        let host = format!("http://{addr}");
        let files = ["--json", json.path(), "--html", html.path()];
        let run = ["-u", "4", "-r", "100", "-i", "12", "-t", "15s", "--host", &host];
        let ended = bench(&[&run[..], &files[..]].concat()).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");

        let report = &ended.stdout;
        assert!(report.starts_with("12 orders placed in "), "{report}");
        let lines = ["No failures.", "Response time percentiles", "Type     Name", "POST     /orders/"];
        for line in [&lines[..], &["WSR      EXECUTED msg received", "         Aggregated", "--------|"]].concat() {
            assert!(report.lines().any(|found| found.starts_with(line)), "{line:?} is missing in {report}");
        }
        assert!(
            report.lines().last().is_some_and(|last| last.starts_with("Average order execution is - ")),
            "{report}"
        );
        let average = figure(report, "Average order execution is - ");
        assert!((200..3_000).contains(&average), "{average} ms on average, of a delay of 200 ms");
        figure(report, "Standard deviation is - ");
        assert!(!report.contains("LATE"), "{report}");

        let figures: Value = serde_json::from_str(&json.read()).expect("JSON");
        assert_eq!(figures["executed"]["count"], 12, "{figures}");
        assert_eq!(figures["post"]["count"], 12);
        assert_eq!(figures["aggregated"]["count"], 24);
        assert_eq!((&figures["failures"]["total"], &figures["lost"]), (&Value::from(0), &Value::from(0)));
        assert_eq!(figures["settings"]["users"], 4);
        assert_eq!(figures["settings"]["host"], host);
        let mean = figures["executed"]["mean_ms"].as_f64().expect("a mean");
        assert!((mean - average as f64).abs() <= 0.5, "{mean} in JSON, {average} on the terminal");
        let names = ["50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%"];
        let percentiles = &figures["executed"]["percentiles_ms"];
        let ascending: Vec<f64> = names.iter().filter_map(|name| percentiles[name].as_f64()).collect();
        assert!(ascending.len() == names.len() && ascending.is_sorted() && ascending[0] >= 200.0, "{percentiles}");

        self_contained(&html.read(), &figures);
    }

    fn self_contained(page: &str, figures: &Value) {
        assert!(page.trim_end().ends_with("</html>"), "{page}");
        let small = page.to_ascii_lowercase();
        assert!(small.starts_with("<!doctype html>"), "{page}");
        for part in [" src=", "<link", "@import", "url(", "fetch(", "<iframe", "srcset"] {
            assert!(!small.contains(part), "{part:?} in {page}");
        }
        for (at, _) in small.match_indices("href=") {
            assert!(small[at..].starts_with("href=\"#"), "{}", &page[at..][..80.min(page.len() - at)]);
        }
        let average = format!("{:.0}", figures["executed"]["mean_ms"].as_f64().expect("a mean"));
        assert!(page.contains(&average), "the average {average} is not on the page");
        assert!(page.contains("EXECUTED msg received"), "{page}");
    }

    #[tokio::test]
    async fn a_fixed_rate_reports_lateness_in_a_row_of_its_own() {
        let (_server, addr) = Process::serve(&["--delay", "50ms..150ms", "--workers", "2"]).await;
        let host = format!("http://{addr}");
        let json = Scratch::new("rate.json");
        let ended =
            bench(&["--rate", "50", "--connections", "4", "-t", "1s", "--host", &host, "--json", json.path()]).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.stdout.starts_with("50 orders placed in "), "{ended:?}");
        let late = ended.stdout.lines().find(|line| line.starts_with("LATE ")).unwrap_or_else(|| panic!("{ended:?}"));
        assert!(late.trim_end().ends_with(" 50"), "{late}");
        assert!(ended.stdout.contains("\nExecuted early: 0, lost: 0\n"), "{ended:?}");
        let figures: Value = serde_json::from_str(&json.read()).expect("JSON");
        assert_eq!((&figures["late"]["count"], &figures["late"]["early"]), (&Value::from(50), &Value::from(0)));
    }

    #[tokio::test]
    async fn an_unreachable_server_is_told_in_one_line_with_exit_code_2() {
        // Port 1 of this machine: no server of a test ever gets it.
        for args in [&["--host", "http://127.0.0.1:1"][..], &["--host", "http://127.0.0.1:1", "--rate", "5"]] {
            let ended = bench(args).await;
            assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
            assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
            assert!(ended.stderr.starts_with("tradepit bench: cannot reach http://127.0.0.1:1 "), "{ended:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_told_before_the_run() {
        let (_server, addr) = Process::serve(&["--delay", "none"]).await;
        let host = format!("http://{addr}");
        let ended = bench(&["--host", &host, "-t", "1h", "--json", "/nowhere/at/all.json"]).await;
        assert_eq!((ended.code, ended.stderr.lines().count()), (Some(2), 1), "{ended:?}");
        assert!(ended.stderr.contains("/nowhere/at/all.json"), "{ended:?}");
    }

    #[tokio::test]
    async fn an_order_that_is_not_executed_within_the_grace_is_listed_with_exit_code_1() {
        let server = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let host = format!("http://{}", server.local_addr().expect("its address"));
        tokio::spawn(forget_orders(server));
        for extra in [&["-u", "1", "-i", "2", "-t", "5s"][..], &["--rate", "4", "--connections", "1", "-t", "500ms"]] {
            let ended = bench(&[&["--host", &host, "--grace", "300ms"], extra].concat()).await;
            assert_eq!(ended.code, Some(1), "{ended:?}");
            assert!(ended.stdout.contains("Failures: 2\n       2  order not executed in time\n"), "{ended:?}");
            let (_, listed) = ended.stdout.split_once("\nOrders never seen executed:\n").expect("a list");
            let listed: Vec<&str> = listed.lines().take_while(|line| !line.is_empty()).collect();
            let of_ours = |line: &&str| line.starts_with(FORGOTTEN) && line.ends_with("  order not executed in time");
            assert!(listed.len() == 2 && listed.iter().all(of_ours), "{ended:?}");
            assert!(ended.stdout.ends_with("Average order execution is - n/a\n"), "{ended:?}");
        }
    }

    /// How a listed order begins; the rest of its id is its number.
    const FORGOTTEN: &str = "  1d70aeaa-658c-4799-819f-";

    /// A server that takes orders and subscribers, and never executes anything.
    async fn forget_orders(server: TcpListener) {
        while let Ok((stream, _)) = server.accept().await {
            tokio::spawn(async move {
                let mut head = [0; 4];
                if stream.peek(&mut head).await.is_ok_and(|_| &head == b"POST") {
                    accept_orders(stream).await;
                } else if let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await {
                    while let Some(Ok(message)) = socket.next().await {
                        if matches!(message, Message::Close(_)) {
                            let _ = socket.flush().await;
                        }
                    }
                }
            });
        }
    }

    async fn accept_orders(mut stream: TcpStream) {
        static ORDERS: AtomicU64 = AtomicU64::new(0);
        let mut request = [0; 4096];
        // A request of the load tool comes in one piece, and the next one after its reply.
        while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
            let (order, number) = (FORGOTTEN.trim(), ORDERS.fetch_add(1, Ordering::Relaxed));
            let body = format!(r#"{{"id": "{order}{number:012}", "stoks": "EURUSD", "status": "PENDING"}}"#);
            let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            if stream.write_all(reply.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    #[tokio::test]
    async fn orders_outstanding_when_a_run_is_broken_off_are_listed_with_exit_code_1() {
        let (_server, addr) = Process::serve(&["--delay", "1h"]).await;
        let host = format!("http://{addr}");
        let mut subscriber = Subscriber::connect(addr, "").await;
        let mut bench = Process::start(&["bench", "--host", &host, "-u", "1", "-t", "1h", "--grace", "1s"]);
        let pending = subscriber.text().await;
        let order = pending.strip_suffix(" is PENDING").expect("an order was placed");
        bench.signal("INT");
        bench.complaint("Ctrl-C again").await;
        bench.signal("INT");
        let ended = bench.ended().await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let listed =
            format!("Orders never seen executed:\n  {order}  order not executed when the run was broken off\n");
        assert!(ended.stdout.contains(&listed), "{ended:?}");
    }

    #[tokio::test]
    async fn a_cancelled_order_is_a_failure_and_listed() {
        let (_server, addr) = Process::serve(&["--delay", "1h"]).await;
        let host = format!("http://{addr}");
        let mut subscriber = Subscriber::connect(addr, "").await;
        let bench = Process::start(&["bench", "--host", &host, "-u", "1", "-i", "1", "-t", "1m"]);
        let pending = subscriber.text().await;
        let order = pending.strip_suffix(" is PENDING").expect("an order was placed");
        assert_eq!(Request::new("DELETE", &format!("/orders/{order}")).send(addr).await.status, 204);
        let ended = bench.ended().await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stdout.contains(&format!("  {order}  order cancelled\n")), "{ended:?}");
    }
}

//! Where the server listens: on every address of its host, with one port, and on what it prints.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener};

use crate::support::process::Process;
use crate::support::tls::{Authority, Files};
use crate::support::{Request, Subscriber, own_venue};

fn has_ipv6() -> bool {
    TcpListener::bind("[::1]:0").is_ok()
}

/// The same port on the other loopback.
fn on_ipv6(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), addr.port())
}

async fn lives(addr: SocketAddr) -> bool {
    Request::new("GET", "/health").send(addr).await.status == 200
}

#[tokio::test]
async fn the_default_is_both_loopbacks_where_both_are() {
    for args in [&[][..], &["--host", "localhost"], &["--host", "LocalHost"]] {
        let (server, addr) = Process::serve(args).await;
        assert_eq!(
            addr.ip(),
            IpAddr::from([127, 0, 0, 1]),
            "the first address is the one that clients have always read"
        );
        assert!(lives(addr).await);
        if has_ipv6() {
            assert!(lives(on_ipv6(addr)).await);
        }
        server.signal("TERM");
        let log = server.ended().await.stderr;
        assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
        assert_eq!(log.contains(&format!("http://[::1]:{}", addr.port())), has_ipv6(), "{log}");
    }
}

#[tokio::test]
async fn what_is_printed_can_be_said() {
    let mut hosts = vec!["127.0.0.1", "127.0.0.2"];
    if has_ipv6() {
        hosts.extend(["::1", "[::1]"]);
    }
    for host in hosts {
        let (_server, addr) = Process::serve(&["--host", host]).await;
        assert_eq!(addr.ip().to_string(), host.trim_matches(['[', ']']));
        assert!(lives(addr).await, "{host}");
    }
}

#[tokio::test]
async fn all_addresses_are_all() {
    let (_server, addr) = Process::serve(&["--host", "0.0.0.0"]).await;
    assert!(lives(([127, 0, 0, 1], addr.port()).into()).await);
    if has_ipv6() {
        for host in ["::", "[::]"] {
            let (_server, addr) = Process::serve(&["--host", host]).await;
            assert!(lives(([127, 0, 0, 1], addr.port()).into()).await, "{host}");
            assert!(lives(on_ipv6(addr)).await, "{host}");
        }
    }
}

/// The warnings of a server that was started with these flags and variables, and then told to stop.
async fn warnings(args: &[&str], env: &[(&str, &str)]) -> Vec<String> {
    let (server, _) = Process::serve_with(args, env).await;
    server.signal("TERM");
    let log = server.ended().await.stderr;
    log.lines().filter(|line| line.contains("WARN")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_door_that_stands_open_is_told_in_one_line_unless_it_is_meant() {
    let open = ["--host", "0.0.0.0"];
    let told = warnings(&open, &[]).await;
    assert!(matches!(&told[..], [line] if line.contains("0.0.0.0:") && line.contains("--insecure")), "{told:?}");
    assert_eq!(warnings(&open, &[("TRADEPIT_INSECURE", "false")]).await.len(), 1);
    for (args, env) in [
        (vec!["--host", "127.0.0.1"], vec![]),
        (vec!["--host", "0.0.0.0", "--insecure"], vec![]),
        (open.to_vec(), vec![("TRADEPIT_INSECURE", "true")]),
    ] {
        assert_eq!(warnings(&args, &env).await, [""; 0], "{args:?} {env:?}");
    }
}

#[tokio::test]
async fn a_door_that_asks_for_certificates_does_not_stand_open() {
    let authority = Authority::new("An authority");
    let files = Files::of(&authority.sign());
    let clients = files.write("clients.pem", &authority.pem);
    let flags = files.flags();
    let secret = [&["--host", "0.0.0.0"], &flags.each_ref().map(String::as_str)[..]].concat();
    assert_eq!(warnings(&secret, &[]).await.len(), 1, "what is said is secret, but anybody may say it");
    assert_eq!(warnings(&[&secret[..], &["--tls-client-ca", &clients]].concat(), &[]).await, [""; 0]);
}

#[tokio::test]
async fn a_port_that_is_taken_on_one_address_is_taken() {
    if !has_ipv6() {
        return;
    }
    let other = TcpListener::bind("[::1]:0").expect("there is a free port");
    let port = other.local_addr().expect("it is bound").port().to_string();
    let ended = Process::start(&["serve", "--port", &port]).ended().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert!(ended.stderr.contains("--port"), "{ended:?}");
}

#[tokio::test]
async fn whatever_address_a_client_takes_it_is_one_venue() {
    let venue = own_venue(|config| config.workers = std::num::NonZeroUsize::new(2));
    let addresses = if has_ipv6() { vec![venue.addr, on_ipv6(venue.addr)] } else { vec![venue.addr] };
    let mut subscribers = Vec::new();
    for addr in &addresses {
        subscribers.push(Subscriber::connect(*addr, "").await);
    }
    for addr in &addresses {
        let reply = Request::new("POST", "/orders").body(r#"{"stoks": "A", "quantity": 1}"#).send(*addr).await;
        let id = reply.json()["id"].as_str().expect("an id").to_owned();
        for subscriber in &mut subscribers {
            assert_eq!(subscriber.text_of(&id).await, format!("{id} is PENDING"));
        }
    }
}

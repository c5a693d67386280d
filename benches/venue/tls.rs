//! What TLS costs the server, once a connection is there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::full_rate::place_for;
use super::posting::runtime;
use super::posts::NATIVE;
use super::process::{Bench, Server, median};

const PAIRS: usize = 7;
const CONNECTIONS: usize = 64;
const WARM_FOR: Duration = Duration::from_millis(500);
const FULL_RATE_FOR: Duration = Duration::from_secs(4);

/// POST /orders per CPU-second at full rate over kept-alive connections, against the same without TLS.
pub fn against_plain(bench: &mut Bench) {
    let folder = tempfile::tempdir().expect("room for a folder");
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a sound name");
    let cert = params.self_signed(&key).expect("a certificate");
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("room for a file");
        path.into_os_string().into_string().expect("its path is text")
    };
    let files = [write("cert.pem", cert.pem()), write("key.pem", key.serialize_pem())];
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("a sound certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("they are there").with_root_certificates(roots);
    let connector = TlsConnector::from(Arc::new(config.with_no_client_auth()));
    let ratios = (0..PAIRS).map(|_| {
        let plain = Server::start(&[]);
        let secure = Server::start(&["--tls-cert", &files[0], "--tls-key", &files[1]]);
        let (plain, secure) = (
            per_cpu_second(&plain, async |addr, time| place_for(addr, CONNECTIONS, time).await),
            per_cpu_second(&secure, async |addr, time| place_within_tls_for(&connector, addr, time).await),
        );
        secure / plain
    });
    let ratio = median(ratios.collect());
    bench.result("POST /orders per CPU-second over TLS, of plain", &format!("{ratio:.2}"), ">= 0.75", ratio >= 0.75);
}

/// Orders in a second of the server's processor time; what opens the connections is in it, and little of it.
fn per_cpu_second(server: &Server, place: impl AsyncFn(SocketAddr, Duration) -> usize) -> f64 {
    runtime().block_on(async {
        // The first requests of a process also pay for its first memory.
        place(server.addr, WARM_FOR).await;
        let before = server.cpu();
        let placed = place(server.addr, FULL_RATE_FOR).await;
        placed as f64 / (server.cpu() - before).as_secs_f64()
    })
}

/// As [`place_for`] does it.
async fn place_within_tls_for(connector: &TlsConnector, addr: SocketAddr, time: Duration) -> usize {
    let (path, body) = (NATIVE.path, NATIVE.body);
    let length = body.len();
    let request = format!("POST {path} HTTP/1.1\r\nHost: {addr}\r\nContent-Length: {length}\r\n\r\n{body}");
    let until = Instant::now() + time;
    let posting = (0..CONNECTIONS).map(|_| async {
        let tcp = TcpStream::connect(addr).await.expect("the server accepts");
        tcp.set_nodelay(true).expect("a TCP option");
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = connector.connect(name, tcp).await.expect("a handshake");
        let (mut reply, mut placed) = (Vec::with_capacity(1024), 0);
        while Instant::now() < until {
            stream.write_all(request.as_bytes()).await.expect("the server reads");
            stream.flush().await.expect("the server reads");
            reply.clear();
            while !reply.ends_with(NATIVE.end) {
                assert!(stream.read_buf(&mut reply).await.expect("the server answers") > 0, "the server closed");
            }
            assert!(reply.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&reply));
            placed += 1;
        }
        placed
    });
    futures_util::future::join_all(posting).await.into_iter().sum()
}

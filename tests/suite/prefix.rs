//! Behind a proxy that serves the venue below a prefix, and takes that off, as nginx does with `location /pit/ {
//! proxy_pass http://venue/; }`: page, documents and links lead on all the same.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::rest::{listed_ids, symbol};
use crate::support::{Reply, Venue, own_venue, send_raw};

const PREFIX: &str = "/pit";

/// How the proxy passes a request on.
#[derive(Clone, Copy)]
enum Proxy {
    /// As nginx does by itself: with HTTP/1.0, and with a `Host` of its own.
    Plain,
    /// With the `Host` that it was asked for, and nothing else.
    KeepsHost,
    /// Telling host and prefix.
    Tells,
}

impl Proxy {
    fn head(self, path: &str, host: &str, venue: SocketAddr) -> String {
        let head = match self {
            Proxy::Plain => format!("GET {path} HTTP/1.0\r\nHost: {venue}\r\n"),
            Proxy::KeepsHost => format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n"),
            Proxy::Tells => format!(
                "GET {path} HTTP/1.1\r\nHost: {venue}\r\nX-Forwarded-Host: {host}\r\nX-Forwarded-Prefix: {PREFIX}\r\n"
            ),
        };
        head + "Connection: close\r\n\r\n"
    }
}

/// Starts it; it is gone with its test.
async fn proxy(kind: Proxy, venue: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let addr = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, kind, addr, venue));
        }
    });
    addr
}

async fn pass_on(mut client: TcpStream, kind: Proxy, own: SocketAddr, venue: SocketAddr) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let path = head.split(' ').nth(1)?.strip_prefix(PREFIX).filter(|path| path.starts_with('/'));
    let answer = match path {
        Some(path) => {
            let mut upstream = TcpStream::connect(venue).await.ok()?;
            upstream.write_all(kind.head(path, &own.to_string(), venue).as_bytes()).await.ok()?;
            let mut answer = Vec::new();
            upstream.read_to_end(&mut answer).await.ok()?;
            answer
        }
        None => b"HTTP/1.1 404 Not Found\r\n\r\nnothing of the venue is here".to_vec(),
    };
    client.write_all(&answer).await.ok()
}

async fn get(proxy: SocketAddr, path: &str) -> Reply {
    send_raw(proxy, format!("GET {path} HTTP/1.1\r\nHost: {proxy}\r\nConnection: close\r\n\r\n").as_bytes()).await
}

/// The path that a reference leads to from this one (RFC 3986 section 5.2), on the same server.
fn resolve(base: &str, reference: &str) -> String {
    let base = base.split(['?', '#']).next().expect("a path");
    if let Some(url) = reference.strip_prefix("http://") {
        return url[url.find('/').unwrap_or(url.len())..].to_owned();
    }
    if reference.starts_with('?') {
        return format!("{base}{reference}");
    }
    if reference.starts_with('/') {
        return reference.to_owned();
    }
    let mut segments: Vec<&str> = base.split('/').collect();
    segments.pop();
    let parts: Vec<&str> = reference.split('/').collect();
    for (number, part) in parts.iter().enumerate() {
        let is_last = number + 1 == parts.len();
        match *part {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(part),
        }
        if is_last && matches!(*part, "." | "..") {
            segments.push("");
        }
    }
    segments.join("/")
}

/// What a page names in these attributes.
fn named<'a>(page: &'a str, attributes: &[&str]) -> Vec<&'a str> {
    let find =
        |attribute: &&str| page.split(*attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>();
    attributes.iter().flat_map(find).collect()
}

#[test]
fn references_lead_where_they_should() {
    for (base, reference, expected) in [
        ("/pit/orders?limit=1", "?after=2", "/pit/orders?after=2"),
        ("/pit/", "assets/a.js", "/pit/assets/a.js"),
        ("/pit/", "./assets/a.js", "/pit/assets/a.js"),
        ("/pit/docs/", "../", "/pit/"),
        ("/pit/docs", "./", "/pit/"),
        ("/pit/", "http://a:1/pit/orders", "/pit/orders"),
        ("/pit/", "/orders", "/orders"),
    ] {
        assert_eq!(resolve(base, reference), expected);
    }
}

#[tokio::test]
async fn the_page_and_all_that_it_names_are_there() {
    let venue = own_venue(|_| {});
    let proxy = proxy(Proxy::Plain, venue.addr).await;
    let page = get(proxy, "/pit/").await;
    let names = named(&page.body, &["src=\"", "href=\""]);
    assert!(!names.is_empty(), "{page:?}");
    for name in names {
        let path = resolve("/pit/", name);
        assert_eq!(get(proxy, &path).await.status, 200, "{name} leads to {path}");
    }
}

#[tokio::test]
async fn the_documents_are_there_with_and_without_a_slash() {
    let venue = own_venue(|_| {});
    let proxy = proxy(Proxy::Plain, venue.addr).await;
    for path in ["/pit/docs", "/pit/docs/"] {
        let page = get(proxy, path).await.body;
        let [base] = named(&page, &["<base href=\""])[..] else { panic!("no base: {page}") };
        let base = resolve(path, base);
        let mut names = named(&page, &["src=\"", "<link rel=\"stylesheet\" href=\""]);
        assert_eq!(names.len(), 5, "{page}");
        let script = get(proxy, &resolve(&base, "docs/swagger-initializer.js")).await.body;
        names.extend(named(&script, &["\"url\": \""]));
        assert_eq!(names.len(), 6, "{script}");
        for name in names {
            let target = resolve(&base, name);
            assert_eq!(get(proxy, &target).await.status, 200, "{name} of {path} leads to {target}");
        }
    }
}

/// The ids of all pages, as a client follows `Link` from one to the next.
async fn follow(venue: &Venue, kind: Proxy, path: &str, symbol: &str) -> Vec<String> {
    let proxy = proxy(kind, venue.addr).await;
    let (mut ids, mut at) = (Vec::new(), format!("{path}?limit=2&stoks={symbol}"));
    loop {
        let reply = get(proxy, &at).await;
        assert_eq!(reply.status, 200, "{at}: {reply:?}");
        ids.extend(listed_ids(&reply));
        let Some(link) = reply.header("link") else { return ids };
        let url = link.strip_prefix('<').and_then(|link| link.split('>').next()).expect(link);
        if let Some(absolute) = url.strip_prefix("http://") {
            assert!(absolute.starts_with(&proxy.to_string()), "it leads past the proxy: {link}");
        }
        at = resolve(&at, url);
    }
}

#[tokio::test]
async fn links_lead_on_to_the_end() {
    let (venue, symbol) = (own_venue(|_| {}), symbol());
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(venue.place(&symbol, 1).await["id"].as_str().expect("an id").to_owned());
    }
    for kind in [Proxy::Plain, Proxy::KeepsHost, Proxy::Tells] {
        for path in ["/pit/orders", "/pit/orders/"] {
            assert_eq!(follow(&venue, kind, path, &symbol).await, placed, "{path}");
        }
    }
}

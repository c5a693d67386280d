//! The first page and its files: the dashboard where it was built in, otherwise the page that stands in for it.
//!
//! Which of the two a server has is seen from its answer alone, so that these hold for either.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::support::rest::{Kept, assert_detail};
use crate::support::{Reply, Request, server};

/// Whether this is the dashboard.
pub fn is_built_in(page: &Reply) -> bool {
    page.body.contains("/assets/")
}

/// The addresses of the files that a page names.
fn assets(page: &Reply) -> Vec<String> {
    let names = page.body.split("\"./assets/").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(|name| format!("/assets/{name}")).collect()
}

/// The page, and all that it names.
async fn everything() -> Vec<(String, Reply)> {
    let page = server().get("/").await;
    let mut files = Vec::new();
    for path in assets(&page) {
        let file = server().get(&path).await;
        files.push((path, file));
    }
    files.push(("/".to_owned(), page));
    files
}

async fn ask(path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = headers.iter().fold(Request::new("GET", path), |request, (name, value)| request.header(name, value));
    request.send(server().addr).await
}

#[tokio::test]
async fn the_first_page_is_html_that_is_asked_for_each_time() {
    let page = server().get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    assert!(
        page.body.to_ascii_lowercase().starts_with("<!doctype html>") && page.body.contains("Tradepit"),
        "{page:?}"
    );
    if !is_built_in(&page) {
        assert!(page.body.contains("npm --prefix dashboard ci"), "it says how to have the dashboard: {page:?}");
        assert!(page.body.contains("href=\"docs\""), "{page:?}");
    }
}

#[tokio::test]
async fn the_page_and_its_files_may_load_nothing_from_elsewhere_and_run_nothing_inline() {
    for (path, file) in everything().await {
        let policy = file.header("content-security-policy").unwrap_or_else(|| panic!("none: {path}"));
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("http") && !policy.contains("unsafe-eval"), "{policy}");
        assert!(!policy.contains("script-src 'unsafe-inline'"), "{policy}");
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(file.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
    let page = server().get("/").await;
    for script in page.body.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').expect("it ends");
        assert!(attributes.contains("src=\"./assets/") && rest.starts_with("</script>"), "inline: {script}");
    }
    for handler in [" onload=", " onclick=", " onerror=", "javascript:"] {
        assert!(!page.body.contains(handler), "{handler}");
    }
    if is_built_in(&page) {
        assert!(!page.body.contains("<style") && !page.body.contains(" style="), "an inline style would not count");
    }
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there_for_ever() {
    for (path, file) in everything().await.into_iter().filter(|(path, _)| path != "/") {
        assert_eq!(file.status, 200, "{path}");
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
        let kind = match path.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("woff2") => "font/woff2",
            Some("txt") => "text/plain; charset=utf-8",
            other => panic!("what is {other:?}?"),
        };
        assert_eq!(file.header("content-type"), Some(kind), "{path}");
        assert_eq!(file.header("content-length"), Some(file.bytes.len().to_string().as_str()), "{path}");
        assert!(!file.bytes.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_compressed_file_is_the_same_file() {
    for (path, plain) in everything().await {
        assert_eq!(plain.header("content-encoding"), None, "it was not asked for: {path}");
        let mut tags = vec![plain.header("etag").map(str::to_owned)];
        for accept in ["gzip, br;q=0", "br, gzip"] {
            let packed = ask(&path, &[("Accept-Encoding", accept)]).await;
            assert_eq!(packed.header("content-type"), plain.header("content-type"), "{path}");
            assert_eq!(packed.header("content-length"), Some(packed.bytes.len().to_string().as_str()), "{path}");
            match packed.header("content-encoding") {
                None => assert_eq!(packed.bytes, plain.bytes, "{path}"),
                Some(coding) => {
                    assert!(accept.starts_with(coding), "{coding} to {accept}");
                    assert_eq!(packed.header("vary"), Some("Accept-Encoding"), "{path}");
                    assert!(packed.bytes.len() < plain.bytes.len(), "{path}");
                    if coding == "gzip" {
                        let mut bytes = Vec::new();
                        GzDecoder::new(&packed.bytes[..]).read_to_end(&mut bytes).expect("it is gzip");
                        assert!(bytes == plain.bytes, "{path} is another file compressed");
                    }
                    let tag = packed.header("etag").map(str::to_owned);
                    assert!(tag.is_some() && !tags.contains(&tag), "{tag:?} is another form's too: {path}");
                    tags.push(tag);
                }
            }
        }
    }
}

#[tokio::test]
async fn who_has_a_file_is_told_so() {
    for (path, plain) in everything().await {
        let Some(tag) = plain.header("etag") else { continue };
        let mut line = Kept::open(server().addr).await;
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {tag}\r\n\r\n");
        line.write(head.as_bytes()).await;
        // Read as to a HEAD, which has no body either.
        let held = line.reply("HEAD").await.expect("the connection is kept");
        assert_eq!((held.status, held.header("etag")), (304, Some(tag)), "{path}");
        assert_eq!(held.header("cache-control"), plain.header("cache-control"), "{path}");
        assert_eq!(held.header("vary"), Some("Accept-Encoding"), "{path}");
        assert_eq!(line.ask("GET", "/health", "").await.status, 200, "nothing follows it: {path}");
        assert_eq!(ask(&path, &[("If-None-Match", "\"another\"")]).await.bytes, plain.bytes, "{path}");
    }
}

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    for (path, get) in everything().await {
        let head = Request::new("HEAD", &path).send(server().addr).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn an_unknown_file_is_404_and_no_path_leads_out() {
    let paths = [
        "/assets",
        "/assets/",
        "/assets/nothing.js",
        "/assets/index.html",
        "/assets/..",
        "/assets/../index.html",
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e%2findex.html",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2Fetc%2Fpasswd",
        "/assets//etc/passwd",
        "/assets/x/y.js",
        "/assets/%00",
        "/assets/%FF",
        "/index.html",
        "/dist/index.html",
    ];
    for path in paths {
        assert_detail(&server().get(path).await, 404, "Not Found");
    }
    for path in assets(&server().get("/").await) {
        for suffix in [".br", ".gz", ".map"] {
            assert_detail(&server().get(&format!("{path}{suffix}")).await, 404, "Not Found");
        }
    }
}

#[tokio::test]
async fn the_page_says_whose_work_it_holds_under_which_licences() {
    let page = server().get("/").await;
    if !is_built_in(&page) {
        return;
    }
    let (_, link) = page.body.split_once("<link rel=\"license\" href=\".").expect("the page says where they are");
    let file = server().get(link.split('"').next().expect("it ends")).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    for said in [
        "\nlightweight-charts ",
        "Copyright (c) 2026 TradingView, Inc. https://www.tradingview.com/",
        "Apache License",
        "\nsolid-js ",
        "Ryan Carniato",
        "\nuplot ",
        "\n@tanstack/virtual-core ",
        "\nfancy-canvas ",
    ] {
        assert!(file.body.contains(said), "it does not name {said}");
    }
}

#[tokio::test]
async fn the_page_and_its_files_are_only_read() {
    for path in ["/", "/assets/nothing.js"] {
        let wrong = Request::new("POST", path).send(server().addr).await;
        assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD")), "{path}");
    }
}

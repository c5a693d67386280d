//! The pages: `/docs` and what it loads.

use super::*;

/// The values of `src` and `href` in a page.
fn addresses(page: &str) -> Vec<&str> {
    let values = |attribute: &'static str| {
        page.match_indices(attribute).filter_map(move |(at, _)| page[at + attribute.len()..].split('"').next())
    };
    values("src=\"").chain(values("href=\"")).collect()
}

#[tokio::test]
async fn swagger_ui_is_served_whole_and_from_here() {
    for (path, base) in [("/docs", "./"), ("/docs/", "../")] {
        let page = server().get(path).await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        assert!(!page.body.contains("://"), "an external address in {}", page.body);
        // Relative to what stands above it, whether the page's own address ends with a slash or not.
        assert!(page.body.contains(&format!("<base href=\"{base}\">")), "{path}: {}", page.body);
        let addresses: Vec<&str> = addresses(&page.body).into_iter().filter(|address| *address != base).collect();
        assert!(addresses.len() >= 4, "{addresses:?}");
        for address in addresses {
            assert!(address.starts_with("docs/"), "{address}");
            let file = server().get(&format!("/{address}")).await;
            let kind = file.header("content-type").unwrap_or_default();
            let expected = if address.ends_with(".css") { "text/css" } else { "text/javascript" };
            let is_script = expected == "text/javascript" && kind.starts_with("application/javascript");
            assert!(file.status == 200 && (kind.starts_with(expected) || is_script), "{address}: {kind}");
            assert!(!file.body.is_empty(), "{address}");
        }
    }
    assert_eq!(server().get("/docs/nothing.js").await.status, 404);
    assert_eq!(server().get("/docs/../Cargo.toml").await.status, 404);
}

#[tokio::test]
async fn swagger_ui_shows_our_document_and_calls_nobody_else() {
    let script = server().get("/docs/swagger-initializer.js").await.body;
    assert!(script.contains("\"openapi.json\"") && !script.contains("petstore"), "{script}");
    assert!(!script.contains("://"), "{script}");
    // Unless it is told otherwise, the standalone layout sends the document's address to validator.swagger.io
    // and shows the badge that comes back, on every page not opened as localhost or 127.0.0.1.
    assert!(script.contains("\"validatorUrl\": \"none\"") || !script.contains("StandaloneLayout"), "{script}");
}

#[tokio::test]
async fn every_link_of_the_first_page_leads_somewhere_here() {
    let page = server().get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let addresses = addresses(&page.body);
    // The dashboard writes its own links; what stands in for it says all that there is.
    if !crate::dashboard::is_built_in(&page) {
        for path in ["docs", "openapi.json", "asyncapi.json", "metrics", "health", "ready", "orders"] {
            assert!(addresses.contains(&path), "{path} is not among {addresses:?}");
        }
    }
    for address in addresses {
        // An icon may be part of the page.
        if !address.starts_with("data:") {
            // Relative to the page, at whatever prefix a proxy serves it.
            assert!(!address.starts_with('/') && !address.contains("://"), "{address}");
            let path = format!("/{}", address.trim_start_matches("./"));
            assert_eq!(server().get(&path).await.status, 200, "{address}");
        }
    }
}

//! Pages and their origins (RFC 6454): which may change something here, and which may read.
//!
//! A browser says with each request for which page it asks: in `Origin`, or in `Sec-Fetch-Site`, neither of which a
//! page can change. What sends neither is no page, and nothing here concerns it.

use std::str::FromStr;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::authority::Authority;
use super::forwarded::Address;

pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Pages that may do here what this server's own may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigin {
    /// All.
    Any,
    /// Those of this origin, as browsers write it.
    Named(HeaderValue),
}

impl FromStr for AllowedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<AllowedOrigin, String> {
        if text == "*" {
            return Ok(AllowedOrigin::Any);
        }
        let text = text.trim().to_ascii_lowercase();
        let origin = Origin::parse(text.as_bytes()).ok_or_else(|| match text.as_str() {
            "null" => "any page can make null its origin: give * if all may".to_owned(),
            _ => "an origin is a scheme, a host and perhaps a port, without a path: https://pit.example:8443; or * for all"
                .to_owned(),
        })?;
        let named = HeaderValue::from_str(&origin.spell()).map_err(|error| error.to_string())?;
        Ok(AllowedOrigin::Named(named))
    }
}

/// Where a page comes from.
#[derive(Clone, Copy, Debug)]
struct Origin<'a> {
    scheme: &'a str,
    authority: Authority<'a>,
}

impl<'a> Origin<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Origin<'a>> {
        let (scheme, authority) = std::str::from_utf8(bytes).ok()?.split_once("://")?;
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let authority = Authority::parse(authority.as_bytes())?;
        is_scheme.then_some(Origin { scheme, authority })
    }

    fn port(&self) -> Option<u16> {
        self.authority
            .port()
            .or_else(|| default_port(self.scheme.eq_ignore_ascii_case("https")).filter(|_| self.is_web()))
    }

    fn is_web(&self) -> bool {
        ["http", "https"].iter().any(|web| self.scheme.eq_ignore_ascii_case(web))
    }

    /// As browsers write it: without a port that goes without saying.
    fn spell(&self) -> String {
        let Origin { scheme, authority } = self;
        let default = default_port(*scheme == "https").filter(|_| self.is_web());
        match authority.port().filter(|port| Some(*port) != default) {
            Some(port) => format!("{scheme}://{}:{port}", authority.host()),
            None => format!("{scheme}://{}", authority.host()),
        }
    }

    /// Whether a page of it was loaded from this address.
    fn is(&self, address: &Address<'_>) -> bool {
        let scheme = if address.is_https { "https" } else { "http" };
        address.authority.is_some_and(|own| {
            self.scheme.eq_ignore_ascii_case(scheme)
                && self.authority.host().eq_ignore_ascii_case(own.host())
                && self.port() == own.port().or(default_port(address.is_https))
        })
    }
}

fn default_port(is_https: bool) -> Option<u16> {
    Some(if is_https { 443 } else { 80 })
}

/// What the reader of this reply is told that it may read: nothing where its page's origin is not among the `allowed`.
pub(super) fn granted(headers: &HeaderMap, allowed: &[AllowedOrigin]) -> Option<HeaderValue> {
    let origin = only(headers, &header::ORIGIN)?.as_bytes();
    allowed.iter().find_map(|allowed| match allowed {
        AllowedOrigin::Any => Some(HeaderValue::from_static("*")),
        AllowedOrigin::Named(named) => origin.eq_ignore_ascii_case(named.as_bytes()).then(|| named.clone()),
    })
}

/// Whether the page that asks is neither this server's own nor one of the `allowed`.
pub(super) fn is_foreign<'a>(
    headers: &HeaderMap,
    allowed: &[AllowedOrigin],
    address: impl FnOnce() -> Address<'a>,
) -> bool {
    // The browser has compared: the page's own address, or one that its reader typed.
    if only(headers, &SEC_FETCH_SITE).is_some_and(|site| site == "same-origin" || site == "none") {
        return false;
    }
    if allowed.contains(&AllowedOrigin::Any) || granted(headers, allowed).is_some() {
        return false;
    }
    let origin = only(headers, &header::ORIGIN).and_then(|origin| Origin::parse(origin.as_bytes()));
    !origin.is_some_and(|origin| origin.is(&address()))
}

/// The value of a header that is given once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::forwarded::Listening;
    use super::super::marks::Marks;
    use super::*;
    use actix_web::test::TestRequest;

    fn allowed(origins: &[&str]) -> Vec<AllowedOrigin> {
        origins.iter().map(|origin| origin.parse().expect(origin)).collect()
    }

    /// Whether a request with these headers comes from a page of elsewhere.
    fn foreign(host: &str, headers: &[(&str, &str)], origins: &[&str]) -> bool {
        let request = TestRequest::get().peer_addr(([127, 0, 0, 1], 4711).into()).append_header(("host", host));
        let request = headers.iter().fold(request, |request, header| request.append_header(*header)).to_http_request();
        let proxies = "127.0.0.1".parse().expect("an address");
        let (head, headers) = (request.head(), request.headers());
        let listening = Listening { port: 8000, is_https: false };
        Marks::of(headers).is_of_page
            && is_foreign(headers, &allowed(origins), || Address::of(head, &proxies, listening))
    }

    #[test]
    fn a_page_is_the_servers_own_where_scheme_host_and_port_are_the_same() {
        for (host, origin) in [
            ("127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("Localhost:8000", "http://localhost:8000"),
            ("pit.example", "http://pit.example"),
            ("pit.example:80", "http://pit.example"),
            ("pit.example", "http://pit.example:80"),
            ("[::1]:8000", "http://[::1]:8000"),
        ] {
            assert!(!foreign(host, &[("origin", origin)], &[]), "{origin} at {host}");
        }
        for (host, origin) in [
            ("127.0.0.1:8000", "http://127.0.0.1:8001"),
            ("127.0.0.1:8000", "http://127.0.0.1"),
            ("127.0.0.1:8000", "https://127.0.0.1:8000"),
            ("127.0.0.1:8000", "http://localhost:8000"),
            ("127.0.0.1:8000", "null"),
            ("127.0.0.1:8000", ""),
            ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
            ("127.0.0.1:8000", "http://evil.example:8000"),
            ("pit.example", "http://pit.example.evil.example"),
            ("pit.example", "http://pit.example@evil.example"),
            ("pit.example:443", "https://pit.example"),
        ] {
            assert!(foreign(host, &[("origin", origin)], &[]), "{origin} at {host}");
        }
        let twice = [("origin", "http://pit.example"), ("origin", "http://evil.example")];
        assert!(foreign("pit.example", &twice, &[]));
    }

    #[test]
    fn what_a_trusted_proxy_tells_is_where_the_page_came_from() {
        let told = [("x-forwarded-host", "pit.example"), ("x-forwarded-proto", "https")];
        let from = |origin| [&told[..], &[("origin", origin)]].concat();
        assert!(!foreign("127.0.0.1:8000", &from("https://pit.example"), &[]));
        assert!(!foreign("127.0.0.1:8000", &from("https://pit.example:443"), &[]));
        assert!(foreign("127.0.0.1:8000", &from("http://pit.example"), &[]));
        assert!(foreign("127.0.0.1:8000", &from("http://127.0.0.1:8000"), &[]));
    }

    #[test]
    fn a_browsers_own_word_decides_where_there_is_one() {
        for (site, expected) in
            [("same-origin", false), ("none", false), ("same-site", true), ("cross-site", true), ("", true)]
        {
            assert_eq!(foreign("a:1", &[("sec-fetch-site", site)], &[]), expected, "{site}");
        }
        // Behind a proxy that changes the host.
        let headers = [("sec-fetch-site", "same-origin"), ("origin", "http://pit.example")];
        assert!(!foreign("127.0.0.1:8000", &headers, &[]));
        assert!(!foreign("a:1", &[], &[]), "a program");
    }

    #[test]
    fn pages_that_are_allowed_are_not_foreign() {
        let front = [("origin", "http://front.example:3000"), ("sec-fetch-site", "cross-site")];
        assert!(!foreign("a:1", &front, &["https://other.example", "HTTP://Front.example:3000"]));
        assert!(!foreign("a:1", &front, &["*"]));
        assert!(!foreign("a:1", &[("origin", "null")], &["*"]));
        assert!(!foreign("a:1", &[("sec-fetch-site", "cross-site")], &["*"]));
        assert!(!foreign("a:1", &[("origin", "https://front.example")], &["https://front.example:443"]));
        assert!(!foreign("a:1", &[("origin", "tauri://localhost")], &["tauri://localhost"]));
        assert!(foreign("a:1", &front, &["http://front.example", "https://front.example:3000"]));
        assert!(foreign("a:1", &[("sec-fetch-site", "cross-site")], &["http://front.example:3000"]));
    }

    #[test]
    fn an_origin_has_no_path() {
        for broken in [
            "",
            "null",
            "front.example",
            "http://",
            "http://a/",
            "http://a/b",
            "://a",
            "http//a",
            "1a://b",
            "http://a b",
        ] {
            assert!(broken.parse::<AllowedOrigin>().is_err(), "{broken}");
        }
    }
}

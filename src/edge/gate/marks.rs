//! What of a request's head decides at the gate, found in one walk along its headers: a look-up hashes the name, and
//! most of what is looked for is not there.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::origin::SEC_FETCH_SITE;

/// What a head says.
#[derive(Debug, Default)]
pub(super) struct Marks<'a> {
    /// The first `Host`.
    pub(super) host: Option<&'a HeaderValue>,
    /// How long the body is.
    pub(super) length: Option<&'a HeaderValue>,
    /// Whether it says how the body is coded.
    pub(super) is_coded: bool,
    /// Whether a browser says that a page asks.
    pub(super) is_of_page: bool,
    /// The first `User-Agent`.
    client: Option<&'a HeaderValue>,
}

impl<'a> Marks<'a> {
    pub(super) fn of(headers: &'a HeaderMap) -> Marks<'a> {
        let mut marks = Marks::default();
        for (name, value) in headers {
            marks.note(name, value);
        }
        marks
    }

    fn note(&mut self, name: &HeaderName, value: &'a HeaderValue) {
        if *name == header::HOST {
            self.host.get_or_insert(value);
        } else if *name == header::CONTENT_LENGTH {
            self.length.get_or_insert(value);
        } else if *name == header::USER_AGENT {
            self.client.get_or_insert(value);
        } else if *name == header::ORIGIN || *name == SEC_FETCH_SITE {
            self.is_of_page = true;
        } else if *name == header::CONTENT_ENCODING {
            self.is_coded = true;
        }
    }

    /// Whether a browser asks, and be it one that does not say so: none says anything with what it merely reads from a
    /// name that it does not trust, and that is just what a page does whose name was made to lead here.
    pub(super) fn is_of_browser(&self) -> bool {
        self.is_of_page || self.client.is_some_and(|name| name.as_bytes().starts_with(b"Mozilla/"))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::Marks;

    #[test]
    fn a_browser_is_known_by_what_only_browsers_send() {
        for (header, is_of_page, is_of_browser) in [
            (("origin", "null"), true, true),
            (("sec-fetch-site", "none"), true, true),
            (("user-agent", "Mozilla/5.0 (X11)"), false, true),
            (("user-agent", "curl/8.5.0 (not Mozilla/)"), false, false),
            (("content-encoding", "gzip"), false, false),
        ] {
            let request = TestRequest::get().append_header(header).to_http_request();
            let marks = Marks::of(request.headers());
            assert_eq!((marks.is_of_page, marks.is_of_browser()), (is_of_page, is_of_browser), "{header:?}");
            assert_eq!(marks.is_coded, header.0 == "content-encoding");
        }
    }

    #[test]
    fn of_several_the_first_counts() {
        let request = TestRequest::get().append_header(("host", "a")).append_header(("host", "b")).to_http_request();
        assert_eq!(Marks::of(request.headers()).host.expect("there are two"), "a");
    }
}

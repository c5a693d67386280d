//! The first page: the dashboard, where it was built in, and its files.
//!
//! Answers from what `tradepit-dashboard` holds: compressed as the client likes it, and not at all where the client has
//! it already. Knows nothing of what the page does; it asks the same routes as everybody.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, AcceptEncoding, Encoding, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use tradepit_dashboard::File;

use crate::edge::refusal::Refusal;

/// What the page may do: load its own files and talk to this server. Nothing comes from elsewhere, nothing inline runs.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The same for the page that stands in for it, which is one file.
const PLAIN_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page that stands in for it.
const STAND_IN: &str = include_str!("page/home.html");

/// The page changes with the server: ask each time.
const ASK_AGAIN: &str = "no-cache";
/// A file's name says what is in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The dashboard; without it a page that says what there is, and how to have it.
pub(crate) async fn home(request: HttpRequest) -> HttpResponse {
    match tradepit_dashboard::index() {
        Some(page) => answer(page, ASK_AGAIN, &request),
        None => {
            guarded(StatusCode::OK, PLAIN_POLICY, ASK_AGAIN).content_type("text/html; charset=utf-8").body(STAND_IN)
        }
    }
}

/// A file of the dashboard.
pub(crate) async fn asset(name: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let file = tradepit_dashboard::asset(&name).ok_or(Refusal::UnknownPath)?;
    Ok(answer(file, FOR_EVER, &request))
}

/// The file, in the form that the client likes best (RFC 9110 section 12.5.3); 304 where it has that form.
fn answer(file: &'static File, cache: &'static str, request: &HttpRequest) -> HttpResponse {
    let (coding, bytes) = choose(file, request);
    // Forms are other bytes, so each needs a tag of its own (RFC 9110 section 8.8.3.3).
    let tag = coding.map_or_else(|| file.hash.to_owned(), |coding| format!("{}-{coding}", file.hash));
    let tag = EntityTag::new_strong(tag);
    let is_held = has(request, &tag);
    let mut response = guarded(if is_held { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, PAGE_POLICY, cache);
    response.insert_header((header::ETAG, tag)).insert_header((header::VARY, "Accept-Encoding"));
    if is_held {
        return response.finish();
    }
    if let Some(coding) = coding {
        response.insert_header((header::CONTENT_ENCODING, coding));
    }
    response.content_type(file.media_type).body(bytes)
}

/// A form of the file and its content coding. A client that takes none of them gets the plain file all the same.
fn choose(file: &'static File, request: &HttpRequest) -> (Option<&'static str>, &'static [u8]) {
    let forms = [(Encoding::brotli(), file.brotli), (Encoding::gzip(), file.gzip)];
    let offered = forms.iter().filter(|(_, form)| form.is_some()).map(|(coding, _)| coding);
    let plain = Encoding::identity();
    let liked = AcceptEncoding::parse(request).ok().and_then(|accept| accept.negotiate(offered.chain([&plain])));
    match (liked, file.brotli, file.gzip) {
        (Some(coding), Some(bytes), _) if coding == Encoding::brotli() => (Some("br"), bytes),
        (Some(coding), _, Some(bytes)) if coding == Encoding::gzip() => (Some("gzip"), bytes),
        _ => (None, file.identity),
    }
}

/// Whether the client says that it has this (RFC 9110 section 13.1.2).
fn has(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|held| held.weak_eq(tag)),
        Err(_) => false,
    }
}

fn guarded(status: StatusCode, policy: &'static str, cache: &'static str) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::{BodySize, MessageBody};
    use actix_web::test::TestRequest;

    static ALL_FORMS: File = File {
        name: "main-1.js",
        media_type: "text/javascript; charset=utf-8",
        hash: "abc",
        identity: b"as it is, at length",
        brotli: Some(b"br"),
        gzip: Some(b"gzip"),
    };
    static PLAIN: File = File { brotli: None, gzip: None, ..ALL_FORMS };
    static ONLY_GZIP: File = File { brotli: None, ..ALL_FORMS };

    fn ask(file: &'static File, headers: &[(&str, &str)]) -> HttpResponse {
        let request = headers.iter().fold(TestRequest::get(), |request, header| request.append_header(*header));
        answer(file, FOR_EVER, &request.to_http_request())
    }

    fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
        response.headers().get(name).map(|value| value.to_str().expect("it is text"))
    }

    #[test]
    fn the_form_is_the_one_that_the_client_likes_best() {
        let cases: [(&'static File, &str, Option<&str>); 22] = [
            (&ALL_FORMS, "br", Some("br")),
            (&ALL_FORMS, "gzip", Some("gzip")),
            (&ALL_FORMS, "gzip, br", Some("br")),
            (&ALL_FORMS, "gzip, deflate, br, zstd", Some("br")),
            (&ALL_FORMS, "gzip, deflate", Some("gzip")),
            (&ALL_FORMS, "gzip;q=1.0, br;q=0.5", Some("gzip")),
            (&ALL_FORMS, "br;q=0, gzip", Some("gzip")),
            (&ALL_FORMS, "br;q=0, gzip;q=0", None),
            (&ALL_FORMS, "br;q=0", None),
            (&ALL_FORMS, "identity", None),
            (&ALL_FORMS, "identity;q=1, br;q=0.5", None),
            (&ALL_FORMS, "identity;q=0, *;q=0", None),
            (&ALL_FORMS, "zstd", None),
            (&ALL_FORMS, "*", None),
            (&ALL_FORMS, "", None),
            (&ALL_FORMS, "q=q;;,", None),
            (&ONLY_GZIP, "br, gzip", Some("gzip")),
            (&ONLY_GZIP, "br", None),
            (&PLAIN, "br, gzip", None),
            (&PLAIN, "br", None),
            (&PLAIN, "identity;q=0, br", None),
            (&PLAIN, "", None),
        ];
        for (file, accept, coding) in cases {
            let response = ask(file, &[("Accept-Encoding", accept)]);
            assert_eq!(header(&response, "content-encoding"), coding, "{accept}");
            let bytes = match coding {
                Some("br") => file.brotli,
                Some("gzip") => file.gzip,
                _ => Some(file.identity),
            };
            let length = bytes.expect("the form is there").len() as u64;
            assert_eq!(response.body().size(), BodySize::Sized(length), "{accept}");
            assert_eq!(header(&response, "content-type"), Some("text/javascript; charset=utf-8"), "{accept}");
            assert_eq!(header(&response, "vary"), Some("Accept-Encoding"), "{accept}");
        }
        assert_eq!(header(&ask(&ALL_FORMS, &[]), "content-encoding"), None);
    }

    #[test]
    fn each_form_has_a_tag_of_its_own_and_is_not_sent_to_whom_has_it() {
        for (accept, tag) in [("identity", "\"abc\""), ("br", "\"abc-br\""), ("gzip", "\"abc-gzip\"")] {
            let ask_with = |held: &str| ask(&ALL_FORMS, &[("Accept-Encoding", accept), ("If-None-Match", held)]);
            let weak = format!("W/{tag}");
            let several = format!("\"other\", {tag}");
            for held in [tag, &weak, &several, "*"] {
                let response = ask_with(held);
                assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{held}");
                assert_eq!(header(&response, "etag"), Some(tag), "{held}");
                assert_eq!(header(&response, "cache-control"), Some(FOR_EVER), "{held}");
                assert_eq!(header(&response, "vary"), Some("Accept-Encoding"), "{held}");
                assert_eq!((header(&response, "content-type"), header(&response, "content-encoding")), (None, None));
                assert_eq!(response.body().size(), BodySize::Sized(0), "{held}");
            }
            for held in ["\"other\"", "\"abc-zstd\"", "abc", "", "\"", "garbage"] {
                let response = ask_with(held);
                assert_eq!((response.status(), header(&response, "etag")), (StatusCode::OK, Some(tag)), "{held}");
            }
        }
        assert_eq!(ask(&ALL_FORMS, &[]).status(), StatusCode::OK);
    }

    #[test]
    fn a_page_loads_nothing_from_elsewhere() {
        let response = ask(&ALL_FORMS, &[]);
        assert_eq!(header(&response, "content-security-policy"), Some(PAGE_POLICY));
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&response, "referrer-policy"), Some("no-referrer"));
        assert!(!PAGE_POLICY.contains("unsafe") && !PAGE_POLICY.contains("http"), "{PAGE_POLICY}");
    }
}

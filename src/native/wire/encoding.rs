//! How a body is encoded: as it is (RFC 9110 section 8.4), and in UTF-8, as JSON is (RFC 8259 section 8.1).

use actix_web::http::header::{self, HeaderMap};

use super::error::ApiError;

/// What stands before a text that says how it is encoded.
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Refuses a body that says that it is not what it looks like, before anything of it is read.
pub(crate) fn check_coding(headers: &HeaderMap) -> Result<(), ApiError> {
    let has_body = || {
        let length = headers.get(header::CONTENT_LENGTH);
        headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
    };
    let mut codings =
        headers.get_all(header::CONTENT_ENCODING).flat_map(|value| value.as_bytes().split(|&b| b == b','));
    let is_identity = |coding: &[u8]| coding.is_empty() || coding.eq_ignore_ascii_case(b"identity");
    if codings.all(|coding| is_identity(coding.trim_ascii())) || !has_body() {
        return Ok(());
    }
    Err(ApiError::UnknownCoding)
}

/// The text of a body behind its mark, if it has one; the name of another encoding where it is in that.
pub(crate) fn utf_8(body: &[u8]) -> Result<&[u8], &'static str> {
    match other_encoding(body) {
        Some(name) => Err(name),
        None => Ok(body.strip_prefix(UTF_8_MARK).unwrap_or(body)),
    }
}

/// By its mark, or because JSON begins with a character of ASCII and has no zeros in it (RFC 4627 section 3).
fn other_encoding(body: &[u8]) -> Option<&'static str> {
    match *body {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [0, 0, 0, 1..=255, ..] | [1..=255, 0, 0, 0, ..] => Some("UTF-32"),
        [0, 1..=255, ..] | [1..=255, 0, ..] => Some("UTF-16"),
        _ => None,
    }
}

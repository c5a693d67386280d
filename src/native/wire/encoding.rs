//! How the text of a body is encoded: in UTF-8, as JSON is (RFC 8259 section 8.1).
//!
//! Names the other encodings that a body may come in, so that its flaw can.

/// What stands before a text that says how it is encoded.
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

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

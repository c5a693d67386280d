//! The header `Idempotency-Key` of `POST /orders`: the name of the request, for whoever must send it again.
//!
//! The draft standard (draft-ietf-httpapi-idempotency-key-header) writes it as a string of RFC 9651, in quotes; most
//! clients write it bare. Both are the same key, and it is told without quotes.

use std::borrow::Cow;

use actix_web::http::header::{HeaderMap, HeaderName};
use tradepit_engine::{InvalidLabel, Label, Origin};

use super::flaw::{Flaw, label_flaw};
use super::object::Object;

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What tells a client that its request was answered before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What languages write where they mean nothing. As a key, orders that have nothing to do with each other would share
/// it.
const NOTHING: [&str; 5] = ["null", "undefined", "None", "nil", "<nil>"];

/// Why a header holds no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoKey {
    Invalid(InvalidLabel),
    /// It begins as a string in quotes and goes on otherwise.
    Quotes,
    /// It is what a client writes that has none.
    Nothing,
}

/// Reads the key, if there is one.
pub(crate) fn read_key(headers: &HeaderMap) -> Result<Option<Label>, Flaw> {
    let mut values = headers.get_all(&IDEMPOTENCY_KEY);
    let Some(value) = values.next() else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let flaw = |kind, msg| Flaw::in_header(kind, "idempotency-key", msg, &text);
    if values.next().is_some() {
        return Err(flaw("duplicate_key", "Header given twice"));
    }
    parse(text.trim_ascii()).map(Some).map_err(|why| match why {
        NoKey::Invalid(invalid) => {
            let (kind, msg) = label_flaw(invalid);
            flaw(kind, msg)
        }
        NoKey::Quotes => flaw("string_quotes", "A key that begins with a quote should be a string of RFC 9651"),
        NoKey::Nothing => flaw("key_of_nothing", "This is what a client writes that has no key: leave the header out"),
    })
}

/// The same, for whoever tells what is wrong with it together with the faults of the body.
pub(crate) fn key_or_flaw(headers: &HeaderMap) -> (Option<Label>, Option<Flaw>) {
    match read_key(headers) {
        Ok(key) => (key, None),
        Err(flaw) => (None, Some(flaw)),
    }
}

fn parse(text: &str) -> Result<Label, NoKey> {
    let key = match text.strip_prefix('"') {
        Some(rest) => unquoted(rest).ok_or(NoKey::Quotes)?,
        None => Cow::Borrowed(text),
    };
    if NOTHING.iter().any(|nothing| nothing.eq_ignore_ascii_case(&key)) {
        return Err(NoKey::Nothing);
    }
    Label::new(&key).map_err(NoKey::Invalid)
}

/// What stands in the quotes, of which the first is already read (RFC 9651 section 4.2.5). Parameters may follow; none
/// is known, so none counts.
fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let mut key = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => key.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            character => key.push(character),
        }
    }
    let rest = characters.as_str();
    (rest.is_empty() || rest.starts_with(';')).then_some(Cow::Owned(key))
}

/// Writes the names that a client gave.
pub(crate) fn write_names(origin: &Origin, json: &mut Object<'_>) {
    if let Some(key) = &origin.client_order_id {
        json.text("client_order_id", key.as_str());
    }
    if let Some(key) = &origin.idempotency_key {
        json.text("idempotency_key", key.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_with_and_without_quotes() {
        let cases = [
            ("abc", "abc"),
            ("\"abc\"", "abc"),
            ("\"abc\";version=1;x", "abc"),
            ("abc;version=1", "abc;version=1"),
            ("a\"b", "a\"b"),
            (r#""a\"b""#, "a\"b"),
            (r#""a\\b""#, r"a\b"),
            (r"a\b", r"a\b"),
            (r#""\"abc\"""#, "\"abc\""),
            ("'abc'", "'abc'"),
            ("nullable", "nullable"),
        ];
        for (text, key) in cases {
            assert_eq!(parse(text), Ok(Label::new(key).expect("a key")), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_says_why() {
        for text in ["\"", "\"abc", r#""abc\""#, r#""a\bc""#, "\"a\"b", "\"a\" b", "\"a\", \"b\"", "\"a\"\"b\""] {
            assert_eq!(parse(text), Err(NoKey::Quotes), "{text}");
        }
        for text in ["null", "NULL", "\"null\"", "undefined", "None", "none", "nil", "<nil>"] {
            assert_eq!(parse(text), Err(NoKey::Nothing), "{text}");
        }
        let long = format!("\"{}\"", "k".repeat(256));
        let invalid = [
            ("", InvalidLabel::Empty),
            ("\"\"", InvalidLabel::Empty),
            ("a b", InvalidLabel::Character),
            ("\" abc\"", InvalidLabel::Character),
            ("\"\u{e9}\"", InvalidLabel::Character),
            (&long, InvalidLabel::TooLong),
        ];
        for (text, why) in invalid {
            assert_eq!(parse(text), Err(NoKey::Invalid(why)), "{text}");
        }
    }
}

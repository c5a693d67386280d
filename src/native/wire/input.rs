//! What of a request a flaw repeats: what was sent, so that any JSON reader takes it (contract, "Routes").
//!
//! What some reader would refuse, or read as something else, becomes a string of its spelling: a number that is no
//! exact double, a surrogate that stands alone, a name given twice, deep nesting. And nobody reads more than 200
//! characters.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::value::RawValue;

use super::json::Members;
use super::number;

/// The longest text that is repeated, in characters.
const LONGEST: usize = 200;

/// The deepest nesting that is repeated as such: readers have limits of 64 (.NET), 100 (Ruby) and more, and a reply is
/// three deep by itself.
const DEEPEST: usize = 32;

/// What the client sent.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Input {
    /// A piece of the JSON, as it was spelled.
    Json(Box<RawValue>),
    /// A piece of the query or a header, or the first characters of what cannot be repeated whole.
    Text(String),
    Nothing,
}

impl Input {
    /// What was sent as text.
    pub(crate) fn of_text(text: &str) -> Input {
        Input::Text(beginning(text).to_owned())
    }

    /// A string of the body, of which the spelling is not known any more.
    pub(crate) fn of_string(text: &str) -> Input {
        serde_json::value::to_raw_value(text).map_or(Input::Nothing, |json| Input::from(&*json))
    }
}

impl From<&RawValue> for Input {
    fn from(json: &RawValue) -> Input {
        let (whole, text) = (json.get(), beginning(json.get()));
        if text.len() == whole.len() && is_plain(json, DEEPEST) {
            Input::Json(json.to_owned())
        } else {
            Input::Text(text.to_owned())
        }
    }
}

/// The first characters of a text: all of it, if it is not longer than what is repeated.
pub(crate) fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

/// Whether any reader takes this value for what it is.
fn is_plain(json: &RawValue, deepest: usize) -> bool {
    let text = json.get();
    match text.as_bytes().first() {
        Some(b'[' | b'{') if deepest == 0 => false,
        Some(b'[') => serde_json::from_str(text)
            .is_ok_and(|items: Vec<&RawValue>| items.into_iter().all(|item| is_plain(item, deepest - 1))),
        Some(b'{') => serde_json::from_str(text).is_ok_and(|Members(members)| {
            let mut names = HashSet::new();
            members.into_iter().all(|(name, value)| names.insert(name) && is_plain(value, deepest - 1))
        }),
        // It is none where a surrogate stands alone.
        Some(b'"') => serde_json::from_str::<String>(text).is_ok(),
        _ => !number::is_number(text) || number::is_exact_double(text),
    }
}

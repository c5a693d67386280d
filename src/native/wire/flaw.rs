//! What is wrong with a request's body or query: every flaw at once, each with its place (contract, "Routes").
//!
//! Owns the shape of a flaw, and what is said of names and symbols. Those who read find the flaws.

use std::fmt;

use serde::Serialize;
use tradepit_engine::{InvalidLabel, InvalidSymbol};
use utoipa::ToSchema;

use super::input::Input;

/// One fault.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub(crate) struct Flaw {
    /// What kind of fault, for programs.
    #[serde(rename = "type")]
    #[schema(example = "missing")]
    kind: &'static str,
    /// Where: `body`, `header` or `query`, then the field, or the position in malformed JSON.
    #[schema(value_type = Vec<serde_json::Value>, example = json!(["body", "quantity"]))]
    loc: Vec<Place>,
    /// What is wrong, for people.
    #[schema(example = "Field required")]
    msg: String,
    /// What was sent there. Where its text is longer than 200 characters, or not every JSON reader would take it for
    /// what it is (a number in it is no exact double), it is a string of the text's first 200 characters.
    #[schema(value_type = serde_json::Value)]
    input: Input,
}

/// A step on the way to a fault.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Place {
    /// The part of the request, or a field that the contract names.
    Name(&'static str),
    /// A field that the client named, or the beginning of its name.
    Field(String),
    /// Characters from the beginning of the body, or of its line; or which line.
    Position(usize),
}

/// Where it is, and what is wrong there: `0.do.fill: Input should be …`.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, place) in self.loc.iter().skip(1).enumerate() {
            let before = if number > 0 { "." } else { "" };
            match place {
                Place::Name(name) => write!(f, "{before}{name}")?,
                Place::Field(name) => write!(f, "{before}{name}")?,
                Place::Position(position) => write!(f, "{before}{position}")?,
            }
        }
        let after = if self.loc.len() > 1 { ": " } else { "" };
        write!(f, "{after}{}", self.msg)
    }
}

impl Flaw {
    /// A fault of the body at `place`.
    pub(crate) fn in_body(
        kind: &'static str,
        place: impl IntoIterator<Item = Place>,
        msg: impl Into<String>,
        input: Input,
    ) -> Flaw {
        let loc = [Place::Name("body")].into_iter().chain(place).collect();
        Flaw { kind, loc, msg: msg.into(), input }
    }

    /// The same fault, of a line of the body: the first is 1.
    pub(crate) fn in_line(self, line: usize) -> Flaw {
        self.within([Place::Position(line)])
    }

    /// The same fault, of what stands at this place in the body.
    pub(crate) fn within(mut self, place: impl IntoIterator<Item = Place>) -> Flaw {
        self.loc.splice(1..1, place);
        self
    }

    /// A fault of the header `name`.
    pub(crate) fn in_header(kind: &'static str, name: &'static str, msg: impl Into<String>, value: &str) -> Flaw {
        let loc = vec![Place::Name("header"), Place::Name(name)];
        Flaw { kind, loc, msg: msg.into(), input: Input::of_text(value) }
    }

    /// A fault of the query parameter `name`.
    pub(crate) fn in_query(kind: &'static str, name: &'static str, msg: impl Into<String>, value: &str) -> Flaw {
        let loc = vec![Place::Name("query"), Place::Name(name)];
        Flaw { kind, loc, msg: msg.into(), input: Input::of_text(value) }
    }
}

/// The answer to a request that has faults.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Faults)]
pub(crate) struct Flaws {
    /// All of them.
    pub(crate) detail: Vec<Flaw>,
}

/// What to say of what should be one of these: `Input should be 'buy' or 'sell'`.
pub(crate) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("'{name}'")).collect();
    match names.split_last() {
        Some((last, [])) => format!("Input should be {last}"),
        Some((last, others)) => format!("Input should be {} or {last}", others.join(", ")),
        None => "Input should not be given".to_owned(),
    }
}

/// The kind of fault that a name has, and what to say of it.
pub(crate) fn label_flaw(flaw: InvalidLabel) -> (&'static str, &'static str) {
    match flaw {
        InvalidLabel::Empty => ("string_too_short", "String should have at least 1 character"),
        InvalidLabel::TooLong => ("string_too_long", "String should have at most 255 characters"),
        InvalidLabel::Character => {
            ("string_pattern_mismatch", "String should have only visible ASCII characters, without spaces")
        }
    }
}

/// The kind of fault that a symbol has, and what to say of it.
pub(crate) fn symbol_flaw(flaw: InvalidSymbol) -> (&'static str, &'static str) {
    match flaw {
        InvalidSymbol::Empty => ("string_too_short", "String should have at least 1 character"),
        InvalidSymbol::TooLong => ("string_too_long", "String should have at most 32 characters"),
        InvalidSymbol::Character => {
            ("string_pattern_mismatch", "String should have only the characters A-Z a-z 0-9 . _ / -")
        }
    }
}

//! What the command line says of a venue in one word: which one, its clock, and the files of what it begins with.

use std::str::FromStr;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Number, Value, json};
use tradepit_load::Target;

/// What stands before a venue's name in its address.
const BEFORE: &str = "/venues/";

/// A venue, by its name or its address.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// That of its address.
    server: Option<Target>,
    pub(super) name: String,
}

impl Named {
    /// Whom to ask of it.
    pub(super) fn server<'a>(&'a self, otherwise: &'a Target) -> &'a Target {
        self.server.as_ref().unwrap_or(otherwise)
    }
}

/// The address of a venue, which [`Named`] reads.
pub(super) fn address(server: &Target, name: &str) -> String {
    format!("{server}{}", path(name))
}

/// The path of a venue.
pub(super) fn path(name: &str) -> String {
    format!("{BEFORE}{name}")
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Named, String> {
        let (server, name) = match text.split_once(BEFORE) {
            Some((server, name)) => (Some(server.parse()?), name.strip_suffix('/').unwrap_or(name)),
            // What stands at the root of a server is main.
            None if text.contains("://") => (Some(text.parse()?), "main"),
            None => (None, text),
        };
        // What can stand in a path as it is; whether a venue has it, the server knows.
        let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(is_inner) {
            let forms = "write its name, of a-z 0-9 - _, or its address, as http://name:port/venues/ci-42";
            return Err(format!("'{name}' is no venue's name: {forms}"));
        }
        Ok(Named { server, name: name.to_owned() })
    }
}

/// A clock, as `POST /venues` takes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct WrittenClock(Value);

impl FromStr for WrittenClock {
    type Err = String;

    /// Reads `real`, `frozen`, a time, a time with `@60`, or `@60`.
    fn from_str(text: &str) -> Result<WrittenClock, String> {
        let speed_of = |speed: &str| {
            let speed: Result<Number, _> = serde_json::from_str(speed);
            speed.map_err(|_| "behind the @ stands a number from 0 to 1000000, as in @60".to_owned())
        };
        Ok(WrittenClock(match text.split_once('@') {
            None if matches!(text, "real" | "frozen") => json!(text),
            None => json!({ "start": text }),
            Some(("", speed)) => json!({ "speed": speed_of(speed)? }),
            Some((start, speed)) => json!({ "start": start, "speed": speed_of(speed)? }),
        }))
    }
}

/// A file of JSON, sent as it is. What it must say the server knows.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct JsonFile(Box<RawValue>);

impl FromStr for JsonFile {
    type Err = String;

    fn from_str(path: &str) -> Result<JsonFile, String> {
        let text = std::fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
        serde_json::from_slice(&text).map(JsonFile).map_err(|error| format!("it is no JSON: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_is_named_by_its_name_or_its_address() {
        let named = |server: Option<&str>, name: &str| Named {
            server: server.map(|server| server.parse().expect("a server")),
            name: name.to_owned(),
        };
        for (text, expected) in [
            ("ci-42", named(None, "ci-42")),
            ("http://127.0.0.1:8000/venues/a_b", named(Some("http://127.0.0.1:8000"), "a_b")),
            ("http://host/venues/a/", named(Some("http://host"), "a")),
            ("http://[::1]:8000", named(Some("http://[::1]:8000"), "main")),
            ("http://host/", named(Some("http://host"), "main")),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        let made = address(&"http://host:1".parse().expect("a server"), "t");
        assert_eq!(made.parse(), Ok(named(Some("http://host:1"), "t")));
        for text in ["", "A", "a b", "a/b", "a?", "/venues/a", "host/venues/a", "http://host/venues/a/orders"] {
            assert!(text.parse::<Named>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_clock_is_a_word_or_a_start_with_a_speed() {
        for (text, expected) in [
            ("real", json!("real")),
            ("frozen", json!("frozen")),
            ("2026-01-05T14:30:00Z", json!({"start": "2026-01-05T14:30:00Z"})),
            ("2026-01-05T14:30:00Z@60", json!({"start": "2026-01-05T14:30:00Z", "speed": 60})),
            ("@0.5", json!({"speed": 0.5})),
        ] {
            assert_eq!(text.parse(), Ok(WrittenClock(expected)), "{text}");
        }
        for text in ["@", "@fast", "frozen@", "@\"1\"", "@1 2"] {
            assert!(text.parse::<WrittenClock>().is_err(), "{text}");
        }
    }
}

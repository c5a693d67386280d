//! The fields of a body, as they were spelled, and what is wrong with the body as a whole.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::value::RawValue;

use crate::native::wire::encoding::utf_8;
use crate::native::wire::flaw::{Flaw, Place};
use crate::native::wire::input::{Input, beginning};
use crate::native::wire::json::Members;

/// The fields of an object. Of one that was given twice the last stands.
pub(crate) struct Fields<'a> {
    whole: &'a RawValue,
    members: Members<'a>,
}

impl<'a> Fields<'a> {
    /// Reads a body that is an object.
    pub(crate) fn read(body: &'a [u8]) -> Result<Fields<'a>, Flaw> {
        let (body, whole) = decoded(body)?;
        if !whole.get().starts_with('{') {
            let msg = "Input should be a JSON object";
            return Err(Flaw::in_body("model_attributes_type", [], msg, whole.into()));
        }
        let members = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
        Ok(Fields { whole, members })
    }

    /// The value of a field, also where it is null.
    pub(crate) fn get(&self, field: &str) -> Option<&'a RawValue> {
        self.members.0.iter().rfind(|(name, _)| name == field).map(|&(_, json)| json)
    }

    /// The value of a field that a client who has none may send as null.
    pub(crate) fn given(&self, field: &str) -> Option<&'a RawValue> {
        self.get(field).filter(|json| json.get() != "null")
    }

    /// What was sent there; the whole body where nothing was.
    pub(crate) fn input(&self, field: &str) -> Input {
        self.get(field).unwrap_or(self.whole).into()
    }

    /// All that was sent.
    pub(crate) fn whole(&self) -> Input {
        self.whole.into()
    }

    /// Every field, in the order in which they were sent.
    pub(crate) fn all(&self) -> Vec<(Cow<'a, str>, &'a RawValue)> {
        self.members.0.clone()
    }

    /// The flaw of each field that is none of these.
    pub(crate) fn unknown(&self, known: &[&str]) -> Vec<Flaw> {
        let strange = self.members.0.iter().filter(|(name, _)| !known.contains(&&**name));
        let flaw = |(name, json): &(Cow<'_, str>, &RawValue)| {
            let msg = format!("There is no such field here: give {}", known.join(", "));
            Flaw::in_body("unknown_field", [Place::Field(beginning(name).to_owned())], msg, (*json).into())
        };
        strange.map(flaw).collect()
    }

    /// The flaw of each name that was given twice.
    pub(crate) fn given_twice(&self) -> Vec<Flaw> {
        let (mut seen, mut noted) = (HashSet::new(), HashSet::new());
        let members = self.members.0.iter();
        let twice = members.filter(|(name, _)| !seen.insert(name.as_ref()) && noted.insert(name.as_ref()));
        twice.map(|(name, json)| given_twice(name, json)).collect()
    }
}

/// Reads a body that is whatever JSON is.
pub(crate) fn read_whole(body: &[u8]) -> Result<&RawValue, Flaw> {
    decoded(body).map(|(_, whole)| whole)
}

/// A body that is JSON, without what may stand before that; and the same as a value.
pub(super) fn decoded(body: &[u8]) -> Result<(&[u8], &RawValue), Flaw> {
    let body = utf_8(body).map_err(foreign)?;
    if body.is_empty() {
        return Err(Flaw::in_body("missing", [], "Field required", Input::Nothing));
    }
    let whole = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    Ok((body, whole))
}

fn foreign(encoding: &str) -> Flaw {
    let msg = format!("JSON decode error: the body is in {encoding}, and should be in UTF-8");
    Flaw::in_body("json_invalid", [Place::Position(0)], msg, Input::Nothing)
}

fn malformed(body: &[u8], error: &serde_json::Error) -> Flaw {
    let line_start: usize =
        body.split_inclusive(|&byte| byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let bytes = (line_start + error.column().saturating_sub(1)).min(body.len());
    // In characters, as an editor counts.
    let position = String::from_utf8_lossy(&body[..bytes]).chars().count();
    Flaw::in_body("json_invalid", [Place::Position(position)], format!("JSON decode error: {error}"), Input::Nothing)
}

fn given_twice(name: &str, json: &RawValue) -> Flaw {
    let place = [Place::Field(beginning(name).to_owned())];
    Flaw::in_body("duplicate_key", place, "Field given twice", json.into())
}

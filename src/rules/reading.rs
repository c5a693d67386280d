//! Lists of rules, read: an array, or the name of one.

use std::sync::Arc;

use serde_json::value::RawValue;
use tradepit_engine::{Does, ReasonText, Rule};

use super::conditions::read_conditions;
use super::does::read_does;
use super::presets::{PRESETS, Preset};
use crate::native::wire::body::fields::read_whole;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_text};
use crate::native::wire::flaw::{Flaw, Place};
use crate::native::wire::number::{NoInteger, read_integer};

/// As many as every reader of JSON counts exactly.
const COUNT_AT_MOST: u64 = 9_007_199_254_740_991;

/// Reads a body that is a list of rules.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn read_body(body: &[u8]) -> Result<Arc<[Rule]>, Vec<Flaw>> {
    read_list(read_whole(body).map_err(|flaw| vec![flaw])?)
}

/// Reads a list of rules; `{"preset": NAME}` stands for one, as a whole and among others.
///
/// # Errors
/// All that is wrong with it, each with its place in the list.
pub(crate) fn read_list(json: &RawValue) -> Result<Arc<[Rule]>, Vec<Flaw>> {
    let items: Vec<&RawValue> = match json.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(json.get()).unwrap_or_default(),
        Some(b'{') => return read_preset(json),
        _ => {
            let msg = "Input should be an array of rules, or {\"preset\": NAME}";
            return Err(vec![Flaw::in_body("list_type", [], msg, json.into())]);
        }
    };
    let (mut rules, mut flaws) = (Vec::new(), Vec::new());
    for (number, item) in items.into_iter().enumerate() {
        match read_item(item) {
            Ok(read) => rules.extend(read),
            Err(wrong) => flaws.extend(wrong.into_iter().map(|flaw| flaw.within([Place::Position(number)]))),
        }
    }
    if rules.len() > Rule::AT_MOST {
        let msg = format!("Input should have at most {} rules, and has {}", Rule::AT_MOST, rules.len());
        flaws.push(Flaw::in_body("too_long", [], msg, json.into()));
    }
    if flaws.is_empty() { Ok(rules.into()) } else { Err(flaws) }
}

/// A rule, or the rules of a preset.
fn read_item(json: &RawValue) -> Result<Vec<Rule>, Vec<Flaw>> {
    let is_preset = Reading::of_value(json)?.fields.get("preset").is_some();
    if is_preset { read_preset(json).map(|rules| rules.to_vec()) } else { read_rule(json).map(|rule| vec![rule]) }
}

/// `{"preset": NAME}`.
fn read_preset(json: &RawValue) -> Result<Arc<[Rule]>, Vec<Flaw>> {
    let mut reading = Reading::of_value(json)?;
    let preset: Option<Preset> = match reading.fields.given("preset") {
        Some(_) => reading.choice_or_none("preset", &PRESETS),
        None => reading.missing("preset"),
    };
    reading.know(&["preset"]);
    match preset {
        Some(preset) if reading.flaws.is_empty() => Ok(preset.rules()),
        _ => Err(reading.flaws),
    }
}

/// A rule. What it has beside is passed over: so a list that was shown can be sent again.
fn read_rule(json: &RawValue) -> Result<Rule, Vec<Flaw>> {
    let mut reading = Reading::of_value(json)?;
    let name = reading.optional("name", read_reason);
    let times = reading.optional("times", read_count);
    let conditions = reading.nested("match", read_conditions).unwrap_or_default();
    let does: Option<Does> = match reading.fields.given("do") {
        Some(_) => reading.nested("do", read_does),
        None => reading.missing("do"),
    };
    match does {
        Some(does) if reading.flaws.is_empty() => Ok(Rule { name, conditions, does, times }),
        _ => Err(reading.flaws),
    }
}

/// A text that people read.
pub(super) fn read_reason(json: &RawValue) -> Result<ReasonText, Wrong> {
    let text = read_text(json)?;
    let msg = || format!("Input should be 1 to {} characters, of which none controls anything", ReasonText::MAX_CHARS);
    ReasonText::new(&text).map_err(|_| ("text", msg().into()))
}

/// How often, or which one: from 1 on.
pub(super) fn read_count(json: &RawValue) -> Result<u64, Wrong> {
    let range = || format!("Input should be a whole number from 1 to {COUNT_AT_MOST}").into();
    match read_integer(json.get()) {
        Ok(count @ 1..=COUNT_AT_MOST) => Ok(count),
        Ok(0) | Err(NoInteger::Negative) => Err(("greater_than_equal", range())),
        Ok(_) => Err(("less_than_equal", range())),
        Err(NoInteger::Fraction | NoInteger::OtherType) => Err(("int_type", range())),
    }
}

//! The body of `POST /orders`: one JSON object, whatever the Content-Type (contract, "Routes").
//!
//! Every flaw is found at once. Values are looked at as they were spelled, so that a number beyond what a float
//! holds is judged by its digits.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use tradepit_engine::{InvalidQuantity, Label, Quantity, Symbol};

use super::encoding::utf_8;
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, Place, label_flaw, symbol_flaw};
use super::input::{Input, beginning};
use super::json::Members;
use super::number::{NoInteger, read_integer};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewOrder {
    pub(crate) symbol: Symbol,
    pub(crate) quantity: Quantity,
    pub(crate) client_order_id: Option<Label>,
}

impl NewOrder {
    /// Reads a body; refuses it with every flaw that it has, after those found in its head.
    pub(crate) fn parse(body: &[u8], in_head: Option<Flaw>) -> Result<NewOrder, ApiError> {
        match Plain::read(body) {
            Some(order) if in_head.is_none() => Ok(order),
            _ => NewOrder::parse_closely(body, in_head),
        }
    }

    /// Looks at each value as it was spelled.
    fn parse_closely(body: &[u8], in_head: Option<Flaw>) -> Result<NewOrder, ApiError> {
        let mut flaws = Vec::from_iter(in_head);
        let fields = match read_fields(body) {
            Ok(fields) => fields,
            Err(flaw) => {
                flaws.push(flaw);
                return Err(ApiError::Invalid(Flaws { detail: flaws }));
            }
        };
        flaws.extend(fields.twice.into_iter().map(given_twice));
        let whole = || fields.whole.into();
        let symbol = match (fields.stoks, fields.symbol) {
            (Some(json), None) => read_symbol("stoks", json, &mut flaws),
            (None, Some(json)) => read_symbol("symbol", json, &mut flaws),
            (Some(json), Some(other)) => {
                let msg = "Give either stoks or symbol, not both";
                flaws.push(Flaw::in_body("symbol_conflict", [Place::Name("symbol")], msg, other.into()));
                read_symbol("stoks", json, &mut flaws)
            }
            (None, None) => {
                flaws.push(Flaw::in_body("missing", [Place::Name("stoks")], "Field required", whole()));
                None
            }
        };
        let quantity = match fields.quantity {
            Some(json) => read_quantity(json, &mut flaws),
            None => {
                flaws.push(Flaw::in_body("missing", [Place::Name("quantity")], "Field required", whole()));
                None
            }
        };
        let client_order_id = fields.client_order_id.and_then(|json| read_client_order_id(json, &mut flaws));
        match (symbol, quantity) {
            (Some(symbol), Some(quantity)) if flaws.is_empty() => Ok(NewOrder { symbol, quantity, client_order_id }),
            _ => Err(ApiError::Invalid(Flaws { detail: flaws })),
        }
    }
}

/// What nearly every body is: these fields and no others, spelled as they are shown. It is read in one pass and without
/// an allocation; everything else is looked at closely.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain<'a> {
    #[serde(alias = "symbol")]
    stoks: &'a str,
    quantity: u64,
    client_order_id: Option<&'a str>,
}

impl Plain<'_> {
    /// The order, if the body is one of these.
    fn read(body: &[u8]) -> Option<NewOrder> {
        if body.trim_ascii_start().first() != Some(&b'{') {
            // serde takes a list for an object without names.
            return None;
        }
        let Plain { stoks, quantity, client_order_id } = serde_json::from_slice(body).ok()?;
        let client_order_id = client_order_id.map(Label::new).transpose().ok()?;
        Some(NewOrder { symbol: Symbol::new(stoks).ok()?, quantity: Quantity::new(quantity).ok()?, client_order_id })
    }
}

/// The fields that matter, as spelled, and the keys that were given twice.
struct Fields<'a> {
    whole: &'a RawValue,
    stoks: Option<&'a RawValue>,
    symbol: Option<&'a RawValue>,
    quantity: Option<&'a RawValue>,
    client_order_id: Option<&'a RawValue>,
    twice: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Fields<'a> {
    fn of(whole: &'a RawValue, members: Members<'a>) -> Fields<'a> {
        let mut fields =
            Fields { whole, stoks: None, symbol: None, quantity: None, client_order_id: None, twice: Vec::new() };
        let (mut others, mut noted) = (HashSet::new(), HashSet::new());
        for (key, json) in members.0 {
            let before = match &*key {
                "stoks" => fields.stoks.replace(json).is_some(),
                "symbol" => fields.symbol.replace(json).is_some(),
                "quantity" => fields.quantity.replace(json).is_some(),
                "client_order_id" => fields.client_order_id.replace(json).is_some(),
                _ => !others.insert(key.clone()),
            };
            if before && noted.insert(key.clone()) {
                fields.twice.push((key, json));
            }
        }
        fields
    }
}

fn read_fields(body: &[u8]) -> Result<Fields<'_>, Flaw> {
    let body = utf_8(body).map_err(foreign)?;
    if body.is_empty() {
        return Err(Flaw::in_body("missing", [], "Field required", Input::Nothing));
    }
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    if !whole.get().starts_with('{') {
        let msg = "Input should be a JSON object";
        return Err(Flaw::in_body("model_attributes_type", [], msg, whole.into()));
    }
    let members = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    Ok(Fields::of(whole, members))
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

fn given_twice((key, json): (Cow<'_, str>, &RawValue)) -> Flaw {
    let msg = "Field given twice";
    Flaw::in_body("duplicate_key", [Place::Field(beginning(&key).to_owned())], msg, json.into())
}

fn read_symbol(field: &'static str, json: &RawValue, flaws: &mut Vec<Flaw>) -> Option<Symbol> {
    let (kind, msg) = match serde_json::from_str::<Cow<'_, str>>(json.get()).map(|text| Symbol::new(&text)) {
        Ok(Ok(symbol)) => return Some(symbol),
        Ok(Err(invalid)) => symbol_flaw(invalid),
        Err(_) => ("string_type", "Input should be a valid string"),
    };
    flaws.push(Flaw::in_body(kind, [Place::Name(field)], msg, json.into()));
    None
}

/// A client that has no name for its order may say so with null.
fn read_client_order_id(json: &RawValue, flaws: &mut Vec<Flaw>) -> Option<Label> {
    if json.get() == "null" {
        return None;
    }
    let (kind, msg) = match serde_json::from_str::<Cow<'_, str>>(json.get()).map(|text| Label::new(&text)) {
        Ok(Ok(key)) => return Some(key),
        Ok(Err(invalid)) => label_flaw(invalid),
        Err(_) => ("string_type", "Input should be a valid string"),
    };
    flaws.push(Flaw::in_body(kind, [Place::Name("client_order_id")], msg, json.into()));
    None
}

fn read_quantity(json: &RawValue, flaws: &mut Vec<Flaw>) -> Option<Quantity> {
    let spelled = match serde_json::from_str::<Cow<'_, str>>(json.get()) {
        Ok(text) if spells_integer(&text) => read_integer(&text).map_err(NoQuantity::Number),
        Ok(_) => Err(NoQuantity::Text),
        Err(_) => read_integer(json.get()).map_err(NoQuantity::Number),
    };
    let range = || Cow::Owned(format!("Input should be an integer from 1 to {}", Quantity::MAX));
    let (kind, msg) = match spelled.map(Quantity::new) {
        Ok(Ok(quantity)) => return Some(quantity),
        Ok(Err(InvalidQuantity::TooSmall)) | Err(NoQuantity::Number(NoInteger::Negative)) => {
            ("greater_than_equal", range())
        }
        Ok(Err(InvalidQuantity::TooLarge)) => ("less_than_equal", range()),
        Err(NoQuantity::Number(NoInteger::Fraction)) => {
            ("int_from_float", "Input should be a valid integer, got a number with a fraction".into())
        }
        Err(NoQuantity::Text) => {
            ("int_parsing", "Input should be a valid integer, unable to read the string as one".into())
        }
        Err(NoQuantity::Number(NoInteger::OtherType)) => ("int_type", "Input should be a valid integer".into()),
    };
    flaws.push(Flaw::in_body(kind, [Place::Name("quantity")], msg, json.into()));
    None
}

enum NoQuantity {
    Number(NoInteger),
    Text,
}

/// Whether a string spells an integer as JSON does: digits only, without leading zeros, and may be a `-` first. What is
/// out of range is then told as of the number.
fn spells_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits == "0"
        || digits.starts_with(|c: char| ('1'..='9').contains(&c)) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{NewOrder, Plain};

    #[test]
    fn a_plain_body_is_read_as_one_that_is_looked_at_closely() {
        for (body, is_plain) in [
            (r#"{"stoks": "EURUSD", "quantity": 5}"#, true),
            (r#"{"quantity":9007199254740991,"symbol":"a"}"#, true),
            (r#" { "stoks": "BRK.B", "client_order_id": "bot-7/42", "quantity": 1 } "#, true),
            (r#"{"stoks": "EURUSD", "quantity": 5, "client_order_id": null}"#, true),
            (r#"{"stoks": "EURUSD", "quantity": 5.0}"#, false),
            (r#"{"stoks": "EURUSD", "quantity": "5"}"#, false),
            (r#"{"stoks": "EUR\u0055SD", "quantity": 5}"#, false),
            (r#"{"stoks": "EURUSD", "quantity": 5, "note": 1}"#, false),
            ("\u{feff}{\"stoks\": \"EURUSD\", \"quantity\": 5}", false),
        ] {
            let closely = NewOrder::parse_closely(body.as_bytes(), None).expect("it has no fault");
            assert_eq!(Plain::read(body.as_bytes()), is_plain.then_some(closely), "{body}");
        }
    }

    #[test]
    fn what_has_a_fault_is_not_plain() {
        for body in [
            "",
            "{}",
            r#"{"stoks": "EURUSD", "symbol": "EURUSD", "quantity": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "quantity": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 0}"#,
            r#"{"stoks": "EURUSD", "quantity": 9007199254740992}"#,
            r#"{"stoks": "EUR USD", "quantity": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "client_order_id": ""}"#,
            r#"{"stoks": "EURUSD", "quantity": 5} x"#,
            r#"["EURUSD", 5, null]"#,
        ] {
            assert!(NewOrder::parse_closely(body.as_bytes(), None).is_err(), "{body}");
            assert_eq!(Plain::read(body.as_bytes()), None, "{body}");
        }
    }
}

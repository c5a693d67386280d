//! The body of `POST /orders`: one JSON object, whatever the Content-Type (contract, "Routes").
//!
//! Every fault is found at once. Values are looked at as they were spelled, so that a number beyond what a float
//! holds is judged by its digits.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use tradepit_engine::{InvalidQuantity, InvalidSymbol, Key, Quantity, Symbol};

use super::error::ApiError;
use super::fault::{Fault, Faults, Input, Place, key_fault};

/// What a client orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewOrder {
    pub(crate) symbol: Symbol,
    pub(crate) quantity: Quantity,
    pub(crate) client_order_id: Option<Key>,
}

impl NewOrder {
    /// Reads a body; refuses it with every fault that it has, after those found in its head.
    pub(crate) fn parse(body: &[u8], in_head: Option<Fault>) -> Result<NewOrder, ApiError> {
        let mut faults = Vec::from_iter(in_head);
        let fields = match read_fields(body) {
            Ok(fields) => fields,
            Err(fault) => {
                faults.push(fault);
                return Err(ApiError::Invalid(Faults { detail: faults }));
            }
        };
        faults.extend(fields.twice.into_iter().map(given_twice));
        let whole = || Input::Json(fields.whole.to_owned());
        let symbol = match (fields.stoks, fields.symbol) {
            (Some(json), None) => read_symbol("stoks", json, &mut faults),
            (None, Some(json)) => read_symbol("symbol", json, &mut faults),
            (Some(json), Some(other)) => {
                let msg = "Give either stoks or symbol, not both";
                faults.push(Fault::in_body("symbol_conflict", [Place::Name("symbol")], msg, other.into()));
                read_symbol("stoks", json, &mut faults)
            }
            (None, None) => {
                faults.push(Fault::in_body("missing", [Place::Name("stoks")], "Field required", whole()));
                None
            }
        };
        let quantity = match fields.quantity {
            Some(json) => read_quantity(json, &mut faults),
            None => {
                faults.push(Fault::in_body("missing", [Place::Name("quantity")], "Field required", whole()));
                None
            }
        };
        let client_order_id = fields.client_order_id.and_then(|json| read_client_order_id(json, &mut faults));
        match (symbol, quantity) {
            (Some(symbol), Some(quantity)) if faults.is_empty() => Ok(NewOrder { symbol, quantity, client_order_id }),
            _ => Err(ApiError::Invalid(Faults { detail: faults })),
        }
    }
}

/// The fields that matter, as spelled, and the keys that were given twice.
struct Fields<'a> {
    whole: &'a RawValue,
    stoks: Option<&'a RawValue>,
    symbol: Option<&'a RawValue>,
    quantity: Option<&'a RawValue>,
    client_order_id: Option<&'a RawValue>,
    twice: Vec<(String, &'a RawValue)>,
}

fn read_fields(body: &[u8]) -> Result<Fields<'_>, Fault> {
    if body.is_empty() {
        return Err(Fault::in_body("missing", [], "Field required", Input::Nothing));
    }
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    if !whole.get().starts_with('{') {
        let msg = "Input should be a JSON object";
        return Err(Fault::in_body("model_attributes_type", [], msg, whole.into()));
    }
    let object: Object<'_> = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    Ok(Fields { whole, ..object.0 })
}

fn malformed(body: &[u8], error: &serde_json::Error) -> Fault {
    let line_start: usize =
        body.split_inclusive(|&byte| byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let bytes = (line_start + error.column().saturating_sub(1)).min(body.len());
    // In characters, as an editor counts.
    let position = String::from_utf8_lossy(&body[..bytes]).chars().count();
    Fault::in_body("json_invalid", [Place::Position(position)], format!("JSON decode error: {error}"), Input::Nothing)
}

fn given_twice((key, json): (String, &RawValue)) -> Fault {
    let msg = "Field given twice";
    Fault::in_body("duplicate_key", [Place::Field(key)], msg, json.into())
}

fn read_symbol(field: &'static str, json: &RawValue, faults: &mut Vec<Fault>) -> Option<Symbol> {
    let mut fault = |kind, msg: &str| faults.push(Fault::in_body(kind, [Place::Name(field)], msg, json.into()));
    let Ok(text) = serde_json::from_str::<Cow<'_, str>>(json.get()) else {
        fault("string_type", "Input should be a valid string");
        return None;
    };
    match Symbol::new(&text) {
        Ok(symbol) => return Some(symbol),
        Err(InvalidSymbol::Empty) => fault("string_too_short", "String should have at least 1 character"),
        Err(InvalidSymbol::TooLong) => fault("string_too_long", "String should have at most 32 characters"),
        Err(InvalidSymbol::Character) => {
            fault("string_pattern_mismatch", "String should have only the characters A-Z a-z 0-9 . _ / -");
        }
    }
    None
}

/// A client that has no name for its order may say so with null.
fn read_client_order_id(json: &RawValue, faults: &mut Vec<Fault>) -> Option<Key> {
    if json.get() == "null" {
        return None;
    }
    let place = || [Place::Name("client_order_id")];
    let Ok(text) = serde_json::from_str::<Cow<'_, str>>(json.get()) else {
        faults.push(Fault::in_body("string_type", place(), "Input should be a valid string", json.into()));
        return None;
    };
    let (kind, msg) = match Key::new(&text) {
        Ok(key) => return Some(key),
        Err(fault) => key_fault(fault),
    };
    faults.push(Fault::in_body(kind, place(), msg, json.into()));
    None
}

fn read_quantity(json: &RawValue, faults: &mut Vec<Fault>) -> Option<Quantity> {
    let (kind, msg) = match read_integer(json.get()) {
        Ok(value) => match Quantity::new(value) {
            Ok(quantity) => return Some(quantity),
            Err(InvalidQuantity::TooSmall) => ("greater_than_equal", "Input should be greater than or equal to 1"),
            Err(InvalidQuantity::TooLarge) => {
                ("less_than_equal", "Input should be less than or equal to 9007199254740991")
            }
        },
        Err(NoInteger::Negative) => ("greater_than_equal", "Input should be greater than or equal to 1"),
        Err(NoInteger::Fraction) => ("int_from_float", "Input should be a valid integer, got a number with a fraction"),
        Err(NoInteger::Text) => ("int_parsing", "Input should be a valid integer, unable to read the string as one"),
        Err(NoInteger::OtherType) => ("int_type", "Input should be a valid integer"),
    };
    faults.push(Fault::in_body(kind, [Place::Name("quantity")], msg, json.into()));
    None
}

enum NoInteger {
    Negative,
    Fraction,
    Text,
    OtherType,
}

/// The integer that a JSON value spells: `7`, `7.0`, `70e-1` and `"7"` are 7. What is too large for 64 bits is
/// `u64::MAX`.
fn read_integer(json: &str) -> Result<u64, NoInteger> {
    if let Ok(text) = serde_json::from_str::<Cow<'_, str>>(json) {
        return if text.starts_with(|c: char| ('1'..='9').contains(&c)) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(digits_to_u64(text.bytes()))
        } else {
            Err(NoInteger::Text)
        };
    }
    if !json.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Err(NoInteger::OtherType);
    }
    let (negative, number) = json.strip_prefix('-').map_or((false, json), |rest| (true, rest));
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if digits().all(|digit| digit == b'0') {
        return Ok(0);
    }
    // An exponent too long to read is beyond any number of digits that fits a body.
    let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 });
    // Where the decimal point comes to stand, counted in digits from the left.
    let point = exponent.saturating_add(i64::try_from(whole.len()).unwrap_or(i64::MAX));
    let kept = usize::try_from(point).unwrap_or(0);
    if digits().skip(kept).any(|digit| digit != b'0') {
        return Err(NoInteger::Fraction);
    }
    if negative {
        return Err(NoInteger::Negative);
    }
    // More than 20 digits after the first one that is not 0 overflow anyway.
    let zeros = kept.saturating_sub(whole.len() + fraction.len()).min(20);
    Ok(digits_to_u64(digits().take(kept).chain(std::iter::repeat_n(b'0', zeros))))
}

fn digits_to_u64(digits: impl Iterator<Item = u8>) -> u64 {
    digits.fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

struct Object<'a>(Fields<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor).map(Object)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields {
            whole: RawValue::NULL,
            stoks: None,
            symbol: None,
            quantity: None,
            client_order_id: None,
            twice: Vec::new(),
        };
        let mut others = HashSet::new();
        let mut noted = HashSet::new();
        while let Some(FieldName(key)) = map.next_key()? {
            let json: &RawValue = map.next_value()?;
            let before = match &*key {
                "stoks" => fields.stoks.replace(json).is_some(),
                "symbol" => fields.symbol.replace(json).is_some(),
                "quantity" => fields.quantity.replace(json).is_some(),
                "client_order_id" => fields.client_order_id.replace(json).is_some(),
                _ => !others.insert(key.clone()),
            };
            if before && noted.insert(key.clone()) {
                fields.twice.push((key.into_owned(), json));
            }
        }
        Ok(fields)
    }
}

/// A key, borrowed from the body unless it has escapes.
struct FieldName<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for FieldName<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldNameVisitor;
        impl<'de> Visitor<'de> for FieldNameVisitor {
            type Value = FieldName<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<FieldName<'de>, E> {
                Ok(FieldName(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<FieldName<'de>, E> {
                Ok(FieldName(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(FieldNameVisitor)
    }
}

//! Values of a body, each read as it was spelled. What one is not is told by a kind of flaw, for programs, and in
//! words.

use std::borrow::Cow;

use serde_json::value::RawValue;
use tradepit_engine::{Decimal, InvalidDecimal, InvalidQuantity, Label, Money, Quantity, Symbol, Time};

use crate::native::wire::flaw::{label_flaw, symbol_flaw};
use crate::native::wire::number::{NoInteger, is_number, read_integer};
use crate::time;

/// The kind of a flaw, and what to say of it.
pub(crate) type Wrong = (&'static str, Cow<'static, str>);

pub(crate) fn read_symbol(json: &RawValue) -> Result<Symbol, Wrong> {
    Symbol::new(&read_text(json)?).map_err(|invalid| {
        let (kind, msg) = symbol_flaw(invalid);
        (kind, msg.into())
    })
}

pub(crate) fn read_label(json: &RawValue) -> Result<Label, Wrong> {
    Label::new(&read_text(json)?).map_err(|invalid| {
        let (kind, msg) = label_flaw(invalid);
        (kind, msg.into())
    })
}

pub(crate) fn read_bool(json: &RawValue) -> Result<bool, Wrong> {
    serde_json::from_str(json.get()).map_err(|_| ("bool_type", "Input should be true or false".into()))
}

pub(crate) fn read_text(json: &RawValue) -> Result<Cow<'_, str>, Wrong> {
    serde_json::from_str(json.get()).map_err(|_| ("string_type", "Input should be a valid string".into()))
}

/// A time of RFC 3339.
pub(crate) fn read_time(json: &RawValue) -> Result<Time, Wrong> {
    time::parse(&read_text(json)?).ok_or_else(|| ("datetime_parsing", time::EXPECTED.into()))
}

/// A decimal greater than zero, as a number or as a string that spells one.
pub(crate) fn read_decimal(json: &RawValue) -> Result<Decimal, Wrong> {
    let number = read_number(json)?;
    if number.is_positive() { Ok(number) } else { Err(("greater_than", "Input should be greater than 0".into())) }
}

/// A sum of money greater than zero.
pub(crate) fn read_sum(json: &RawValue) -> Result<Money, Wrong> {
    let msg = || format!("Input should be less than 10^26, with at most {} decimals", Money::DECIMALS).into();
    Money::of(read_decimal(json)?).ok_or_else(|| ("decimal_max_places", msg()))
}

/// Any decimal.
pub(crate) fn read_number(json: &RawValue) -> Result<Decimal, Wrong> {
    let text = match serde_json::from_str::<Cow<'_, str>>(json.get()) {
        Ok(text) => text,
        Err(_) if is_number(json.get()) => json.get().into(),
        Err(_) => return Err(("decimal_type", "Input should be a decimal, as a number or as a string".into())),
    };
    match Decimal::parse(&text) {
        Ok(number) => Ok(number),
        Err(InvalidDecimal::Spelling) => {
            Err(("decimal_parsing", "Input should be a decimal, spelled as JSON spells numbers".into()))
        }
        Err(InvalidDecimal::TooLong) => {
            let msg = format!("Input should have at most {} digits", Decimal::MOST_DIGITS);
            Err(("decimal_max_digits", msg.into()))
        }
    }
}

/// The least whole quantity that is not less than this.
pub(crate) fn round_up(qty: Decimal) -> Result<Quantity, Wrong> {
    let whole = u64::try_from(qty.ceiling()).unwrap_or(u64::MAX);
    Quantity::new(whole).map_err(|_| ("less_than_equal", format!("Input should be at most {}", Quantity::MAX).into()))
}

pub(crate) fn read_quantity(json: &RawValue) -> Result<Quantity, Wrong> {
    let spelled = match serde_json::from_str::<Cow<'_, str>>(json.get()) {
        Ok(text) if spells_integer(&text) => read_integer(&text).map_err(NoQuantity::Number),
        Ok(_) => Err(NoQuantity::Text),
        Err(_) => read_integer(json.get()).map_err(NoQuantity::Number),
    };
    let range = || Cow::Owned(format!("Input should be an integer from 1 to {}", Quantity::MAX));
    Err(match spelled.map(Quantity::new) {
        Ok(Ok(quantity)) => return Ok(quantity),
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
    })
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

//! `match`: which orders a rule is about.

use serde_json::value::RawValue;
use tradepit_engine::{AccountId, Bound, Compares, Conditions, OrderKind, Pattern, Probability};

use super::reading::read_count;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_number, read_symbol, read_text};
use crate::native::wire::flaw::{Flaw, symbol_flaw};
use crate::native::wire::object::Object;
use crate::native::wire::terms::{SIDES, TIMES_IN_FORCE, name_of};

const FIELDS: [&str; 10] = [
    "symbol",
    "account",
    "side",
    "type",
    "time_in_force",
    "client_order_id",
    "quantity",
    "nth",
    "every",
    "probability",
];

const KINDS: [(&str, OrderKind); 5] = [
    ("market", OrderKind::Market),
    ("limit", OrderKind::Limit),
    ("stop", OrderKind::Stop),
    ("stop_limit", OrderKind::StopLimit),
    ("trailing_stop", OrderKind::TrailingStop),
];

/// Reads it.
pub(super) fn read_conditions(json: &RawValue) -> Result<Conditions, Vec<Flaw>> {
    let mut reading = Reading::of_value(json)?;
    let conditions = Conditions {
        symbol: reading.optional("symbol", read_symbol),
        account: reading.optional("account", read_account),
        side: reading.choice_or_none("side", &SIDES),
        kind: reading.choice_or_none("type", &KINDS),
        time_in_force: reading.choice_or_none("time_in_force", &TIMES_IN_FORCE),
        client_order_id: reading.optional("client_order_id", read_pattern),
        quantity: reading.optional("quantity", read_bound),
        nth: reading.optional("nth", read_count),
        every: reading.optional("every", read_count),
        probability: reading.optional("probability", read_probability),
    };
    reading.know(&FIELDS);
    if reading.flaws.is_empty() { Ok(conditions) } else { Err(reading.flaws) }
}

fn read_account(json: &RawValue) -> Result<AccountId, Wrong> {
    AccountId::new(&read_text(json)?).map_err(|invalid| {
        let (kind, msg) = symbol_flaw(invalid);
        (kind, msg.into())
    })
}

fn read_pattern(json: &RawValue) -> Result<Pattern, Wrong> {
    let text = read_text(json)?;
    let msg = || {
        let most = Pattern::MAX_LEN;
        format!("Input should be 1 to {most} visible ASCII characters, where each * stands for any")
    };
    Pattern::new(&text).ok_or_else(|| ("string_pattern_mismatch", msg().into()))
}

/// A number, or a text that has a sign before one.
fn read_bound(json: &RawValue) -> Result<Bound, Wrong> {
    let text = serde_json::from_str::<String>(json.get()).unwrap_or_else(|_| json.get().to_owned());
    let signed = |(sign, compares): (&str, Compares)| Some((compares, text.trim().strip_prefix(sign)?.trim()));
    let (compares, number) = Compares::SIGNS.into_iter().find_map(signed).unwrap_or((Compares::Equal, text.trim()));
    let msg = "Input should be a quantity, behind >, >=, <, <= or =, as in \">100\"";
    let number = RawValue::from_string(number.to_owned()).ok().and_then(|number| read_number(&number).ok());
    number.map(|number| Bound { compares, number }).ok_or_else(|| ("quantity", msg.into()))
}

fn read_probability(json: &RawValue) -> Result<Probability, Wrong> {
    let msg = || format!("Input should be from 0 to 1, with at most {} decimals", Probability::DECIMALS);
    Probability::new(read_number(json)?).ok_or_else(|| ("probability", msg().into()))
}

/// Writes it, as [`read_conditions`] reads it.
pub(super) fn write_conditions(conditions: &Conditions, json: &mut Object<'_>) {
    let Conditions { symbol, account, side, kind, time_in_force, client_order_id, quantity, nth, every, probability } =
        conditions;
    symbol.iter().for_each(|symbol| json.plain("symbol", symbol.as_str()));
    account.iter().for_each(|account| json.plain("account", account.as_str()));
    side.iter().for_each(|side| json.plain("side", name_of(&SIDES, side)));
    kind.iter().for_each(|kind| json.plain("type", name_of(&KINDS, kind)));
    time_in_force.iter().for_each(|time| json.plain("time_in_force", name_of(&TIMES_IN_FORCE, time)));
    client_order_id.iter().for_each(|pattern| json.text("client_order_id", pattern.as_str()));
    if let Some(Bound { compares, number }) = quantity {
        let sign = name_of(&Compares::SIGNS, compares);
        json.text("quantity", &format!("{}{number}", if *compares == Compares::Equal { "" } else { sign }));
    }
    nth.iter().for_each(|nth| json.number("nth", *nth));
    every.iter().for_each(|every| json.number("every", *every));
    probability.iter().for_each(|probability| json.spelled("probability", &probability.number().to_string()));
}

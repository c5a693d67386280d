//! Rules in their records: which orders one is about, and what becomes of them.

use std::sync::Arc;

use tradepit_engine::{
    AccountId, Bound, Compares, Conditions, Does, Fate, Noticed, OrderKind, Pace, Parts, Pattern, Plan, Probability,
    PutOff, ReasonText, Refused, Rule, RulesSet, Share, Time, Way,
};

use super::words::{self, Word};
use crate::record::amounts::read_decimal;
use crate::record::parts::read_symbol;
use crate::record::text::{Garbled, Reader, push_number, push_plain, push_text};

/// What a rule is said of, in [`Noticed`], beside its place.
const MATCHED: i64 = 1;
const USED: i64 = 2;
const PLACE: i64 = 4;

/// Appends which rules looked at an order.
fn push_noticed(records: &mut Vec<u8>, noticed: &[Noticed]) {
    for &Noticed { rule, matched, used } in noticed {
        records.push(b',');
        push_number(records, PLACE * i64::from(rule) + MATCHED * i64::from(matched) + USED * i64::from(used));
    }
}

/// Reads what [`push_noticed`] writes, up to the end of its record.
fn read_noticed(reader: &mut Reader<'_>) -> Result<Vec<Noticed>, Garbled> {
    let mut noticed = Vec::new();
    while !reader.is_at_end() {
        let number = reader.next_number()?;
        let rule = u16::try_from(number / PLACE).map_err(|_| Garbled)?;
        let (matched, used) = (number & MATCHED != 0, number & USED != 0);
        if number < 0 {
            return Err(Garbled);
        }
        noticed.push(Noticed { rule, matched, used });
    }
    Ok(noticed)
}

/// Appends why a rule refused an order, and which looked at it.
pub(super) fn push_refused(records: &mut Vec<u8>, refused: &Refused) {
    records.push(b',');
    push_text(records, refused.reason.as_str());
    push_noticed(records, &refused.noticed);
}

/// Reads what [`push_refused`] writes.
pub(super) fn read_refused(reader: &mut Reader<'_>) -> Result<Refused, Garbled> {
    let reason = read_reason(&reader.next_text_or_null()?.ok_or(Garbled)?)?;
    Ok(Refused { reason, noticed: read_noticed(reader)? })
}

/// Appends a list of rules, and what their chance follows from.
pub(super) fn push_rules(records: &mut Vec<u8>, set: &RulesSet) {
    next_number_if(records, Some(set.seed));
    for rule in &*set.rules {
        records.push(b',');
        push_rule(records, rule);
    }
}

/// Reads what [`push_rules`] writes.
pub(super) fn read_rules(reader: &mut Reader<'_>) -> Result<RulesSet, Garbled> {
    let seed = next_count(reader)?.ok_or(Garbled)?;
    let mut rules = Vec::new();
    while !reader.is_at_end() {
        reader.comma()?;
        rules.push(read_rule(reader)?);
    }
    Ok(RulesSet { rules: rules.into(), seed })
}

/// Appends a rule: a list.
pub(crate) fn push_rule(records: &mut Vec<u8>, rule: &Rule) {
    records.push(b'[');
    match &rule.name {
        Some(name) => push_text(records, name.as_str()),
        None => records.extend_from_slice(b"null"),
    }
    next_number_if(records, rule.times);
    push_conditions(records, &rule.conditions);
    records.push(b',');
    match &rule.does {
        Does::Nothing => records.extend_from_slice(b"null"),
        Does::Reject(reason) => push_text(records, reason.as_str()),
        Does::Plan(plan) => push_plan(records, plan),
    }
    records.push(b']');
}

/// Reads what [`push_rule`] writes.
pub(crate) fn read_rule(reader: &mut Reader<'_>) -> Result<Rule, Garbled> {
    reader.open()?;
    let name = reader.text_or_null()?.map(|name| read_reason(&name)).transpose()?;
    let times = next_count(reader)?;
    let conditions = read_conditions(reader)?;
    reader.comma()?;
    let does = match reader.is_at_list() {
        true => Does::Plan(read_plan(reader)?),
        false => match reader.text_or_null()? {
            Some(reason) => Does::Reject(read_reason(&reason)?),
            None => Does::Nothing,
        },
    };
    reader.close()?;
    Ok(Rule { name, conditions, does, times })
}

fn read_reason(text: &str) -> Result<ReasonText, Garbled> {
    ReasonText::new(text).map_err(|_| Garbled)
}

fn next_number_if(records: &mut Vec<u8>, number: Option<u64>) {
    records.push(b',');
    match number {
        Some(number) => push_number(records, number.cast_signed()),
        None => records.extend_from_slice(b"null"),
    }
}

fn next_count(reader: &mut Reader<'_>) -> Result<Option<u64>, Garbled> {
    let number = reader.next_number_or_null()?;
    number.map(|number| u64::try_from(number).map_err(|_| Garbled)).transpose()
}

fn next_plain_if(records: &mut Vec<u8>, thing: Option<impl std::fmt::Display>) {
    records.push(b',');
    match thing {
        Some(thing) => push_plain(records, thing),
        None => records.extend_from_slice(b"null"),
    }
}

fn next_plain<T>(reader: &mut Reader<'_>, read: impl FnOnce(&str) -> Result<T, Garbled>) -> Result<Option<T>, Garbled> {
    reader.comma()?;
    reader.plain_text_or_null()?.map(read).transpose()
}

fn push_conditions(records: &mut Vec<u8>, conditions: &Conditions) {
    let Conditions { symbol, account, side, kind, time_in_force, client_order_id, quantity, nth, every, probability } =
        conditions;
    next_plain_if(records, symbol.as_ref().map(|symbol| symbol.as_str()));
    next_plain_if(records, account.as_ref().map(AccountId::as_str));
    next_plain_if(records, side.map(Word::word));
    next_plain_if(records, kind.map(Word::word));
    next_plain_if(records, time_in_force.map(Word::word));
    records.push(b',');
    match client_order_id {
        Some(pattern) => push_text(records, pattern.as_str()),
        None => records.extend_from_slice(b"null"),
    }
    next_plain_if(records, quantity.map(|bound| bound.compares.word()));
    next_plain_if(records, quantity.map(|bound| bound.number));
    next_number_if(records, *nth);
    next_number_if(records, *every);
    next_plain_if(records, probability.map(Probability::number));
}

fn read_conditions(reader: &mut Reader<'_>) -> Result<Conditions, Garbled> {
    let symbol = next_plain(reader, read_symbol)?;
    let account = next_plain(reader, |text| AccountId::new(text).map_err(|_| Garbled))?;
    let side = next_plain(reader, Word::of)?;
    let kind = next_plain(reader, Word::of)?;
    let time_in_force = next_plain(reader, Word::of)?;
    let pattern = reader.next_text_or_null()?;
    let client_order_id = pattern.map(|text| Pattern::new(&text).ok_or(Garbled)).transpose()?;
    let quantity = match (next_plain(reader, Word::of)?, next_plain(reader, read_decimal)?) {
        (Some(compares), Some(number)) => Some(Bound { compares, number }),
        (None, None) => None,
        _ => return Err(Garbled),
    };
    let (nth, every) = (next_count(reader)?, next_count(reader)?);
    let probability = next_plain(reader, |text| Probability::new(read_decimal(text)?).ok_or(Garbled))?;
    Ok(Conditions { symbol, account, side, kind, time_in_force, client_order_id, quantity, nth, every, probability })
}

/// Appends what is in store for an order: a list.
pub(crate) fn push_plan(records: &mut Vec<u8>, plan: &Plan) {
    records.push(b'[');
    match plan.way {
        Way::Usual => records.extend_from_slice(b"null"),
        Way::Held => push_plain(records, "held"),
        Way::Delayed(pace) => push_pace(records, pace),
    }
    records.push(b',');
    match &plan.fate {
        None => records.extend_from_slice(b"null"),
        Some(Fate::Cancel) => push_plain(records, "cancel"),
        Some(Fate::Expire) => push_plain(records, "expire"),
        Some(Fate::Reject(reason)) => {
            records.extend_from_slice(b"[\"reject\",");
            push_text(records, reason.as_str());
            records.push(b']');
        }
        Some(Fate::Fill(parts)) => push_parts(records, parts),
    }
    next_number_if(records, plan.cancel_us);
    next_number_if(records, plan.replace_us);
    if let Some((what, at)) = plan.put_off {
        words::push(records, what);
        records.push(b',');
        push_number(records, at.0);
    }
    records.push(b']');
}

/// Reads what [`push_plan`] writes.
pub(crate) fn read_plan(reader: &mut Reader<'_>) -> Result<Plan, Garbled> {
    reader.open()?;
    let way = match reader.is_at_list() {
        true => Way::Delayed(read_pace(reader)?),
        false => match reader.plain_text_or_null()? {
            None => Way::Usual,
            Some("held") => Way::Held,
            Some(_) => return Err(Garbled),
        },
    };
    reader.comma()?;
    let fate = match reader.is_at_list() {
        true => Some(read_fate(reader)?),
        false => match reader.plain_text_or_null()? {
            None => None,
            Some("cancel") => Some(Fate::Cancel),
            Some("expire") => Some(Fate::Expire),
            Some(_) => return Err(Garbled),
        },
    };
    let (cancel_us, replace_us) = (next_count(reader)?, next_count(reader)?);
    let put_off = match reader.is_at_end() {
        true => None,
        false => Some((words::next(reader)?, Time(reader.next_number()?))),
    };
    reader.close()?;
    Ok(Plan { way, fate, cancel_us, replace_us, put_off })
}

fn push_pace(records: &mut Vec<u8>, pace: Pace) {
    let (word, numbers) = match pace {
        Pace::None => ("none", vec![]),
        Pace::Fixed { us } => ("fixed", vec![us]),
        Pace::Uniform { min_us, max_us } => ("uniform", vec![min_us, max_us]),
        Pace::LogNormal { median_us, sigma_bits } => ("log_normal", vec![median_us, sigma_bits]),
    };
    records.push(b'[');
    push_plain(records, word);
    numbers.into_iter().for_each(|number| next_number_if(records, Some(number)));
    records.push(b']');
}

fn read_pace(reader: &mut Reader<'_>) -> Result<Pace, Garbled> {
    reader.open()?;
    let word = reader.plain_text()?;
    let mut next = || next_count(reader)?.ok_or(Garbled);
    let pace = match word {
        "none" => Pace::None,
        "fixed" => Pace::Fixed { us: next()? },
        "uniform" => Pace::Uniform { min_us: next()?, max_us: next()? },
        "log_normal" => Pace::LogNormal { median_us: next()?, sigma_bits: next()? },
        _ => return Err(Garbled),
    };
    reader.close()?;
    Ok(pace)
}

fn push_parts(records: &mut Vec<u8>, parts: &Parts) {
    records.extend_from_slice(b"[\"fill\"");
    next_number_if(records, Some(parts.every_us));
    next_plain_if(records, parts.price);
    records.push(b',');
    match parts.next_at {
        Some(at) => push_number(records, at.0),
        None => records.extend_from_slice(b"null"),
    }
    for share in &*parts.shares {
        match share {
            Share::Quantity(quantity) => next_plain_if(records, Some(quantity)),
            Share::Percent(percent) => next_plain_if(records, Some(format_args!("{percent}%"))),
        }
    }
    records.push(b']');
}

fn read_fate(reader: &mut Reader<'_>) -> Result<Fate, Garbled> {
    reader.open()?;
    let fate = match reader.plain_text()? {
        "reject" => Fate::Reject(read_reason(&reader.next_text_or_null()?.ok_or(Garbled)?)?),
        "fill" => {
            let every_us = next_count(reader)?.ok_or(Garbled)?;
            let price = next_plain(reader, read_decimal)?;
            let next_at = reader.next_number_or_null()?.map(Time);
            let mut shares = Vec::new();
            while !reader.is_at_end() {
                let share = next_plain(reader, |text| match text.strip_suffix('%') {
                    Some(percent) => Ok(Share::Percent(read_decimal(percent)?)),
                    None => Ok(Share::Quantity(read_decimal(text)?)),
                })?;
                shares.push(share.ok_or(Garbled)?);
            }
            Fate::Fill(Parts { shares: Arc::from(shares), every_us, price, next_at })
        }
        _ => return Err(Garbled),
    };
    reader.close()?;
    Ok(fate)
}

impl Word for PutOff {
    const ALL: &'static [PutOff] = &[PutOff::Cancel, PutOff::Replace];

    fn word(self) -> &'static str {
        match self {
            PutOff::Cancel => "cancel",
            PutOff::Replace => "replace",
        }
    }
}

impl Word for OrderKind {
    const ALL: &'static [OrderKind] =
        &[OrderKind::Market, OrderKind::Limit, OrderKind::Stop, OrderKind::StopLimit, OrderKind::TrailingStop];

    fn word(self) -> &'static str {
        match self {
            OrderKind::Market => "market",
            OrderKind::Limit => "limit",
            OrderKind::Stop => "stop",
            OrderKind::StopLimit => "stop_limit",
            OrderKind::TrailingStop => "trailing_stop",
        }
    }
}

impl Word for Compares {
    const ALL: &'static [Compares] =
        &[Compares::Equal, Compares::Above, Compares::AtLeast, Compares::Below, Compares::AtMost];

    fn word(self) -> &'static str {
        match self {
            Compares::Equal => "=",
            Compares::Above => ">",
            Compares::AtLeast => ">=",
            Compares::Below => "<",
            Compares::AtMost => "<=",
        }
    }
}

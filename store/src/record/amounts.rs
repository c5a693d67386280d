//! Prices, quantities and money in records: decimals in text, so that whoever looks with SQL alone understands them.
//!
//! A price is written with its tick's decimals. Where the tick is 1 in the last of them it follows from the price;
//! elsewhere a list has both: `"1.08500"`, `["230","10"]`.

use tradepit_engine::{Decimal, Money, Step};

use super::text::{Garbled, Reader, push_plain};

/// Appends an amount of money.
pub(super) fn push_money(text: &mut Vec<u8>, money: Money) {
    push_plain(text, money);
}

/// A decimal as it is written: `units`, the last `decimals` digits of which stand behind the point.
struct Digits {
    negative: bool,
    units: u128,
    decimals: usize,
    /// Whether its last digit says nothing.
    is_padded: bool,
}

impl Digits {
    fn of(text: &str) -> Result<Digits, Garbled> {
        let (negative, size) = text.strip_prefix('-').map_or((false, text), |size| (true, size));
        let (whole, fraction) = match size.split_once('.') {
            Some((_, "")) => return Err(Garbled),
            parts => parts.unwrap_or((size, "")),
        };
        let has_one_spelling = whole.len() == 1 || !whole.starts_with('0');
        let mut digits = whole.bytes().chain(fraction.bytes());
        if whole.is_empty() || !has_one_spelling || !digits.clone().all(|digit| digit.is_ascii_digit()) {
            return Err(Garbled);
        }
        let add = |units: u128, digit: u8| units.checked_mul(10)?.checked_add(u128::from(digit - b'0'));
        let units = digits.try_fold(0_u128, add).ok_or(Garbled)?;
        let digits = Digits { negative, units, decimals: fraction.len(), is_padded: fraction.ends_with('0') };
        if negative && units == 0 { Err(Garbled) } else { Ok(digits) }
    }

    /// The same in units of ten to the power of -`decimals`, where it needs no more.
    fn scaled(&self, decimals: usize) -> Option<u128> {
        let more = u32::try_from(decimals.checked_sub(self.decimals)?).ok()?;
        self.units.checked_mul(10_u128.checked_pow(more)?)
    }
}

fn signed(negative: bool, units: u128) -> Option<i128> {
    if negative { 0_i128.checked_sub_unsigned(units) } else { i128::try_from(units).ok() }
}

/// Reads an amount of money.
pub(crate) fn read_money(text: &str) -> Result<Money, Garbled> {
    let digits = Digits::of(text).ok().filter(|digits| !digits.is_padded).ok_or(Garbled)?;
    let units = digits.scaled(Money::DECIMALS as usize);
    units.and_then(|units| signed(digits.negative, units)).map(Money).ok_or(Garbled)
}

/// Reads a decimal that has no zeros at its end.
pub(crate) fn read_decimal(text: &str) -> Result<Decimal, Garbled> {
    let Digits { negative, units, decimals, .. } =
        Digits::of(text).ok().filter(|digits| !digits.is_padded).ok_or(Garbled)?;
    let decimals = u32::try_from(decimals).map_err(|_| Garbled)?;
    signed(negative, units).and_then(|units| Decimal::new(units, decimals)).ok_or(Garbled)
}

pub(super) fn read_step(text: &str) -> Result<Step, Garbled> {
    Step::new(read_decimal(text)?).ok_or(Garbled)
}

/// Appends so many steps as the decimal that they come to, with so many digits behind the point at least. Where that
/// has more digits than are kept, as the number that they are.
pub(super) fn push_steps(text: &mut Vec<u8>, count: u128, step: Step, decimals: u32) {
    match step.times(count) {
        Some(decimal) => push_plain(text, decimal.with_decimals(decimals)),
        None => text.extend_from_slice(itoa::Buffer::new().format(count).as_bytes()),
    }
}

/// Reads what [`push_steps`] writes, where that is to have no digits behind the point that it needs not, or all of the
/// step's.
pub(super) fn read_steps(reader: &mut Reader<'_>, step: Step, decimals: u32) -> Result<u128, Garbled> {
    if reader.is_at_digit() {
        let count = reader.long_number()?;
        return if step.times(count).is_none() { Ok(count) } else { Err(Garbled) };
    }
    steps_of(reader.plain_text()?, step, decimals)
}

fn steps_of(text: &str, step: Step, decimals: u32) -> Result<u128, Garbled> {
    let digits = Digits::of(text)?;
    let is_as_written = match decimals {
        0 => !digits.is_padded,
        decimals => digits.decimals == decimals as usize,
    };
    let (of_step, units) = (step.size().units(step.decimals()), digits.scaled(step.decimals() as usize));
    let (of_step, units) = of_step.and_then(|size| u128::try_from(size).ok()).zip(units).ok_or(Garbled)?;
    let count = units.checked_div(of_step).filter(|count| count * of_step == units);
    // So many digits are always kept; of more, not all are.
    let is_kept = |count: &u128| text.len() <= Decimal::MOST_DIGITS as usize || step.times(*count).is_some();
    count.filter(|count| is_as_written && !digits.negative && is_kept(count)).ok_or(Garbled)
}

/// Whether a tick is 1 in the last digit of the prices that are written with it.
fn follows_from_prices(tick: Step) -> bool {
    Decimal::new(1, tick.decimals()) == Some(tick.size())
}

/// Appends a price of so many ticks.
pub(super) fn push_price(text: &mut Vec<u8>, ticks: u64, tick: Step) {
    if !follows_from_prices(tick) {
        text.push(b'[');
        push_both(text, ticks, tick);
        text.push(b']');
        return;
    }
    let mut digits = itoa::Buffer::new();
    let (digits, decimals) = (digits.format(ticks).as_bytes(), tick.decimals() as usize);
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(decimals));
    text.push(b'"');
    text.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
    if decimals > 0 {
        text.push(b'.');
        text.resize(text.len() + decimals - fraction.len(), b'0');
        text.extend_from_slice(fraction);
    }
    text.push(b'"');
}

/// Reads what [`push_price`] writes: ticks, and the tick.
pub(super) fn read_price(reader: &mut Reader<'_>) -> Result<(u64, Step), Garbled> {
    if reader.is_at_list() {
        return read_price_and_tick(reader);
    }
    price_of(reader.plain_text()?)
}

fn price_of(text: &str) -> Result<(u64, Step), Garbled> {
    let Digits { negative, units, decimals, .. } = Digits::of(text)?;
    let tick = u32::try_from(decimals).ok().and_then(|decimals| Step::new(Decimal::new(1, decimals)?));
    let ticks = u64::try_from(units).ok().filter(|_| !negative);
    ticks.zip(tick).ok_or(Garbled)
}

fn read_price_and_tick(reader: &mut Reader<'_>) -> Result<(u64, Step), Garbled> {
    reader.open()?;
    let (ticks, tick) = read_both(reader)?;
    reader.close()?;
    if follows_from_prices(tick) { Err(Garbled) } else { Ok((ticks, tick)) }
}

fn push_both(text: &mut Vec<u8>, ticks: u64, tick: Step) {
    push_steps(text, ticks.into(), tick, tick.decimals());
    text.push(b',');
    push_plain(text, tick.size());
}

fn read_both(reader: &mut Reader<'_>) -> Result<(u64, Step), Garbled> {
    let price = reader.plain_text()?;
    reader.comma()?;
    let tick = read_step(reader.plain_text()?)?;
    let ticks = u64::try_from(steps_of(price, tick, tick.decimals())?).map_err(|_| Garbled)?;
    Ok((ticks, tick))
}

/// Appends a price, and what was paid beside it: where that is anything, a list has price, tick and fee.
pub(super) fn push_price_paid(text: &mut Vec<u8>, ticks: u64, tick: Step, fee: Money) {
    if fee == Money::ZERO {
        return push_price(text, ticks, tick);
    }
    text.push(b'[');
    push_both(text, ticks, tick);
    text.push(b',');
    push_money(text, fee);
    text.push(b']');
}

/// Reads what [`push_price_paid`] writes.
pub(super) fn read_price_paid(reader: &mut Reader<'_>) -> Result<(u64, Step, Money), Garbled> {
    if !reader.is_at_list() {
        let (ticks, tick) = read_price(reader)?;
        return Ok((ticks, tick, Money::ZERO));
    }
    reader.open()?;
    let (ticks, tick) = read_both(reader)?;
    let fee = if reader.is_at_end() {
        Some(Money::ZERO).filter(|_| !follows_from_prices(tick))
    } else {
        reader.comma()?;
        Some(read_money(reader.plain_text()?)?).filter(|fee| *fee != Money::ZERO)
    };
    reader.close()?;
    Ok((ticks, tick, fee.ok_or(Garbled)?))
}

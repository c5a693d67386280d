//! `do`: what becomes of an order.

use serde_json::value::RawValue;
use tradepit_actors::DelayModel;
use tradepit_engine::{Decimal, Does, Fate, Pace, Parts, Plan, Share, Way};

use super::reading::read_reason;
use crate::delay::{parse_delay, parse_span, spell_delay, spell_span};
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_bool, read_decimal, read_text};
use crate::native::wire::flaw::{Flaw, Place};
use crate::native::wire::object::Object;

const FIELDS: [&str; 11] = [
    "reject",
    "reject_on_arrival",
    "delay",
    "hold",
    "fill",
    "every",
    "price",
    "cancel",
    "expire",
    "cancel_delay",
    "replace_delay",
];

/// Of these an order has one: the first that is said.
const WAYS: [&str; 2] = ["delay", "hold"];
const FATES: [&str; 4] = ["reject_on_arrival", "fill", "cancel", "expire"];

/// Reads it.
pub(super) fn read_does(json: &RawValue) -> Result<Does, Vec<Flaw>> {
    if json.get().starts_with('"') {
        let is_nothing = serde_json::from_str(json.get()).is_ok_and(|text: String| text == "nothing");
        let flaw = || Flaw::in_body("enum", [], "Input should be 'nothing', or an object", json.into());
        return if is_nothing { Ok(Does::Nothing) } else { Err(vec![flaw()]) };
    }
    let mut reading = Reading::of_value(json)?;
    reading.know(&FIELDS);
    let given: Vec<&'static str> = FIELDS.into_iter().filter(|field| reading.fields.given(field).is_some()).collect();
    let does = match reading.optional("reject", read_reason) {
        Some(reason) => {
            let others = given.iter().filter(|field| **field != "reject");
            others.for_each(|field| reading.flaw(field, "do_conflict", "Nothing more becomes of what is refused"));
            Does::Reject(reason)
        }
        None => Does::Plan(read_plan(&mut reading, &given)),
    };
    if given.is_empty() && reading.flaws.is_empty() {
        reading.flaws.push(Flaw::in_body("missing", [], "Input should say what becomes of the order", json.into()));
    }
    if reading.flaws.is_empty() { Ok(does) } else { Err(reading.flaws) }
}

fn read_plan(reading: &mut Reading<'_>, given: &[&'static str]) -> Plan {
    let delay = reading.optional("delay", read_delay).map(|model| Way::Delayed(Pace::from(model)));
    let hold = reading.optional("hold", read_true).map(|()| Way::Held);
    let reject = reading.optional("reject_on_arrival", read_reason).map(Fate::Reject);
    let fill = read_parts(reading).map(Fate::Fill);
    let cancel = reading.optional("cancel", read_true).map(|()| Fate::Cancel);
    let expire = reading.optional("expire", read_true).map(|()| Fate::Expire);
    let one_of = |reading: &mut Reading<'_>, fields: &[&'static str], msg| {
        let given = given.iter().filter(|field| fields.contains(*field));
        given.skip(1).for_each(|field| reading.flaw(field, "do_conflict", msg));
    };
    one_of(reading, &WAYS, "Give only one of delay and hold");
    one_of(reading, &FATES, "Give only one of reject_on_arrival, fill, cancel and expire");
    Plan {
        way: delay.or(hold).unwrap_or_default(),
        fate: reject.or(fill).or(cancel).or(expire),
        cancel_us: reading.optional("cancel_delay", read_span),
        replace_us: reading.optional("replace_delay", read_span),
        put_off: None,
    }
}

/// A delay as `--delay` writes it; a single one may be as long as any span of time.
fn read_delay(json: &RawValue) -> Result<DelayModel, Wrong> {
    let text = read_text(json)?;
    let span = || parse_span(&text).ok().map(|us| DelayModel::Fixed { us });
    parse_delay(&text).or_else(|wrong| span().ok_or(wrong)).map_err(|wrong| ("delay", wrong.into()))
}

fn read_span(json: &RawValue) -> Result<u64, Wrong> {
    parse_span(&read_text(json)?).map_err(|wrong| ("duration", wrong.into()))
}

fn read_true(json: &RawValue) -> Result<(), Wrong> {
    let msg = "Input should be true, or left out";
    if read_bool(json)? { Ok(()) } else { Err(("bool_type", msg.into())) }
}

/// `fill`, and what stands beside it.
fn read_parts(reading: &mut Reading<'_>) -> Option<Parts> {
    let every_us = reading.optional("every", read_span);
    let price = reading.optional("price", read_decimal);
    let Some(json) = reading.fields.given("fill") else {
        for field in ["every", "price"] {
            if reading.fields.given(field).is_some() {
                reading.flaw(field, "needs_fill", "This means something beside fill only");
            }
        }
        return None;
    };
    let items: Vec<&RawValue> = serde_json::from_str(json.get()).unwrap_or_default();
    if !(1..=Parts::AT_MOST).contains(&items.len()) {
        let msg = format!("Input should be an array of 1 to {} parts", Parts::AT_MOST);
        reading.flaws.push(Flaw::in_body("list_type", [Place::Name("fill")], msg, json.into()));
        return None;
    }
    let mut shares = Vec::new();
    for (number, item) in items.into_iter().enumerate() {
        match read_share(item) {
            Ok(share) => shares.push(share),
            Err((kind, msg)) => {
                let place = [Place::Name("fill"), Place::Position(number)];
                reading.flaws.push(Flaw::in_body(kind, place, msg, item.into()));
            }
        }
    }
    Some(Parts { shares: shares.into(), every_us: every_us.unwrap_or(0), price, next_at: None })
}

/// A decimal, or a percentage.
fn read_share(json: &RawValue) -> Result<Share, Wrong> {
    let text = serde_json::from_str::<String>(json.get()).unwrap_or_default();
    let Some(percent) = text.trim().strip_suffix('%') else { return read_decimal(json).map(Share::Quantity) };
    let percent = Decimal::parse(percent.trim()).ok().filter(|percent| percent.is_positive() && is_part(*percent));
    let msg = "Input should be more than 0 % and at most 100 %, with at most 12 decimals";
    percent.map(Share::Percent).ok_or_else(|| ("percent", msg.into()))
}

fn is_part(percent: Decimal) -> bool {
    Decimal::new(100, 0).is_some_and(|whole| percent <= whole) && percent.decimals() <= Share::DECIMALS
}

/// Writes it, as [`read_does`] reads it.
pub(super) fn write_does(name: &str, does: &Does, json: &mut Object<'_>) {
    match does {
        Does::Nothing => json.plain(name, "nothing"),
        Does::Reject(reason) => json.object(name, |json| json.text("reject", reason.as_str())),
        Does::Plan(plan) => json.object(name, |json| write_plan(plan, json)),
    }
}

fn write_plan(plan: &Plan, json: &mut Object<'_>) {
    match plan.way {
        Way::Usual => {}
        Way::Held => json.spelled("hold", "true"),
        Way::Delayed(pace) => json.text("delay", &spell_pace(pace)),
    }
    match &plan.fate {
        None => {}
        Some(Fate::Reject(reason)) => json.text("reject_on_arrival", reason.as_str()),
        Some(Fate::Fill(parts)) => write_parts(parts, json),
        Some(Fate::Cancel) => json.spelled("cancel", "true"),
        Some(Fate::Expire) => json.spelled("expire", "true"),
    }
    plan.cancel_us.iter().for_each(|us| json.text("cancel_delay", &spell_span(*us)));
    plan.replace_us.iter().for_each(|us| json.text("replace_delay", &spell_span(*us)));
}

fn spell_pace(pace: Pace) -> String {
    match pace {
        Pace::Fixed { us } => spell_span(us),
        pace => spell_delay(&DelayModel::from(pace)),
    }
}

fn write_parts(parts: &Parts, json: &mut Object<'_>) {
    json.list("fill", &*parts.shares, |share, out| {
        let text = match share {
            Share::Quantity(quantity) => format!("\"{quantity}\""),
            Share::Percent(percent) => format!("\"{percent}%\""),
        };
        out.extend_from_slice(text.as_bytes());
    });
    if parts.every_us > 0 {
        json.text("every", &spell_span(parts.every_us));
    }
    parts.price.iter().for_each(|price| json.decimal("price", price));
}

//! What moved an account's cash as JSON, and as the documents describe it. Also the query of a list of it.

use tradepit_actors::{Coded, ReadActivities};
use tradepit_engine::{AccountNumber, Activity, ActivityKind, Moved, Number, Part};
use utoipa::ToSchema;
use uuid::Uuid;

use super::account::read_page_limit;
use super::error::ApiError;
use super::fill::{WireLiquidity, liquidity_name, write_decimal};
use super::flaw::{Flaw, one_of};
use super::market::Price;
use super::object::{Object, write_list};
use super::query::{note, parameter, read_direction, read_number, refuse};
use super::terms::{WireSide, name_of, side_name};

const KINDS: [(&str, ActivityKind); 3] =
    [("fill", ActivityKind::Fill), ("fee", ActivityKind::Fee), ("transfer", ActivityKind::Transfer)];

// As the documents describe it; `activities_body` writes it.
/// Something that moved an account's cash. What does not apply is null.
#[derive(ToSchema)]
#[schema(as = Activity)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireActivity {
    /// By what it is known: the number of its change, and a place where that is not the first that the change tells.
    #[schema(example = "12")]
    id: String,
    /// The number of the change.
    #[schema(minimum = 1)]
    number: u64,
    /// What it was.
    kind: WireActivityKind,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// By how much the cash changed; below zero what was paid.
    #[schema(example = "-133.45623")]
    amount: String,
    /// The code of its currency.
    #[schema(required = true, example = "USD")]
    currency: Option<String>,
    /// The account's order that traded; the house has none.
    #[schema(required = true)]
    order_id: Option<Uuid>,
    /// What was traded.
    #[schema(required = true, example = "EURUSD")]
    symbol: Option<String>,
    /// Which side the account was on.
    #[schema(required = true)]
    side: Option<WireSide>,
    /// The trade.
    #[schema(required = true, example = "12")]
    trade_id: Option<String>,
    /// Of a fill: the price, with the decimals of the tick.
    #[schema(required = true, example = "1.08501")]
    price: Option<String>,
    /// Of a fill: how much.
    #[schema(required = true, example = "123")]
    qty: Option<String>,
    /// Of a fill: how much of the order had traded with it.
    #[schema(required = true, example = "123")]
    cumulative_qty: Option<String>,
    /// Of a fill: how much of the order was left then. Null also where that is no longer kept.
    #[schema(required = true, example = "0")]
    left_qty: Option<String>,
    /// Of a fill: whether the order rested, or came later.
    #[schema(required = true)]
    liquidity: Option<WireLiquidity>,
}

/// What moves an account's cash.
#[derive(ToSchema)]
#[schema(as = ActivityKind, rename_all = "lowercase")]
#[expect(dead_code, reason = "described here, written by name")]
pub(crate) enum WireActivityKind {
    Fill,
    Fee,
    Transfer,
}

/// By what an activity is known, and a list goes on after it.
pub(crate) fn activity_id(activity: &Activity) -> String {
    match activity.place {
        0 => activity.number.0.to_string(),
        place => format!("{}.{place}", activity.number.0),
    }
}

fn write_activity((activity, currency): &Coded, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("id", &activity_id(activity));
    json.number("number", activity.number.0);
    json.plain("kind", name_of(&KINDS, &activity.kind()));
    json.time("at", activity.at);
    json.decimal("amount", activity.amount);
    match currency {
        Some(code) => json.plain("currency", code.as_str()),
        None => json.null("currency"),
    }
    match activity.part() {
        Some(part) => write_part(part, &mut json),
        None => ["order_id", "symbol", "side", "trade_id"].iter().for_each(|name| json.null(name)),
    }
    match &activity.what {
        Moved::Fill(part) => write_fill(part, &mut json),
        Moved::Fee(_) | Moved::Transfer(_) => {
            ["price", "qty", "cumulative_qty", "left_qty", "liquidity"].iter().for_each(|name| json.null(name));
        }
    }
    json.end();
}

fn write_part(part: &Part, json: &mut Object<'_>) {
    match part.order {
        Some(order) => json.id("order_id", order.id),
        None => json.null("order_id"),
    }
    json.plain("symbol", part.symbol.as_str());
    json.plain("side", side_name(part.side));
    json.decimal("trade_id", part.trade.0);
}

fn write_fill(part: &Part, json: &mut Object<'_>) {
    let quantity = |lots: u128| part.lot.times(lots);
    json.decimal("price", Price(part.tick, part.ticks));
    write_decimal("qty", quantity(part.lots), json);
    write_decimal("cumulative_qty", part.filled.and_then(quantity), json);
    write_decimal("left_qty", part.left.and_then(quantity), json);
    json.plain("liquidity", liquidity_name(part.is_maker));
}

pub(crate) fn activities_body(activities: &[Coded]) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + 384 * activities.len());
    write_list(&mut body, activities, write_activity);
    body
}

/// Which activities of an account a list is asked for.
pub(crate) fn read_activities_query(query: &str, account: AccountNumber) -> Result<ReadActivities, ApiError> {
    let mut flaws = Vec::new();
    let limit = read_page_limit(query, &mut flaws);
    let (mut kind, mut after) = (None, None);
    if let Some(text) = parameter(query, "kind") {
        kind = read_kind(&text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    if let Some(text) = parameter(query, "after") {
        after = read_id(&text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
    }
    let direction = parameter(query, "order").map(|text| read_direction(&text)).transpose();
    let direction = direction.unwrap_or_else(|flaw| note(&mut flaws, flaw)).unwrap_or_default();
    refuse(flaws).map(|()| ReadActivities { account, kind, after, direction, limit })
}

/// A kind, or its plural.
fn read_kind(text: &str) -> Result<ActivityKind, Flaw> {
    let found = KINDS.iter().find(|(name, _)| *name == text.strip_suffix('s').unwrap_or(text));
    let msg = || one_of(KINDS.iter().map(|kind| kind.0));
    found.map(|kind| kind.1).ok_or_else(|| Flaw::in_query("enum", "kind", msg(), text))
}

fn read_id(text: &str) -> Result<(Number, u32), Flaw> {
    let (number, place) = text.split_once('.').unwrap_or((text, "0"));
    let place = read_number(place).and_then(|place| u32::try_from(place).ok());
    let msg = "Input should be the id of an activity, such as 12 or 12.1";
    let flaw = || Flaw::in_query("activity_id", "after", msg, text);
    read_number(number).map(Number).zip(place).ok_or_else(flaw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_number_and_a_place_where_that_is_not_the_first() {
        for (text, expected) in [
            ("12", Some((12, 0))),
            ("12.0", Some((12, 0))),
            ("12.1", Some((12, 1))),
            ("0", Some((0, 0))),
            ("", None),
            (".1", None),
            ("12.", None),
            ("12.1.1", None),
            ("12.4294967296", None),
            ("-1", None),
        ] {
            assert_eq!(read_id(text).ok().map(|(number, place)| (number.0, place)), expected, "{text}");
        }
    }
}

//! Query parameters: those of `GET /orders` and of `/ws`. Unknown ones are ignored; of one that is given twice the
//! last counts.

use std::borrow::Cow;

use tradepit_actors::{AccountIds, Start};
use tradepit_engine::{
    AccountNumber, ChangeFilter, Clearing, Direction, Label, Name, OrderFilter, OrderId, Seq, State, Status, Symbol,
    Time,
};

use super::announcement::Format;
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, label_flaw, one_of, symbol_flaw};
use super::id::WireId;
use super::terms::{SIDES, state_of, trading_account};
use crate::time;

/// How many orders a list shows at most (contract, "Routes").
pub(crate) const LIST_AT_MOST: usize = 1_000;

/// What `GET /orders` is asked for.
#[derive(Debug)]
pub(crate) struct ListQuery {
    pub(crate) limit: usize,
    pub(crate) start: Start,
    /// The text of `after`, for the flaw when it names no order.
    pub(crate) after: Option<String>,
    /// Only the order that has all of these names, where there are any.
    pub(crate) names: Vec<Name>,
    pub(crate) filter: OrderFilter,
    pub(crate) direction: Direction,
}

/// What `/ws` is asked for.
#[derive(Debug)]
pub(crate) struct SubscribeQuery {
    pub(crate) format: Format,
    pub(crate) filter: ChangeFilter,
    pub(crate) past: Past,
    /// Whether refused requests are told too.
    pub(crate) rejects: bool,
    /// The venue that the client means.
    pub(crate) venue: Option<String>,
}

/// What a subscriber is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    None,
    /// The changes after this one (`since`).
    Since(Seq),
    /// So many of the newest changes (`last`).
    Last(u64),
}

impl ListQuery {
    pub(crate) fn parse(query: &str, accounts: &AccountIds) -> Result<ListQuery, ApiError> {
        let mut flaws = Vec::new();
        let mut parsed = ListQuery {
            limit: LIST_AT_MOST,
            start: Start::First,
            after: None,
            names: Vec::new(),
            filter: OrderFilter::default(),
            direction: Direction::default(),
        };
        if let Some(limit) = parameter(query, "limit") {
            parsed.limit = read_limit("limit", &limit, LIST_AT_MOST).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        if let Some(after) = parameter(query, "after") {
            match WireId::parse(&after) {
                Some(id) => parsed.start = Start::After(id),
                None => flaws.push(unknown_after(&after)),
            }
            parsed.after = Some(after.into_owned());
        }
        if let Some(status) = parameter(query, "status") {
            parsed.filter.status = read_status(&status).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        if let Some(symbol) = parameter(query, "stoks") {
            parsed.filter.symbol =
                read_symbol("stoks", &symbol).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        read_rich_filters(query, &mut parsed.filter, &mut flaws, accounts);
        let account = parsed.filter.account.unwrap_or(Clearing::DEFAULT);
        for field in ["client_order_id", "idempotency_key"] {
            match parameter(query, field).map(|text| read_name(field, &text)) {
                Some(Ok(label)) if field == "client_order_id" => {
                    parsed.names.push(Name::ClientOrderId(label).in_account(account));
                }
                Some(Ok(label)) => parsed.names.push(Name::IdempotencyKey(label).in_account(account)),
                Some(Err(flaw)) => flaws.push(flaw),
                None => {}
            }
        }
        for (field, time) in [("from", &mut parsed.filter.from), ("until", &mut parsed.filter.until)] {
            if let Some(text) = parameter(query, field) {
                *time = read_time(field, &text).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
            }
        }
        if let Some(direction) = parameter(query, "order") {
            parsed.direction = read_direction(&direction).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        refuse(flaws).map(|()| parsed)
    }
}

impl SubscribeQuery {
    pub(crate) fn parse(query: &str) -> Result<SubscribeQuery, ApiError> {
        let mut flaws = Vec::new();
        let venue = parameter(query, "venue").map(Cow::into_owned);
        let (format, filter) = (Format::Text, ChangeFilter::default());
        let mut parsed = SubscribeQuery { format, filter, past: Past::None, rejects: false, venue };
        if let Some(format) = parameter(query, "format") {
            match &*format {
                "json" => parsed.format = Format::Json,
                "text" => {}
                _ => flaws.push(Flaw::in_query("enum", "format", "Input should be 'text' or 'json'", &format)),
            }
        }
        if let Some(id) = parameter(query, "order_id") {
            parsed.filter.order = read_order_id(&id).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        if let Some(symbol) = parameter(query, "stoks") {
            parsed.filter.symbol =
                read_symbol("stoks", &symbol).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        if let Some(rejects) = parameter(query, "rejects") {
            parsed.rejects = read_rejects(&rejects, parsed.format).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        parsed.past = read_past(query, parsed.format).unwrap_or_else(|more| {
            flaws.extend(more);
            Past::None
        });
        refuse(flaws).map(|()| parsed)
    }

    /// What is asked for of which nothing is said but which venue is meant.
    pub(crate) fn of_venue(venue: Option<String>) -> SubscribeQuery {
        let filter = ChangeFilter::default();
        SubscribeQuery { format: Format::Json, filter, past: Past::None, rejects: false, venue }
    }

    /// Refuses a client that means another venue: its numbers are not of this one.
    pub(crate) fn require_venue(&self, id: &str) -> Result<(), ApiError> {
        let Some(venue) = self.venue.as_deref().filter(|venue| *venue != id) else { return Ok(()) };
        let msg = format!("This is another venue, {id}: begin anew");
        refuse(vec![Flaw::in_query("another_venue", "venue", msg, venue)])
    }

    /// The flaw of a `since` that lies in the future.
    pub(crate) fn since_too_new(since: Seq, newest: Seq) -> ApiError {
        let msg = format!("Input should be less than or equal to {}, the newest change", newest.0);
        ApiError::Invalid(Flaws { detail: vec![Flaw::in_query("less_than_equal", "since", msg, &since.0.to_string())] })
    }
}

/// Which orders `DELETE /open-orders` is asked to cancel.
pub(crate) fn read_cancel_filter(query: &str, accounts: &AccountIds) -> Result<OrderFilter, ApiError> {
    let (mut flaws, mut filter) = (Vec::new(), OrderFilter::default());
    for field in ["symbol", "stoks"] {
        if let Some(symbol) = parameter(query, field) {
            filter.symbol = read_symbol(field, &symbol).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
    }
    read_rich_filters(query, &mut filter, &mut flaws, accounts);
    refuse(flaws).map(|()| filter)
}

/// Reads the filters by what only rich orders tell; native ones have it too.
fn read_rich_filters(query: &str, filter: &mut OrderFilter, flaws: &mut Vec<Flaw>, accounts: &AccountIds) {
    if let Some(text) = parameter(query, "state") {
        filter.state = state_of(&text);
        if filter.state.is_none() {
            flaws.push(Flaw::in_query("enum", "state", one_of(State::ALL.iter().map(|state| state.name())), &text));
        }
        // Who looks for orders of a status, of which a state is a part, need not look at the others.
        filter.status = filter.status.or(filter.state.map(State::status));
    }
    if let Some(text) = parameter(query, "side") {
        filter.side = SIDES.iter().find(|side| side.0 == text).map(|side| side.1);
        if filter.side.is_none() {
            flaws.push(Flaw::in_query("enum", "side", one_of(SIDES.iter().map(|side| side.0)), &text));
        }
    }
    if let Some(text) = parameter(query, "account") {
        filter.account = read_account(&text, accounts).map(Some).unwrap_or_else(|flaw| note(flaws, flaw));
    }
}

/// An account that takes orders, by its id.
pub(super) fn read_account(text: &str, accounts: &AccountIds) -> Result<AccountNumber, Flaw> {
    let msg = "Input should be the id of an account that takes orders";
    trading_account(accounts, text).ok_or_else(|| Flaw::in_query("unknown_account", "account", msg, text))
}

/// Reads `since` and `last`, of which at most one may be given.
fn read_past(query: &str, format: Format) -> Result<Past, Vec<Flaw>> {
    let (since, last) = (parameter(query, "since"), parameter(query, "last"));
    let mut flaws = Vec::new();
    let mut past = Past::None;
    if let Some(text) = &since {
        match read_number(text) {
            None => {
                let msg = "Input should be a sequence number: an integer of 0 or more";
                flaws.push(Flaw::in_query("int_parsing", "since", msg, text));
            }
            Some(_) if format != Format::Json => {
                flaws.push(Flaw::in_query("since_needs_json", "since", "A replay needs format=json", text));
            }
            Some(number) => past = Past::Since(Seq(number)),
        }
    }
    if let Some(text) = &last {
        match read_number(text) {
            None => {
                let msg = "Input should be a number of changes: an integer of 0 or more";
                flaws.push(Flaw::in_query("int_parsing", "last", msg, text));
            }
            Some(_) if since.is_some() => {
                let msg = "Give either last or since: both say where to begin";
                flaws.push(Flaw::in_query("last_beside_since", "last", msg, text));
            }
            Some(_) if format != Format::Json => {
                flaws.push(Flaw::in_query("last_needs_json", "last", "A replay needs format=json", text));
            }
            Some(count) => past = Past::Last(count),
        }
    }
    if flaws.is_empty() { Ok(past) } else { Err(flaws) }
}

fn read_rejects(text: &str, format: Format) -> Result<bool, Flaw> {
    match text {
        "true" if format == Format::Json => Ok(true),
        "true" => Err(Flaw::in_query("rejects_needs_json", "rejects", "Rejects are told with format=json only", text)),
        "false" => Ok(false),
        _ => Err(Flaw::in_query("enum", "rejects", "Input should be 'true' or 'false'", text)),
    }
}

/// Digits, and nothing else: no sign, no space.
pub(super) fn read_number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| is_digits(text))
}

/// The flaw of an `after` that names no order.
pub(crate) fn unknown_after(after: &str) -> Flaw {
    Flaw::in_query("unknown_order", "after", "Input should be the id of an order", after)
}

/// The value of the last parameter of this name, decoded.
pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).last().map(|(_, value)| value)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// At least 1; what is above the limit means the limit.
pub(crate) fn read_limit(field: &'static str, text: &str, at_most: usize) -> Result<usize, Flaw> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !is_digits(digits) {
        return Err(Flaw::in_query("int_parsing", field, "Input should be a valid integer", text));
    }
    if digits.len() < text.len() || digits.bytes().all(|byte| byte == b'0') {
        let msg = "Input should be greater than or equal to 1";
        return Err(Flaw::in_query("greater_than_equal", field, msg, text));
    }
    // A number too long to read is above the limit too.
    Ok(digits.parse().unwrap_or(at_most).min(at_most))
}

/// The rule for a symbol is that of the body, on every route.
pub(super) fn read_symbol(field: &'static str, text: &str) -> Result<Symbol, Flaw> {
    Symbol::new(text).map_err(|invalid| {
        let (kind, msg) = symbol_flaw(invalid);
        Flaw::in_query(kind, field, msg, text)
    })
}

fn read_name(field: &'static str, text: &str) -> Result<Label, Flaw> {
    Label::new(text).map_err(|invalid| {
        let (kind, msg) = label_flaw(invalid);
        Flaw::in_query(kind, field, msg, text)
    })
}

pub(super) fn read_time(field: &'static str, text: &str) -> Result<Time, Flaw> {
    time::parse(text).ok_or_else(|| Flaw::in_query("datetime_parsing", field, time::EXPECTED, text))
}

pub(super) fn read_direction(text: &str) -> Result<Direction, Flaw> {
    match text {
        "asc" => Ok(Direction::OldestFirst),
        "desc" => Ok(Direction::NewestFirst),
        _ => Err(Flaw::in_query("enum", "order", "Input should be 'asc' or 'desc'", text)),
    }
}

fn read_order_id(text: &str) -> Result<OrderId, Flaw> {
    let flaw = || Flaw::in_query("uuid_parsing", "order_id", "Input should be a valid UUID", text);
    WireId::parse(text).ok_or_else(flaw)
}

fn read_status(text: &str) -> Result<Status, Flaw> {
    match text {
        "PENDING" => Ok(Status::Pending),
        "EXECUTED" => Ok(Status::Executed),
        "CANCELLED" => Ok(Status::Cancelled),
        _ => {
            let msg = "Input should be 'PENDING', 'EXECUTED' or 'CANCELLED'";
            Err(Flaw::in_query("enum", "status", msg, text))
        }
    }
}

/// Keeps the flaw; the value does not matter any more.
pub(crate) fn note<T: Default>(flaws: &mut Vec<Flaw>, flaw: Flaw) -> T {
    flaws.push(flaw);
    T::default()
}

pub(crate) fn refuse(detail: Vec<Flaw>) -> Result<(), ApiError> {
    if detail.is_empty() { Ok(()) } else { Err(ApiError::Invalid(Flaws { detail })) }
}

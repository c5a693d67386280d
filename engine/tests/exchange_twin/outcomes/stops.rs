//! The kinds of outcome of orders that wait for a price.

use tradepit_engine::{
    Body, Command, Event, Followed, Number, OrderRef, OrderType, Rejection, Side, Terms, Then, Trail, Triggered,
};

use crate::naive::{Entry, Naive};

pub(super) fn arrives(own: Option<&Entry>, twin: &Naive) -> Vec<&'static str> {
    let Some(Entry { symbol, terms, .. }) = own else { return vec![] };
    let waits = match terms.order_type {
        OrderType::Stop { .. } => "a stop order waits",
        OrderType::StopLimit { .. } => "a stop limit order waits",
        _ => "a trailing stop order waits",
    };
    let trails = matches!(terms.order_type, OrderType::TrailingStop { .. });
    let is_empty = trails && twin.offered(*symbol, terms.side.other(), twin.last_at).is_empty();
    std::iter::once(waits).chain(is_empty.then_some("nothing to follow yet")).collect()
}

pub(super) fn amends(own: Option<&Entry>, now: &Terms) -> &'static str {
    if own.is_some_and(|own| own.terms.order_type != now.order_type) {
        "amended to another price as it waited"
    } else {
        "amended as it waited"
    }
}

pub(super) fn follows(followed: &Followed, own: &Entry) -> Vec<&'static str> {
    let by = match own.terms.order_type {
        OrderType::TrailingStop { trail: Trail::Ticks(_) } => "follows by price",
        _ => "follows by percent",
    };
    let of_side = if own.terms.side == Side::Buy { "follows the ask" } else { "follows the bid" };
    let is_on = own.mark.is_some_and(|mark| mark != followed.mark);
    vec![by, of_side, if is_on { "follows on" } else { "begins to follow" }]
}

pub(super) fn triggers(event: &Event, triggered: &Triggered, own: Option<&Entry>, twin: &Naive) -> Vec<&'static str> {
    let Some(own) = own else { return vec![] };
    let kind = match (own.terms.order_type, triggered.rests) {
        (OrderType::TrailingStop { .. }, _) => "a trailing stop triggered",
        (OrderType::StopLimit { .. }, true) => "triggered to rest",
        (OrderType::StopLimit { .. }, false) => "a stop limit triggered",
        _ => "a stop triggered",
    };
    let side = if own.terms.side == Side::Buy { "who buys is triggered" } else { "who sells is triggered" };
    // Nothing happened since it arrived.
    let at_once = own.shown().rich.is_some_and(|rich| rich.progress.line == Some(Number(event.number.0 - 1)));
    let is_of_house = !twin.offered(own.symbol, Side::Buy, event.at.0).is_empty();
    let met = [kind, side, if at_once { "triggered on arrival" } else { "triggered after a wait" }].into_iter();
    met.chain((!is_of_house).then_some("triggered in an empty book")).collect()
}

/// What came about by one command that triggers somebody: whether something was to follow at once before it, and who of
/// all that were to be triggered.
pub(crate) fn met_by_triggers(
    done: &Result<Vec<Event>, Rejection>,
    acted_now: bool,
    to_trigger: &[(u64, Option<u64>, Side)],
) -> Vec<&'static str> {
    let mut met = Vec::new();
    let first = done.as_ref().ok().and_then(|events| events.first()).map(|event| &event.body);
    if let (Some(Body::Followed(_)), false) = (first, acted_now) {
        met.push("what is back is followed");
    }
    if let (Some(Body::Triggered(_)), [next, others @ ..]) = (first, to_trigger) {
        met.extend(others.iter().any(|other| other.0 == next.0).then_some("two at one distance"));
        met.extend(others.iter().any(|other| other.1 < next.1).then_some("a nearer one that came later"));
        met.extend(others.iter().any(|other| other.2 != next.2).then_some("one that buys beside one that sells"));
    }
    met
}

/// What came about by a command and all that followed from it at once.
pub(crate) fn met_in_all(command: &Command, events: &[Event]) -> Vec<&'static str> {
    let triggered = |event: &Event| match &event.body {
        Body::Triggered(triggered) => Some(triggered.order),
        _ => None,
    };
    let all: Vec<OrderRef> = events.iter().filter_map(triggered).collect();
    let mut met = Vec::new();
    let is_own = |accepted: Number| all.first().is_some_and(|order| order.accepted_number == accepted);
    met.extend((all.len() > 2).then_some("a cascade"));
    met.extend(match command {
        _ if all.is_empty() => None,
        Command::ChangeInstrument { .. } => Some("triggered by an opening"),
        Command::Quote { .. } => Some("triggered by a quote"),
        Command::Cancel { .. } => Some("triggered by a cancellation"),
        Command::Amend { accepted_number, .. } if is_own(*accepted_number) => Some("triggered by its amendment"),
        Command::Amend { .. } => Some("triggered by another's amendment"),
        Command::ExecuteDue | Command::Submit(_) => Some("triggered by what was due"),
        Command::SubmitGroup(_)
        | Command::List { .. }
        | Command::AppendRows { .. }
        | Command::DropRows { .. }
        | Command::Replace(_)
        | Command::Act { .. }
        | Command::OpenAccount(_)
        | Command::Transfer(_)
        | Command::SetRules { .. }
        | Command::Decided(_) => None,
    });
    let goes_on = |event: &Event| matches!(&event.body, Body::Filled(own) if !own.is_maker && own.then == Then::GoesOn);
    let in_pieces = all.iter().any(|order| events.iter().any(|event| event.order() == Some(*order) && goes_on(event)));
    met.extend(in_pieces.then_some("in pieces once triggered"));
    met
}

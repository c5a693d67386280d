//! What of orders in place of others is met.

use tradepit_engine::{Body, Command, Event, GroupClass, State};

use crate::naive::Entry;

/// How the order stood that is replaced.
pub(super) fn replaces(own: &Entry) -> Vec<&'static str> {
    let of_state = match (own.state, own.is_rich) {
        (State::Accepted, false) => "a native order replaced",
        (State::Accepted, true) if own.outside => "replaced outside",
        (State::Accepted, true) => "replaced on its way",
        (State::Held, _) => "a held leg replaced",
        (State::PartiallyFilled, _) => "replaced partly filled",
        (_, _) if own.waits() => "replaced as it waited",
        (_, _) => "replaced in the book",
    };
    let of_group = own.group.map(|group| match (group.class, group.is_leg()) {
        (GroupClass::Oco, _) => "one of an oco replaced",
        (_, true) => "a leg replaced",
        (_, false) if own.filled > 0 => "a parent replaced partly filled",
        (_, false) => "a parent replaced",
    });
    let again = own.replaces.map(|_| "replaced again");
    [Some(of_state), of_group, again].into_iter().flatten().collect()
}

/// What becomes of the one that comes in place of it.
pub(super) fn in_place(command: &Command, events: &[Event], before: &[Entry]) -> Vec<&'static str> {
    let of_legs =
        matches!(command, Command::Replace(_)) && events.iter().any(|event| matches!(event.body, Body::Amended(_)));
    let arrives = events.iter().filter_map(|event| match &event.body {
        Body::Arrived(arrived) => {
            let own = before.iter().find(|entry| entry.accepted == arrived.order.accepted_number.0)?;
            own.replaces.map(|_| match (own.outside, arrived.rests) {
                (true, _) => "came from outside in place of another",
                (false, true) => "rests in place of another",
                (false, false) => "trades in place of another",
            })
        }
        _ => None,
    });
    of_legs.then_some("legs amended with what was replaced").into_iter().chain(arrives).collect()
}

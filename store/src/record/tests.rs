//! Records under arbitrary events, and under arbitrary bytes.

use std::fmt::Debug;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tradepit_engine::{
    Accepted, Body, Event, Label, Number, Order, OrderId, OrderRef, Origin, Quantity, State, Symbol, Time,
};

use super::{Misread, VERSION, end_list, push_event, push_order, read_events, read_orders};

/// What texts are spoiled with: every byte that means something in a record, and some that mean nothing.
const BYTES: &[u8] = b"[]\",\\ 0123456789-abfnul:{}.e+Zz~\n\x00";

fn any_time() -> impl Strategy<Value = Time> {
    prop_oneof![any::<i64>(), 0..2_000_000_000_000_000_i64].prop_map(Time)
}

/// Numbers of changes stay below 2^63.
fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![1..u64::MAX >> 1, 1..100_u64].prop_map(Number)
}

fn any_origin() -> impl Strategy<Value = Option<Arc<Origin>>> {
    let key = || option::of(prop_oneof!["[!-~]{1,9}", "[\"\\\\]{1,4}", "[!-~]{255}", "null"]);
    (key(), key()).prop_map(|names| {
        let [client_order_id, idempotency_key] =
            <[_; 2]>::from(names).map(|name| Some(Label::new(&name?).expect("a key")));
        Origin::new(client_order_id, idempotency_key)
    })
}

fn any_order() -> impl Strategy<Value = OrderRef> {
    let quantity = prop_oneof![1..=Quantity::MAX, 1..1_000_u64];
    (any_number(), any::<[u8; 16]>(), "[A-Za-z0-9._/-]{1,32}", quantity).prop_map(
        |(accepted_number, id, symbol, quantity)| {
            let (symbol, quantity) =
                (Symbol::new(&symbol).expect("a symbol"), Quantity::new(quantity).expect("in range"));
            OrderRef { accepted_number, id: OrderId(id), symbol, quantity }
        },
    )
}

fn any_body() -> impl Strategy<Value = Body> {
    let accepted = (any_order(), any_time(), any_origin()).prop_map(|(order, due_at, origin)| {
        let OrderRef { id, symbol, quantity, .. } = order;
        Body::Accepted(Accepted { id, symbol, quantity, due_at, origin })
    });
    prop_oneof![accepted, any_order().prop_map(Body::Executed), any_order().prop_map(Body::Cancelled)]
}

/// The number and the time of a row, and its events.
fn any_events() -> impl Strategy<Value = (Number, Time, Vec<Event>)> {
    (any_number(), any_time(), vec((any_time(), any_body()), 1..5)).prop_map(|(first, row_at, events)| {
        let numbered = |(number, (at, body))| Event { number: Number(first.0 + number), at, body };
        (first, row_at, (0..).zip(events).map(numbered).collect())
    })
}

fn any_orders() -> impl Strategy<Value = Vec<Order>> {
    let order = (any_order(), any_body(), any_time(), any_time(), any_number(), any_origin());
    let order = order.prop_map(|(of, closing, accepted_at, at, closed_number, origin)| {
        let OrderRef { accepted_number, id, symbol, quantity } = of;
        let (state, number, due_at) = match closing {
            Body::Accepted(accepted) => (State::Pending, accepted_number, accepted.due_at),
            Body::Executed(_) => (State::Executed { at }, closed_number, at),
            Body::Cancelled(_) => (State::Cancelled { at }, closed_number, accepted_at),
        };
        Order { id, symbol, quantity, accepted_at, accepted_number, due_at, state, number, origin }
    });
    vec(order, 1..5)
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Edit {
    Put(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Cut(Index),
    /// The bytes from one place to another stand twice.
    Repeat(Index, Index),
}

fn any_edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = any::<Index>;
    let byte = || select(BYTES);
    let edit = prop_oneof![
        4 => (at(), byte()).prop_map(|(at, byte)| Edit::Put(at, byte)),
        4 => (at(), byte()).prop_map(|(at, byte)| Edit::Insert(at, byte)),
        4 => at().prop_map(Edit::Remove),
        1 => at().prop_map(Edit::Cut),
        1 => (at(), at()).prop_map(|(from, to)| Edit::Repeat(from, to)),
    ];
    vec(edit, 1..4)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let length = bytes.len();
        match edit {
            _ if length == 0 => break,
            Edit::Put(at, byte) => bytes[at.index(length)] = *byte,
            Edit::Insert(at, byte) => bytes.insert(at.index(length + 1), *byte),
            Edit::Remove(at) => drop(bytes.remove(at.index(length))),
            Edit::Cut(at) => bytes.truncate(at.index(length)),
            Edit::Repeat(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let again = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(from.max(to)..from.max(to), again);
            }
        }
    }
    String::from_utf8(bytes).expect("it was ASCII")
}

fn write_events(events: &[Event], row_at: Time) -> String {
    let mut records = Vec::new();
    events.iter().for_each(|event| push_event(&mut records, event, row_at));
    end_list(&mut records).to_owned()
}

fn write_orders(orders: &[Order]) -> String {
    let mut records = Vec::new();
    orders.iter().for_each(|order| push_order(&mut records, order));
    end_list(&mut records).to_owned()
}

/// Requires of any text that it is refused, or read as that of which it is the one record.
fn is_itself_or_refused<T: Debug>(
    text: &str,
    read: impl Fn(usize) -> Result<Vec<T>, Misread>,
    write: impl Fn(&[T]) -> String,
) -> Result<(), TestCaseError> {
    for count in 0..12 {
        match read(count) {
            Ok(found) => {
                prop_assert_eq!(found.len(), count);
                prop_assert_eq!(write(&found), text, "it was read as {:?}", found);
            }
            Err(misread) => prop_assert!(!matches!(misread, Misread::Version(_)), "{misread:?}"),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_are_read_as_they_were_written((first, row_at, events) in any_events()) {
        let text = write_events(&events, row_at);
        prop_assert_eq!(read_events(VERSION, &text, first, events.len(), row_at), Ok(events));
    }

    #[test]
    fn orders_are_read_as_they_were_written(orders in any_orders()) {
        let text = write_orders(&orders);
        prop_assert_eq!(read_orders(VERSION, &text, orders.len()), Ok(orders));
    }

    #[test]
    fn what_no_event_is_written_as_is_refused((first, row_at, events) in any_events(), edits in any_edits()) {
        let text = edited(&write_events(&events, row_at), &edits);
        let read = |count| read_events(VERSION, &text, first, count, row_at);
        is_itself_or_refused(&text, read, |events| write_events(events, row_at))?;
    }

    #[test]
    fn what_no_order_is_written_as_is_refused(orders in any_orders(), edits in any_edits()) {
        let text = edited(&write_orders(&orders), &edits);
        is_itself_or_refused(&text, |count| read_orders(VERSION, &text, count), write_orders)?;
    }

    #[test]
    fn bytes_of_anything_are_refused(bytes in vec(select(BYTES), 0..60), wild in any::<String>()) {
        for text in [String::from_utf8(bytes).expect("they are ASCII"), wild] {
            for count in 0..5 {
                prop_assert_eq!(read_events(VERSION, &text, Number(1), count, Time(0)), Err(Misread::Garbled));
                prop_assert_eq!(read_orders(VERSION, &text, count), Err(Misread::Garbled));
            }
        }
    }

    #[test]
    fn a_version_that_is_not_known_is_told((first, row_at, events) in any_events(), version in any::<i64>()) {
        prop_assume!(version != VERSION);
        let text = write_events(&events, row_at);
        let read = read_events(version, &text, first, events.len(), row_at);
        prop_assert_eq!(read, Err(Misread::Version(version)));
    }

    /// Whatever follows the kind: it may have other places.
    #[test]
    fn a_kind_that_is_not_known_is_told((first, row_at, events) in any_events(), kind in any::<i64>()) {
        prop_assume!(!(0..=2).contains(&kind));
        let known = write_events(&events, row_at);
        let text = format!("[[{kind}{}", &known["[[0".len()..]);
        let read = read_events(VERSION, &text, first, events.len(), row_at);
        prop_assert_eq!(read, Err(Misread::Kind { number: first, kind }));
    }

    /// Whatever follows the state.
    #[test]
    fn a_state_that_is_not_known_is_told(orders in any_orders(), kind in any::<i64>()) {
        prop_assume!(!(0..=2).contains(&kind));
        let last = orders.len() - 1;
        let known = write_orders(&orders[last..]);
        // The seventh place. No text before it has a comma.
        let places: Vec<&str> = known.split(',').collect();
        let text = [&places[..6], &[&*kind.to_string(), "{}]]"]].concat().join(",");
        let accepted_number = orders[last].accepted_number;
        prop_assert_eq!(read_orders(VERSION, &text, 1), Err(Misread::State { accepted_number, kind }));
    }
}

//! Records under arbitrary events, and under arbitrary bytes.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tradepit_engine::{Body, Event, Number, Order, Seq, Time};
use tradepit_kit::Dice;

use super::samples::{self, KINDS};
use super::{
    Misread, VERSION, end_list, push_account, push_event, push_listing, push_order, read_account, read_events,
    read_listing, read_orders, text_of, version_2,
};

/// What texts are spoiled with: every byte that means something in a record, and some that mean nothing.
const BYTES: &[u8] = b"[]\",\\ 0123456789-abfnul:{}.e+Zz~\n\x00";

/// The numbers before a row and its time, and its events.
fn any_events() -> impl Strategy<Value = ((Number, Seq), Time, Vec<Event>)> {
    any::<u64>().prop_map(|seed| samples::events(&mut Dice::seeded(seed)))
}

fn any_orders() -> impl Strategy<Value = Vec<Order>> {
    any::<u64>().prop_map(|seed| samples::orders(&mut Dice::seeded(seed)))
}

fn changes(events: &[Event]) -> u64 {
    events.iter().map(|event| event.body.changes()).sum()
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
    String::from_utf8_lossy(&bytes).into_owned()
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
    count_of: impl Fn(&[T]) -> usize,
    write: impl Fn(&[T]) -> String,
) -> Result<(), TestCaseError> {
    for count in 0..12 {
        match read(count) {
            Ok(found) => {
                prop_assert_eq!(count_of(&found), count);
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
    fn events_are_read_as_they_were_written((before, row_at, events) in any_events()) {
        let text = write_events(&events, row_at);
        prop_assert_eq!(read_events(VERSION, &text, before, changes(&events), row_at), Ok(events));
    }

    #[test]
    fn orders_are_read_as_they_were_written(orders in any_orders()) {
        let text = write_orders(&orders);
        prop_assert_eq!(read_orders(VERSION, &text, orders.len()), Ok(orders));
    }

    #[test]
    fn what_no_event_is_written_as_is_refused((before, row_at, events) in any_events(), edits in any_edits()) {
        let text = edited(&write_events(&events, row_at), &edits);
        let read = |count| read_events(VERSION, &text, before, count as u64, row_at);
        is_itself_or_refused(&text, read, |events| changes(events) as usize, |events| write_events(events, row_at))?;
    }

    #[test]
    fn what_no_order_is_written_as_is_refused(orders in any_orders(), edits in any_edits()) {
        let text = edited(&write_orders(&orders), &edits);
        is_itself_or_refused(&text, |count| read_orders(VERSION, &text, count), <[Order]>::len, write_orders)?;
    }

    #[test]
    fn what_is_listed_is_read_as_it_was_written_and_nothing_else_is(seed in any::<u64>(), edits in any_edits()) {
        let (listing, mut record) = (samples::listing(&mut Dice::seeded(seed)), Vec::new());
        push_listing(&mut record, &listing);
        let text = text_of(&record).to_owned();
        prop_assert_eq!(read_listing(VERSION, &text), Ok(listing));
        let text = edited(&text, &edits);
        if let Ok(found) = read_listing(VERSION, &text) {
            record.clear();
            push_listing(&mut record, &found);
            prop_assert_eq!(text_of(&record), text);
        }
    }

    #[test]
    fn an_account_is_read_as_it_was_written_and_nothing_else_is(seed in any::<u64>(), edits in any_edits()) {
        let (account, mut record) = (samples::account(&mut Dice::seeded(seed)), Vec::new());
        push_account(&mut record, &account);
        let text = text_of(&record).to_owned();
        prop_assert_eq!(read_account(VERSION, &text), Ok(account));
        let text = edited(&text, &edits);
        if let Ok(found) = read_account(VERSION, &text) {
            record.clear();
            push_account(&mut record, &found);
            prop_assert_eq!(text_of(&record), text);
        }
    }

    #[test]
    fn bytes_of_anything_are_refused(bytes in vec(select(BYTES), 0..60), wild in any::<String>()) {
        for text in [String::from_utf8(bytes).expect("they are ASCII"), wild] {
            for count in 0..5 {
                let read = read_events(VERSION, &text, (Number(0), Seq(0)), count, Time(0));
                prop_assert_eq!(read, Err(Misread::Garbled));
                prop_assert_eq!(read_orders(VERSION, &text, count as usize), Err(Misread::Garbled));
            }
            prop_assert_eq!(read_listing(VERSION, &text), Err(Misread::Garbled));
            prop_assert_eq!(read_account(VERSION, &text), Err(Misread::Garbled));
        }
    }

    #[test]
    fn a_version_that_is_not_known_is_told((before, row_at, events) in any_events(), version in any::<i64>()) {
        prop_assume!(version != VERSION);
        let text = write_events(&events, row_at);
        let read = read_events(version, &text, before, changes(&events), row_at);
        prop_assert_eq!(read, Err(Misread::Version(version)));
    }

    /// Whatever follows the kind: it may have other places.
    #[test]
    fn a_kind_that_is_not_known_is_told((before, row_at, events) in any_events(), kind in any::<i64>()) {
        prop_assume!(!(0..KINDS).contains(&kind));
        let known = write_events(&events, row_at);
        let text = format!("[[{kind}{}", &known[known.find(',').expect("a kind is followed")..]);
        let read = read_events(VERSION, &text, before, changes(&events), row_at);
        prop_assert_eq!(read, Err(Misread::Kind { number: before.0.next(), kind }));
    }

    /// Whatever follows the state.
    #[test]
    fn a_state_that_is_not_known_is_told(orders in any_orders(), kind in any::<i64>()) {
        prop_assume!(!(0..=6).contains(&kind));
        let last = orders.len() - 1;
        let known = write_orders(&orders[last..]);
        // The eighth place. No text before it has a comma.
        let places: Vec<&str> = known.split(',').collect();
        let text = [&places[..7], &[&*kind.to_string(), "{}]]"]].concat().join(",");
        let accepted_number = orders[last].accepted_number;
        prop_assert_eq!(read_orders(VERSION, &text, 1), Err(Misread::State { accepted_number, kind }));
    }

    /// Version 2 had no other kinds, and nothing rich: what it wrote is written so today.
    #[test]
    fn version_2_is_read_where_its_own_kinds_stand_alone((before, row_at, events) in any_events()) {
        let text = write_events(&events, row_at);
        let read = version_2::read_events(2, &text, before.0.next(), events.len(), row_at);
        let is_old = |event: &Event| match &event.body {
            Body::Accepted(accepted) => accepted.rich.is_none(),
            Body::Executed(_) | Body::Cancelled(_) => true,
            _ => false,
        };
        if events.iter().all(is_old) {
            let seqs_are_numbers = |event: Event| Event { seq: Seq(event.number.0), ..event };
            prop_assert_eq!(read, Ok(events.into_iter().map(seqs_are_numbers).collect()));
        } else {
            prop_assert!(read.is_err(), "{read:?}");
        }
    }
}

/// An order that is bought changes only what has room for it.
#[test]
fn a_native_order_takes_as_much_room_closed_as_open() {
    let accepted = tradepit_kit::accepted(12_345_678);
    let mut order = Order::accepted(&accepted, accepted.accepted().expect("it accepts one"));
    let open = write_orders(std::slice::from_ref(&order));
    assert!(order.change(&tradepit_kit::bought(12_400_000, 12_345_678)));
    let closed = write_orders(&[order]);
    assert_eq!(open.len(), closed.len(), "{open}\n{closed}");
    let begin = "[[12345678,12345678,12345678,\"01010101010101010101010101010101\",\"EURUSD\",5,0,";
    assert_eq!(open, [begin, "0,       0,     0,     0,      null]]"].concat());
    assert_eq!(closed, [begin, "3,   54322, 54322, 54322, \"1.08501\"]]"].concat());
}

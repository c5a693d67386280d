//! A change that cannot be kept ends the store: whoever waits is told once, and nothing half done stays.

use std::sync::Arc;

use tradepit_engine::{Body, Event, Number, OrderRef, Origin};
use tradepit_kit::Dice;
use tradepit_store::{Batch, Folder, Store, Stored};

use crate::agree::{agree, check_holds, is_recovered};
use crate::desk::{Desk, EVERYTHING};
use crate::life::{self, Life};
use crate::twin::Twin;

/// Appends good changes, then `bad` ones amid good ones, then good ones again.
fn fails(seed: u64, bad: impl FnOnce(&mut Life, &Twin) -> Batch) {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(seed), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    for _ in 0..5 {
        let batch = life.batch(8);
        twin.extend(&batch);
        desk.append(&batch);
    }
    let bad = bad(&mut life, &twin);
    desk.running.append(bad);
    (0..3).for_each(|_| desk.running.append(life.batch(3)));
    let (confirmed, error) = told_until_its_end(&desk);
    assert!(!error.contains('\n'), "{error:?}");
    assert!(confirmed.iter().all(|stored| stored.durable == twin.last_number()), "{confirmed:?}");
    desk.running.append(life.batch(3));
    desk.running.close();
    assert!(desk.confirmed.try_iter().next().is_none(), "told after its end");
    // What is durable can still be read.
    agree(&desk.running, &twin, &mut Dice::seeded(seed));

    check_holds(&Folder::new(dir.path()), &twin);
    let (mut desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
    is_recovered(&exchange, &recovered, &twin);
    life.take_over(exchange);
    let batch = life.batch(20);
    twin.extend(&batch);
    desk.append(&batch);
    agree(&desk.running, &twin, &mut Dice::seeded(seed));
    desk.close();
}

/// What is confirmed until the store says why it ends.
fn told_until_its_end(desk: &Desk) -> (Vec<Stored>, String) {
    let mut confirmed = Vec::new();
    loop {
        match desk.confirmed.recv().expect("the store tells its end") {
            Ok(stored) => confirmed.push(stored),
            Err(error) => return (confirmed, error.to_string()),
        }
    }
}

/// A batch of good changes with the last one changed.
fn with_last(batch: &Batch, change: impl FnOnce(&Event) -> Event) -> Batch {
    let (last, rest) = batch.split_last().unwrap();
    rest.iter().cloned().chain([change(last)]).collect()
}

#[test]
fn a_number_that_was_used_ends_the_store() {
    fails(81, |life, _| with_last(&life.patient(5), |last| Event { number: Number(1), ..last.clone() }));
}

#[test]
fn a_client_order_id_that_was_used_ends_the_store() {
    fails(82, |life, twin| {
        let origin = twin.orders.iter().find_map(|order| order.client_order_id().cloned());
        with_last(&life.patient(5), |last| life::named(last, Origin::new(origin, None)))
    });
}

#[test]
fn an_idempotency_key_that_was_used_ends_the_store() {
    fails(83, |life, twin| {
        let key = twin.orders.iter().find_map(|order| order.origin.as_ref()?.idempotency_key.clone());
        with_last(&life.patient(5), |last| life::named(last, Origin::new(None, key)))
    });
}

#[test]
fn a_number_that_leaves_a_gap_ends_the_store() {
    fails(84, |life, _| with_last(&life.patient(5), |last| Event { number: last.number.next(), ..last.clone() }));
}

#[test]
fn a_closing_of_nothing_ends_the_store() {
    fails(85, |life, _| {
        let patient = life.patient(1);
        with_last(&life.cancel(0), |last| {
            let order = OrderRef { accepted_number: patient[0].number.next(), ..last.order().unwrap() };
            Event { body: Body::Cancelled(order), ..last.clone() }
        })
    });
}

#[test]
fn tables_that_vanish_under_a_running_store_end_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life::new(86);
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.append(&life.batch(10));
    desk.settle();
    let other = rusqlite::Connection::open(desk.folder.database()).unwrap();
    other.execute_batch("DROP TABLE batches").unwrap();
    desk.running.append(Arc::clone(&life.batch(10)));
    let (confirmed, error) = told_until_its_end(&desk);
    assert!(confirmed.len() <= 1 && !error.contains('\n'), "{confirmed:?} {error}");
    desk.running.close();
    assert!(desk.confirmed.try_iter().next().is_none());
}

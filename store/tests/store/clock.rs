//! How far a virtual clock has come is kept, also where nothing happened by then.

use std::sync::mpsc::channel;

use tradepit_engine::Time;
use tradepit_store::{Archive, Store, check};

use crate::desk::{Desk, EVERYTHING};
use crate::life::{BEGINNING, Life};

/// Waits until it is kept that the clock has come so far.
fn keep(desk: &Desk, at: Time) {
    let (tell, told) = channel();
    desk.running.keep_clock(at, Box::new(move |kept| tell.send(kept.is_ok()).expect("somebody listens")));
    assert!(told.recv().expect("it answers"));
}

#[test]
fn a_clock_goes_on_where_it_was_and_never_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
    assert!(recovered.last_at < BEGINNING);
    keep(&desk, BEGINNING);
    keep(&desk, Time(BEGINNING.0 - 5));
    desk.close();
    let (mut desk, _, recovered) = Desk::open(dir.path(), EVERYTHING);
    assert_eq!(recovered.last_at, BEGINNING);
    let mut life = Life::new(3);
    life.take_over(exchange);
    let batch = life.batch(30);
    let newest = batch.last().expect("something happens").at;
    desk.append(&batch);
    desk.close();
    let (desk, _, recovered) = Desk::open(dir.path(), EVERYTHING);
    assert_eq!(recovered.last_at, newest.max(BEGINNING));
    let last = Time(newest.0 + 86_400_000_000);
    keep(&desk, last);
    desk.close();
    let (desk, _, recovered) = Desk::open(dir.path(), EVERYTHING);
    assert_eq!(recovered.last_at, last);
    let report = check::run(&Archive::open(&desk.folder).unwrap(), |_, _| {}).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
    desk.close();
}

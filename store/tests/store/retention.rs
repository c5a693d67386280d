//! What is no longer kept: gone with its changes, told as gone, and its client's name still taken.

use rusqlite::Connection;
use tradepit_engine::{Found, Label, Name, Number, Origin};
use tradepit_kit::Dice;
use tradepit_store::{Archive, Batch, Folder, Opened, Retain, Store};

use crate::agree::{Reads, agree, all_is_there, check_holds, is_recovered};
use crate::desk::{Desk, recover};
use crate::earlier::Sum;
use crate::image::Image;
use crate::life::{self, Life};
use crate::twin::Twin;
use crate::view;

/// Lives under a limit, with starts in between, and compares with the twin at every moment and in every image.
fn agrees_under(retain: Retain, seed: u64) -> Twin {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin, mut dice) = (Life::new(seed), Twin::default(), Dice::seeded(seed));
    for _ in 0..3 {
        let (mut desk, exchange, recovered) = Desk::open(dir.path(), retain);
        is_recovered(&exchange, &recovered, &twin);
        desk.counts(&twin);
        for _ in 0..3 {
            let loud = life.batch(60);
            let quiet = [life.patient(1), life.cancel(0), life.patient(2), life.cancel(1)];
            for batch in [loud].iter().chain(&quiet) {
                twin.extend(batch);
                desk.append(batch);
            }
            twin.trim(retain);
            desk.rest(&twin);
            desk.counts(&twin);
            agree(&desk.running, &twin, &mut dice);
            check_holds(&desk.folder, &twin);
            let image = Image::of(dir.path()).lay();
            let folder = Folder::new(image.path());
            all_is_there(&Archive::open(&folder).unwrap(), &twin);
            view::agrees(&folder.database(), &twin);
            let opened = Opened::open(&folder).unwrap();
            let (exchange, recovered) = recover(&opened).unwrap();
            is_recovered(&exchange, &recovered, &twin);
            check_holds(&folder, &twin);
        }
        desk.close();
    }
    twin
}

#[test]
fn orders_beyond_a_number_are_removed() {
    for (seed, orders) in [(51, 0), (52, 1), (53, 60)] {
        let twin = agrees_under(Retain { orders: Some(orders), age_us: None }, seed);
        assert!(twin.retired.len() > 20 && twin.open_orders() > 5, "{} gone", twin.retired.len());
        // Open orders are not counted, and the newest change stays.
        assert!(twin.orders.len() - twin.open_orders() <= orders as usize + 1);
    }
}

#[test]
fn orders_beyond_an_age_are_removed() {
    for (seed, age_us) in [(54, 0), (55, 30_000), (56, 200_000)] {
        let twin = agrees_under(Retain { orders: None, age_us: Some(age_us) }, seed);
        assert!(twin.retired.len() > 5 && twin.open_orders() > 5, "{} gone", twin.retired.len());
    }
}

#[test]
fn both_limits_count() {
    let twin = agrees_under(Retain { orders: Some(30), age_us: Some(40_000) }, 57);
    assert!(twin.retired.len() > 20, "{} gone", twin.retired.len());
}

#[test]
fn without_a_limit_everything_is_kept() {
    assert_eq!(agrees_under(Retain::default(), 58).horizon, Number(0));
}

/// An order that closes early and late ones that stay open: the last order in the table is not how far the table is.
#[test]
fn a_table_whose_last_orders_were_removed_is_not_taken_for_one_that_trails() {
    let retain = Retain { orders: Some(0), age_us: None };
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(59), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), retain);
    for batch in [life.patient(2), life.cancel(0), life.cancel(1)] {
        twin.extend(&batch);
        desk.append(&batch);
    }
    twin.trim(retain);
    desk.rest(&twin);
    assert_eq!((twin.events.len(), twin.orders.len()), (2, 1));
    let image = Image::of(dir.path()).lay();
    let folder = Folder::new(image.path());
    agree(&Archive::open(&folder).unwrap(), &twin, &mut Dice::seeded(59));
    view::agrees(&folder.database(), &twin);
    let opened = Opened::open(&folder).unwrap();
    let (exchange, recovered) = recover(&opened).unwrap();
    is_recovered(&exchange, &recovered, &twin);
    agree(&desk.running, &twin, &mut Dice::seeded(59));
    desk.close();
}

#[test]
fn a_limit_that_comes_later_removes_what_was_kept_before() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(60), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), Retain::default());
    let batch = life.batch(400);
    twin.extend(&batch);
    desk.append(&batch);
    desk.close();
    let retain = Retain { orders: Some(10), age_us: None };
    let (mut desk, ..) = Desk::open(dir.path(), retain);
    for _ in 0..4 {
        let batch = life.patient(1);
        twin.extend(&batch);
        desk.append(&batch);
    }
    twin.trim(retain);
    desk.rest(&twin);
    assert!(twin.retired.len() > 50);
    agree(&desk.running, &twin, &mut Dice::seeded(60));
    desk.close();
    check_holds(&Folder::new(dir.path()), &twin);
}

#[test]
fn a_retired_client_order_id_stays_taken_and_an_idempotency_key_is_free_again() {
    let retain = Retain { orders: Some(0), age_us: None };
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life::new(61);
    let (mut desk, ..) = Desk::open(dir.path(), retain);
    let key = |text| Label::new(text).unwrap();
    let named = |life: &mut Life, client_order_id, idempotency_key| {
        let batch = life.patient(1);
        let origin = Origin::new(Some(key(client_order_id)), Some(key(idempotency_key)));
        Batch::from([life::named(&batch[0], origin)])
    };
    desk.append(&named(&mut life, "mine", "once"));
    desk.append(&life.cancel(0));
    desk.append(&life.patient(1));
    desk.wait(|stored| stored.removed == Number(2));
    let found = |desk: &Desk, name| Reads::named(&desk.running, &name).found;
    assert_eq!(found(&desk, Name::ClientOrderId(key("mine"))), Found::Retired);
    assert_eq!(found(&desk, Name::IdempotencyKey(key("once"))), Found::Nothing);
    assert_eq!(found(&desk, Name::ClientOrderId(key("once"))), Found::Nothing);
    desk.append(&named(&mut life, "mine-too", "once"));
    assert!(matches!(found(&desk, Name::IdempotencyKey(key("once"))), Found::Order(_)));
    desk.running.close();
}

/// Few orders that stay open must not keep many that are removed on the disk.
#[test]
fn a_row_is_written_without_its_removed_orders_when_others_stay_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life::new(62);
    let (mut desk, ..) = Desk::open(dir.path(), Retain { orders: Some(0), age_us: None });
    let open = life.patient(2);
    desk.append(&open);
    for _ in 0..70 {
        let batch: Batch = (0..512).flat_map(|_| [life.patient(1)[0].clone(), life.cancel(0)[0].clone()]).collect();
        desk.append(&batch);
    }
    let last = Number(2 + 70 * 1_024);
    desk.wait(|stored| stored.removed.next() == last);
    let archive = Archive::open(&desk.folder).unwrap();
    let order = archive.order(open[0].number).unwrap().unwrap();
    let rows = Connection::open(desk.folder.database()).unwrap();
    let rows = rows.query_row("SELECT count(*), min(orders) FROM blocks", [], |row| Ok((row.get(0)?, row.get(1)?)));
    let (rows, first): (u64, u64) = rows.unwrap();
    assert!(rows <= 3 && first == 2, "{rows} rows, {first} orders in the first");
    assert_eq!(order.accepted_number, open[0].number);
    desk.close();
    check_holds_of(&Folder::new(dir.path()), 3);
}

fn check_holds_of(folder: &Folder, orders: u64) {
    let report = tradepit_store::check::run(&Archive::open(folder).unwrap(), |_, _| {}).unwrap();
    assert_eq!((report.orders, report.damage), (orders, Vec::new()));
}

/// How many orders were open at the horizon follows from how many changes of status there were by then.
#[test]
fn a_check_counts_the_orders_that_were_open_at_the_horizon() {
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life::new(63);
    let (mut desk, ..) = Desk::open(dir.path(), Retain { orders: Some(0), age_us: None });
    [life.patient(5), life.cancel(3), life.patient(1)].iter().for_each(|batch| desk.append(batch));
    desk.wait(|stored| stored.removed == Number(6));
    desk.close();
    let folder = Folder::new(dir.path());
    check_holds_of(&folder, 5);
    let connection = Connection::open(folder.database()).unwrap();
    let select = "SELECT accepted_before, at, records FROM batches WHERE first_number = 7 AND seq_before = 6";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let (accepted, at, records): (i64, i64, String) = connection.query_row(select, [], row).unwrap();
    let sum = Sum::default().numbers(&[7, 3, 1, 5, accepted, at]).bytes(records.as_bytes()).done();
    let update = "UPDATE batches SET seq_before = 5, crc = ?1 WHERE first_number = 7";
    assert_eq!(connection.execute(update, [sum]).unwrap(), 1);
    drop(connection);
    let report = tradepit_store::check::run(&Archive::open(&folder).unwrap(), |_, _| {}).unwrap();
    let expected = "there are 6 orders, 0 closed, but 5 and 0 in the table";
    assert!(report.damage.contains(&expected.to_owned()), "{:?}", report.damage);
}

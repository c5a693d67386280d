//! A folder that an earlier version of the tables left: it opens as if it had always been of today, or is refused and
//! left as it was.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tradepit_engine::Symbol;
use tradepit_kit::Dice;
use tradepit_store::{Archive, Error, Folder, Opened, Retain, Step};

use crate::agree::{agree, all_is_there, check_holds, is_recovered};
use crate::desk::{Desk, EVERYTHING};
use crate::earlier::{Past, VERSIONS};
use crate::image::Image;
use crate::life::Life;
use crate::twin::Twin;
use crate::view;

const DB: &str = "tradepit.db";
const FEW: Retain = Retain { orders: Some(60), age_us: None };

fn opens(version: u32, dir: &Path, mut twin: Twin) {
    let (folder, mut life) = (Folder::new(dir), Life::new(97));
    assert!(matches!(Archive::open(&folder), Err(Error::Older { version: found, .. }) if found == version));
    let (mut desk, exchange, recovered) = Desk::open(dir, EVERYTHING);
    is_recovered(&exchange, &recovered, &twin);
    let is_listed = |symbol: Symbol| exchange.instrument(symbol).is_some();
    assert!(twin.orders.iter().filter(|order| !order.state.is_closed()).all(|order| is_listed(order.symbol)));
    assert_eq!(recovered.id_keys.len(), 1);
    agree(&desk.running, &twin, &mut Dice::seeded(1));
    all_is_there(&Archive::open(&folder).unwrap(), &twin);
    check_holds(&folder, &twin);
    view::agrees(&folder.database(), &twin);
    life.now = twin.events.last().map_or(life.now, |last| last.at);
    twin.lists(exchange.instruments());
    life.take_over(exchange);
    let batch = life.batch(200);
    twin.extend(&batch);
    desk.append(&batch);
    agree(&desk.running, &twin, &mut Dice::seeded(2));
    desk.close();
    check_holds(&folder, &twin);
    view::agrees(&folder.database(), &twin);
    let (desk, exchange, recovered) = Desk::open(dir, EVERYTHING);
    is_recovered(&exchange, &recovered, &twin);
    desk.close();
}

#[test]
fn a_folder_of_an_earlier_version_opens_with_all_that_is_in_it() {
    for version in VERSIONS {
        for (seed, retain) in [(91, EVERYTHING), (92, FEW)] {
            for trails in [0, 1, 90] {
                let past = Past::new(seed, 700, retain);
                opens(version, past.folder(version, trails).path(), past.twin);
            }
        }
    }
}

#[test]
fn an_empty_folder_of_an_earlier_version_opens() {
    for version in VERSIONS {
        let past = Past::new(93, 0, EVERYTHING);
        opens(version, past.folder(version, 0).path(), past.twin);
    }
}

#[test]
fn an_upgrade_tells_how_far_it_is() {
    for version in VERSIONS {
        let past = Past::new(94, 40_000, EVERYTHING);
        let dir = past.folder(version, 0);
        let mut told = Vec::new();
        let opened = Opened::open_telling(&Folder::new(dir.path()), &mut |step, done, of| {
            if step == Step::Upgrade {
                told.push((done, of));
            }
        });
        drop(opened.unwrap());
        assert!(told.len() > 1 && told.is_sorted(), "{told:?}");
        assert!(told.iter().all(|&(done, of)| done <= of && of == past.twin.last_number().0), "{told:?}");
    }
}

/// A row that is not what was written, a kind that is not known, a log that lost its end: nothing is taken over.
#[test]
fn a_damaged_folder_of_an_earlier_version_is_refused_and_left_as_it_was() {
    let of_version_1 = [
        "UPDATE events SET at = at + 1 WHERE seq = (SELECT max(seq) FROM events)",
        "UPDATE events SET kind = 3 WHERE seq = (SELECT max(seq) FROM events WHERE kind = 1)",
        "UPDATE events SET version = 7 WHERE seq = (SELECT min(seq) FROM events)",
        "DELETE FROM events WHERE seq = (SELECT max(seq) - 10 FROM events)",
        "UPDATE settled SET quantity = quantity + 1 WHERE seq = (SELECT max(seq) FROM settled)",
        "UPDATE settled SET kind = 3 WHERE seq = (SELECT min(seq) FROM settled)",
        "DELETE FROM settled WHERE seq = (SELECT min(seq) FROM settled)",
        "UPDATE retired SET client_order_id = 'x' WHERE client_order_id = (SELECT min(client_order_id) FROM retired)",
        "DELETE FROM marks WHERE name = 'horizon'",
    ];
    let of_version_2 = [
        "UPDATE batches SET at = at + 1 WHERE first_seq = (SELECT max(first_seq) FROM batches)",
        "UPDATE batches SET version = 7 WHERE first_seq = (SELECT min(first_seq) FROM batches)",
        "UPDATE batches SET accepted = accepted + 1 WHERE first_seq = (SELECT min(first_seq) FROM batches)",
        "DELETE FROM batches WHERE first_seq = (SELECT min(first_seq) FROM batches)",
        "UPDATE batches SET records = replace(records, 'OLD', 'NEW') WHERE first_seq = (SELECT max(first_seq) FROM batches)",
        "UPDATE blocks SET records = replace(records, 'OLD', 'NEW')",
        "DELETE FROM blocks WHERE first_seq = (SELECT min(first_seq) FROM blocks)",
        "UPDATE names SET order_seq = order_seq + 1 WHERE kind = 0 AND name = (SELECT min(name) FROM names WHERE kind = 0)",
        "DELETE FROM marks WHERE name = 'settled'",
    ];
    for (version, changes) in [(1, of_version_1), (2, of_version_2)] {
        for change in changes {
            let dir = Past::new(95, 700, FEW).folder(version, 20);
            let connection = Connection::open(dir.path().join(DB)).unwrap();
            assert_eq!(connection.execute(change, []).unwrap(), 1, "{change}");
            drop(connection);
            refuses(version, dir.path(), change);
        }
        let past = Past::new(96, 700, EVERYTHING);
        let dir = past.folder(version, 0);
        let acknowledged = past.twin.last_number().next().0.to_le_bytes();
        let mark = [&acknowledged[..], &crc32fast::hash(&acknowledged).to_le_bytes()].concat();
        fs::write(dir.path().join("tradepit.ack"), mark).unwrap();
        refuses(version, dir.path(), "a log that lost its end");
    }
}

fn refuses(version: u32, dir: &Path, change: &str) {
    let before = Image::of(dir);
    let error = Opened::open(&Folder::new(dir)).map(drop).expect_err(change);
    assert!(matches!(error, Error::Damaged { .. }) && !error.to_string().contains('\n'), "{change}: {error}");
    assert_eq!(Image::of(dir).file(DB), before.file(DB), "{change}");
    let connection = Connection::open(dir.join(DB)).unwrap();
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(found, version, "{change}");
}

//! A folder that version 1 of the tables left, a row for each change and each order: it opens as if it had always been
//! of today, or is refused and left as it was.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use tradepit_engine::{Event, Label, Number, Order, State};
use tradepit_kit::Dice;
use tradepit_store::{Archive, Error, Folder, Opened, Retain, Step};

use crate::agree::{agree, all_is_there, check_holds, is_recovered};
use crate::desk::{Desk, EVERYTHING};
use crate::image::Image;
use crate::life::Life;
use crate::twin::Twin;
use crate::view;

/// The tables as version 1 made them.
const TABLES: &str = include_str!("version_1.sql");

const DB: &str = "tradepit.db";

/// A folder of version 1 in which the table of orders trails by so many changes.
fn folder_of(twin: &Twin, trails: u64) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let connection = Connection::open(dir.path().join(DB)).unwrap();
    connection.pragma_update(None, "application_id", 0x5450_4954).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    let transaction = connection.unchecked_transaction().unwrap();
    transaction.execute_batch(TABLES).unwrap();
    let settled = Number(twin.last_number().0 - trails).max(twin.horizon);
    mark(&transaction, "settled", settled);
    mark(&transaction, "horizon", twin.horizon);
    let key = [7; 32];
    let sum = Sum::default().numbers(&[1]).bytes(&key).done();
    transaction.execute("INSERT INTO id_keys VALUES (1, ?1, ?2)", params![key, sum]).unwrap();
    twin.events.iter().for_each(|event| write_event(&transaction, event, twin));
    for order in twin.orders.iter().filter(|order| order.accepted_number <= settled) {
        // Version 1 wrote an order as closed where the closing was at hand, before the mark said so.
        write_order(&transaction, order);
    }
    for name in &twin.retired {
        let sum = Sum::default().bytes(name.as_str().as_bytes()).done();
        transaction.execute("INSERT INTO retired VALUES (?1, ?2)", params![name.as_str(), sum]).unwrap();
    }
    transaction.commit().unwrap();
    dir
}

/// Writes a mark.
pub(crate) fn mark(connection: &Connection, name: &str, number: Number) {
    let sum = Sum::default().numbers(&[number.0 as i64]).bytes(name.as_bytes()).done();
    connection.execute("INSERT INTO marks VALUES (?1, ?2, ?3)", params![name, number.0 as i64, sum]).unwrap();
}

fn write_event(connection: &Connection, event: &Event, twin: &Twin) {
    let (number, at, order_number) =
        (event.number.0 as i64, event.at.0, event.order().unwrap().accepted_number.0 as i64);
    if number == order_number {
        let order = twin.order(event.number).unwrap();
        let (id, symbol, quantity) = (order.id.0, order.symbol.as_str(), order.quantity.get() as i64);
        let (due_at, names) = (order.due_at.0, names(order));
        let sum = Sum::default().numbers(&[number, 1, 0, at, number, quantity, due_at]);
        let sum = sum.bytes(&id).bytes(symbol.as_bytes()).text(names.0).text(names.1).done();
        let insert = "INSERT INTO events VALUES (?1, 1, 0, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        connection.execute(insert, params![number, at, sum, id, symbol, quantity, due_at, names.0, names.1]).unwrap();
    } else {
        let kind = kind(twin.order(Number(order_number as u64)).unwrap());
        let sum = Sum::default().numbers(&[number, 1, kind, at, order_number]).done();
        let insert = "INSERT INTO events (seq, version, kind, at, order_seq, crc) VALUES (?1, 1, ?2, ?3, ?4, ?5)";
        connection.execute(insert, params![number, kind, at, order_number, sum]).unwrap();
    }
}

fn write_order(connection: &Connection, order: &Order) {
    let (number, quantity, names) = (order.accepted_number.0 as i64, order.quantity.get() as i64, names(order));
    let (kind, closed_at, closed_number) = match order.state {
        State::Pending => (0, 0, 0),
        State::Executed { at } | State::Cancelled { at } => (kind(order), at.0, order.number.0 as i64),
    };
    let (accepted_at, due_at, id, symbol) = (order.accepted_at.0, order.due_at.0, order.id.0, order.symbol.as_str());
    let sum = Sum::default().numbers(&[number, quantity, accepted_at, due_at, kind, closed_at, closed_number]);
    let sum = sum.bytes(&id).bytes(symbol.as_bytes()).text(names.0).text(names.1).done();
    let row = params![
        number,
        id,
        symbol,
        quantity,
        accepted_at,
        due_at,
        kind,
        closed_at,
        closed_number,
        sum,
        names.0,
        names.1
    ];
    let insert = "INSERT INTO settled VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.execute(insert, row).unwrap();
}

fn kind(order: &Order) -> i64 {
    match order.state {
        State::Pending => 0,
        State::Executed { .. } => 1,
        State::Cancelled { .. } => 2,
    }
}

fn names(order: &Order) -> (Option<&str>, Option<&str>) {
    let origin = order.origin.as_ref();
    let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref());
    let idempotency_key = origin.and_then(|origin| origin.idempotency_key.as_ref());
    (client_order_id.map(Label::as_str), idempotency_key.map(Label::as_str))
}

/// The checksum of version 1: its numbers, then its texts, each with its length.
#[derive(Default)]
struct Sum(Vec<u8>);

impl Sum {
    fn numbers(mut self, numbers: &[i64]) -> Sum {
        numbers.iter().for_each(|number| self.0.extend(number.to_le_bytes()));
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Sum {
        self.0.push(bytes.len() as u8);
        self.0.extend(bytes);
        self
    }

    fn text(self, text: Option<&str>) -> Sum {
        self.bytes(text.unwrap_or_default().as_bytes())
    }

    fn done(self) -> i64 {
        i64::from(crc32fast::hash(&self.0))
    }
}

/// What a folder of version 1 may hold: some changes, with orders removed or not.
fn lived(seed: u64, retain: Retain) -> (Life, Twin) {
    let (mut life, mut twin) = (Life::new(seed), Twin::default());
    twin.extend(&life.batch(700));
    twin.trim(retain);
    (life, twin)
}

fn opens(dir: &Path, life: &mut Life, mut twin: Twin) {
    let folder = Folder::new(dir);
    assert!(matches!(Archive::open(&folder), Err(Error::Older { version: 1, .. })));
    let (mut desk, exchange, recovered) = Desk::open(dir, EVERYTHING);
    is_recovered(&exchange, &recovered, &twin);
    assert_eq!(recovered.id_keys.len(), 1);
    agree(&desk.running, &twin, &mut Dice::seeded(1));
    all_is_there(&Archive::open(&folder).unwrap(), &twin);
    check_holds(&folder, &twin);
    view::agrees(&folder.database(), &twin);
    life.take_over(exchange);
    let batch = life.batch(50);
    twin.extend(&batch);
    desk.append(&batch);
    agree(&desk.running, &twin, &mut Dice::seeded(2));
    desk.close();
    check_holds(&folder, &twin);
    view::agrees(&folder.database(), &twin);
}

#[test]
fn a_folder_of_version_1_opens_with_all_that_is_in_it() {
    let few = Retain { orders: Some(60), age_us: None };
    for (seed, retain) in [(91, EVERYTHING), (92, few)] {
        for trails in [0, 1, 90] {
            let (mut life, twin) = lived(seed, retain);
            opens(folder_of(&twin, trails).path(), &mut life, twin);
        }
    }
}

#[test]
fn an_empty_folder_of_version_1_opens() {
    let mut life = Life::new(93);
    opens(folder_of(&Twin::default(), 0).path(), &mut life, Twin::default());
}

#[test]
fn an_upgrade_tells_how_far_it_is() {
    let (mut life, mut twin) = (Life::new(94), Twin::default());
    twin.extend(&life.batch(40_000));
    let dir = folder_of(&twin, 0);
    let mut told = Vec::new();
    drop(
        Opened::open_telling(&Folder::new(dir.path()), &mut |step, done, of| {
            if step == Step::Upgrade {
                told.push((done, of));
            }
        })
        .unwrap(),
    );
    assert!(told.len() > 1 && told.is_sorted(), "{told:?}");
    assert!(told.iter().all(|&(done, of)| done <= of && of == twin.last_number().0), "{told:?}");
}

/// A row that is not what was written, a kind that is not known, a log that lost its end: nothing is taken over.
#[test]
fn a_damaged_folder_of_version_1_is_refused_and_left_as_it_was() {
    let changes = [
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
    for change in changes {
        let (_, twin) = lived(95, Retain { orders: Some(60), age_us: None });
        let dir = folder_of(&twin, 20);
        let connection = Connection::open(dir.path().join(DB)).unwrap();
        assert_eq!(connection.execute(change, []).unwrap(), 1, "{change}");
        drop(connection);
        refuses(dir.path(), change);
    }
    let (_, twin) = lived(96, EVERYTHING);
    let dir = folder_of(&twin, 0);
    let acknowledged = twin.last_number().next().0.to_le_bytes();
    let mark = [&acknowledged[..], &crc32fast::hash(&acknowledged).to_le_bytes()].concat();
    fs::write(dir.path().join("tradepit.ack"), mark).unwrap();
    refuses(dir.path(), "a log that lost its end");
}

fn refuses(dir: &Path, change: &str) {
    let before = Image::of(dir);
    let error = Opened::open(&Folder::new(dir)).map(drop).expect_err(change);
    assert!(matches!(error, Error::Damaged { .. }) && !error.to_string().contains('\n'), "{change}: {error}");
    assert_eq!(Image::of(dir).file(DB), before.file(DB), "{change}");
    let connection = Connection::open(dir.join(DB)).unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 1, "{change}");
}

//! Damage: a file that is cut, a bit that flips. Whatever it hits, the store opens with all that was acknowledged, or
//! refuses in one clear line and leaves every byte for whoever can help.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;

use rusqlite::Connection;
use tradepit_engine::Exchange;
use tradepit_kit::Dice;
use tradepit_store::{Archive, Error, Folder, Opened, Recovered, Retain, Store};

use crate::agree::{agree, all_is_there, is_recovered};
use crate::desk::{Desk, EVERYTHING, recover};
use crate::image::{FILES, FRAME, Image, WAL, WAL_HEADER};
use crate::life::Life;
use crate::twin::Twin;

const DB: &str = "tradepit.db";
const ACK: &str = "tradepit.ack";

/// A database keeps pages of this size; its log, each with a header, after one of its own.
const PAGE: usize = 4_096;

const FLIPS: u64 = 340;

/// What befalls one file.
#[derive(Debug)]
enum Harm {
    CutTo(usize),
    /// Of this byte, this bit.
    Flip(usize, u64),
    Gone,
}

type Case = (&'static str, Harm);

/// A folder as a crash left it, and what was acknowledged in it.
struct Scene {
    image: Image,
    twin: Twin,
    starts: usize,
}

/// A store that lived for a while under two starts, with orders removed meanwhile. `end` is what happens last.
fn scene(seed: u64, end: impl FnOnce(&mut Desk)) -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(seed), Twin::default());
    let keep = Retain { orders: Some(40), age_us: None };
    let (mut desk, ..) = Desk::open(dir.path(), keep);
    for _ in 0..6 {
        let batch = life.batch(25);
        twin.extend(&batch);
        desk.append(&batch);
    }
    // Quiet turns: removing catches up with what they settle.
    for _ in 0..4 {
        let batch = life.patient(1);
        twin.extend(&batch);
        desk.append(&batch);
    }
    twin.trim(keep);
    desk.close();
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    for changes in [1, 1, 30, 1, 2, 1, 40, 1, 5, 1, 8, 20] {
        let batch = life.batch(changes);
        twin.extend(&batch);
        desk.append(&batch);
    }
    end(&mut desk);
    let image = Image::of(dir.path());
    desk.close();
    Scene { image, twin, starts: 2 }
}

/// All that is new stands in the log, and the table of orders trails.
fn with_a_log() -> Scene {
    let scene = scene(21, |_| {});
    assert!(scene.image.file(WAL).len() > 15 * FRAME);
    assert!(!scene.twin.retired.is_empty());
    scene
}

/// All that is new stands in the database; the log is still there, and says so too.
fn with_a_log_that_is_done() -> Scene {
    scene(22, |desk| {
        desk.settle();
        let other = Connection::open(desk.folder.database()).unwrap();
        let done: (i64, i64, i64) = other
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        assert_eq!((done.0, done.1 - done.2), (0, 0));
    })
}

/// A database alone, as a clean end leaves it.
fn at_rest() -> Scene {
    let scene = scene(23, |_| {});
    let dir = scene.image.lay();
    let (desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.close();
    let image = Image::of(dir.path());
    assert_eq!(image.file(WAL), []);
    Scene { image, starts: 3, ..scene }
}

impl Scene {
    /// Opens a damaged copy. Returns whether it opened; otherwise it was refused as it should be.
    fn survives(&self, damaged: &Image) -> Result<(), Error> {
        let dir = damaged.lay();
        let folder = Folder::new(dir.path());
        match open(&folder) {
            Ok((opened, exchange, recovered)) => {
                is_recovered(&exchange, &recovered, &self.twin);
                assert_eq!(recovered.id_keys.len(), self.starts);
                drop(opened);
                all_is_there(&Archive::open(&folder).unwrap(), &self.twin);
                Ok(())
            }
            Err(error) => {
                let text = error.to_string();
                assert!(!text.contains('\n') && text.contains(dir.path().to_str().unwrap()), "{text:?}");
                for name in [DB, WAL, ACK] {
                    let untouched = Image::of(dir.path()).file(name) == damaged.file(name);
                    assert!(untouched, "{name} was changed by a store that refused: {text}");
                }
                Err(error)
            }
        }
    }

    /// Tries every case, on two threads; returns how many opened and how many were refused.
    fn survives_all(&self, cases: &[Case]) -> (usize, usize) {
        let try_some = |offset: usize| {
            let mut opened = 0;
            for case in cases.iter().skip(offset).step_by(2) {
                let outcome = catch_unwind(AssertUnwindSafe(|| self.survives(&self.harmed(case))));
                opened += usize::from(outcome.unwrap_or_else(|_| panic!("case: {case:?}")).is_ok());
            }
            opened
        };
        let opened = thread::scope(|scope| {
            let other = scope.spawn(|| try_some(1));
            try_some(0) + other.join().expect("the case is told above")
        });
        (opened, cases.len() - opened)
    }

    fn harmed(&self, (name, harm): &Case) -> Image {
        let mut image = self.image.clone();
        match *harm {
            Harm::CutTo(length) => image.file_mut(name).truncate(length),
            Harm::Flip(at, bit) => image.file_mut(name)[at] ^= 1 << bit,
            Harm::Gone => image = image.without(name),
        }
        image
    }

    /// Every file cut at every page and frame, in the middle of some, and to nothing; and each gone.
    fn cuts(&self) -> Vec<Case> {
        let db = (0..self.image.file(DB).len()).step_by(PAGE).map(|at| (DB, at));
        let wal = (0..self.image.file(WAL).len().saturating_sub(WAL_HEADER)).step_by(FRAME);
        let wal = wal.flat_map(|at| [(WAL, WAL_HEADER + at), (WAL, WAL_HEADER + at + 24 + 512)]);
        let rest = [(DB, 1), (DB, 50), (DB, 100), (DB, 512), (WAL, 0), (WAL, 31), (ACK, 0), (ACK, 8)];
        let rest = rest.into_iter().chain([("tradepit.db-shm", 0), ("tradepit.lock", 0)]);
        let cut = |(name, at)| (name, Harm::CutTo(at));
        let gone = FILES.into_iter().map(|name| (name, Harm::Gone));
        db.chain(wal).chain(rest).map(cut).chain(gone).collect()
    }

    /// One bit flipped, at seeded places: mostly in the database and its log, some in the small files.
    fn flips(&self, seed: u64) -> Vec<Case> {
        let mut dice = Dice::seeded(seed);
        let files: Vec<_> = self.image.0.iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
        let flip = |_| {
            let large = dice.of(&[DB, DB, WAL]);
            let large = if self.image.file(large).is_empty() { DB } else { large };
            let name = if dice.once_in(10) { dice.of(&files).0 } else { large };
            // What is written in a page stands at its beginning and its end.
            let at = dice.below(self.image.file(name).len());
            let at = if name == DB && dice.once_in(4) { at / PAGE * PAGE + at % 100 } else { at };
            (name, Harm::Flip(at, dice.below(8)))
        };
        (0..FLIPS).map(flip).collect()
    }
}

fn open(folder: &Folder) -> Result<(Opened, Exchange, Recovered), Error> {
    let opened = Opened::open(folder)?;
    let (exchange, recovered) = recover(&opened)?;
    Ok((opened, exchange, recovered))
}

#[test]
fn a_cut_is_refused_or_costs_nothing() {
    for (scene, opens) in [(with_a_log(), 4), (with_a_log_that_is_done(), 6), (at_rest(), 5)] {
        let (opened, refused) = scene.survives_all(&scene.cuts());
        assert!(opened >= opens && refused > 10, "{opened} opened, {refused} refused");
    }
}

#[test]
fn accounts_of_a_later_moment_are_refused_though_each_row_is_whole() {
    let (dir, mut life) = (tempfile::tempdir().unwrap(), Life::new(24));
    let keep = Retain { orders: Some(40), age_us: None };
    let [earlier, later] = [0, 1].map(|_| {
        let (mut desk, ..) = Desk::open(dir.path(), keep);
        for _ in 0..8 {
            desk.append(&life.batch(40));
        }
        desk.close();
        // What was left unsettled is settled at the next start.
        Desk::open(dir.path(), keep).0.close();
        Image::of(dir.path()).lay()
    });
    assert!(open(&Folder::new(earlier.path())).is_ok());
    for (table, key) in [("cash", "account, currency"), ("positions", "account, symbol"), ("market", "place")] {
        let mixed = Image::of(earlier.path()).lay();
        let database = Connection::open(mixed.path().join(DB)).unwrap();
        database.execute("ATTACH ?1 AS later", [later.path().join(DB).to_str().unwrap()]).unwrap();
        let copy = format!(
            "INSERT OR REPLACE INTO main.{table} SELECT newer.* FROM later.{table} newer JOIN main.{table} USING ({key})"
        );
        assert!(database.execute(&copy, []).unwrap() > 0);
        drop(database);
        let error = open(&Folder::new(mixed.path())).map(drop).unwrap_err();
        assert!(error.to_string().contains("of different moments"), "{table}: {error}");
    }
}

#[test]
fn a_flipped_bit_after_a_crash_is_refused_or_costs_nothing() {
    let scene = with_a_log();
    let (opened, refused) = scene.survives_all(&scene.flips(31));
    assert!(opened > 20 && refused > 20, "{opened} opened, {refused} refused");
}

#[test]
fn a_flipped_bit_beside_a_log_that_is_done_is_refused_or_costs_nothing() {
    let scene = with_a_log_that_is_done();
    let (opened, refused) = scene.survives_all(&scene.flips(32));
    assert!(opened > 20 && refused > 20, "{opened} opened, {refused} refused");
}

#[test]
fn a_flipped_bit_of_a_database_at_rest_is_refused_or_costs_nothing() {
    let scene = at_rest();
    let (opened, refused) = scene.survives_all(&scene.flips(33));
    assert!(opened > 20 && refused > 20, "{opened} opened, {refused} refused");
}

/// Only a checksum tells one name from another: no other name may be taken for one that is free again.
#[test]
fn a_flipped_bit_of_a_retired_name_is_refused() {
    let scene = at_rest();
    let names = "the names of orders that are no longer kept";
    let mut refused = 0;
    for name in scene.twin.retired.iter().filter(|name| name.as_str().len() >= 2) {
        let mut image = scene.image.clone();
        let dir = image.lay();
        let rewritten = Connection::open(dir.path().join(DB)).unwrap();
        // A digit more or less, and no other name of that kind: SQLite itself cannot tell.
        let set = "UPDATE names SET name = name || '!' WHERE kind = 0 AND name = ?1";
        assert_eq!(rewritten.execute(set, [name.as_str()]).unwrap(), 1, "{names}");
        drop(rewritten);
        image = Image::of(dir.path());
        assert!(matches!(scene.survives(&image), Err(Error::Damaged { .. })));
        refused += 1;
    }
    assert!(refused > 3);
}

/// What a reader is told who asks for help must still be there.
#[test]
fn a_log_that_lost_its_end_is_left_as_it_is() {
    let scene = with_a_log();
    let mut image = scene.image.clone();
    let middle = WAL_HEADER + image.file(WAL).len() / FRAME / 2 * FRAME + 1_000;
    image.file_mut(WAL)[middle] ^= 1;
    let error = scene.survives(&image).unwrap_err();
    assert!(error.to_string().contains("was acknowledged"), "{error}");
    image.file_mut(WAL)[middle] ^= 1;
    scene.survives(&image).unwrap();
}

/// What was read by the exchange can be told to clients: from then on its loss is noticed too.
#[test]
fn what_was_recovered_counts_as_acknowledged() {
    let scene = with_a_log();
    let mut image = scene.image.clone().without(ACK);
    let dir = image.lay();
    let opened = Opened::open(&Folder::new(dir.path())).unwrap();
    recover(&opened).unwrap();
    image = Image::of(dir.path());
    drop(opened);
    let half = image.file(WAL).len() / 2;
    image.file_mut(WAL).truncate(half);
    assert!(matches!(scene.survives(&image), Err(Error::Damaged { .. })));
}

/// A flip in a large database is found while it is used.
#[test]
fn a_large_database_is_checked_while_it_runs() {
    let scene = at_rest();
    let dir = scene.image.lay();
    grow(&dir.path().join(DB));
    let (desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
    assert!(!recovered.checked);
    is_recovered(&exchange, &recovered, &scene.twin);
    agree(&desk.running, &scene.twin, &mut Dice::seeded(24));
    desk.close();

    let name = scene.twin.orders.iter().filter_map(|order| order.client_order_id()).next_back().unwrap();
    let connection = Connection::open(dir.path().join(DB)).unwrap();
    let change = "UPDATE blocks SET records = replace(records, ?1, 'x') WHERE instr(records, ?1)";
    assert_eq!(connection.execute(change, [name.as_str()]).unwrap(), 1);
    drop(connection);
    let folder = Folder::new(dir.path());
    match open(&folder) {
        // An order that is open is looked at first.
        Err(error) => assert!(matches!(error, Error::Damaged { .. }), "{error}"),
        Ok((opened, ..)) => {
            drop(opened);
            let (desk, ..) = Desk::open(dir.path(), EVERYTHING);
            let told = desk.confirmed.iter().find_map(Result::err).unwrap();
            assert!(told.to_string().contains("is not what was"), "{told}");
            desk.running.close();
        }
    }
}

/// Makes a database so large that a start does not wait for its check: by pages that nothing needs.
fn grow(database: &Path) {
    let connection = Connection::open(database).unwrap();
    let batch = "CREATE TABLE large (bytes BLOB); INSERT INTO large VALUES (zeroblob(70000000)); DROP TABLE large; \
        PRAGMA wal_checkpoint(TRUNCATE);";
    connection.execute_batch(batch).unwrap();
}

//! Database, log and mark know each other: what does not belong together is refused, and a copy knows that it is one.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tradepit_store::{Archive, Error, Folder, Opened, Store, backup};

use crate::agree::is_recovered;
use crate::desk::{Desk, EVERYTHING, recover};
use crate::image::{FRAME, Image, WAL, WAL_HEADER};
use crate::life::Life;
use crate::twin::Twin;

const DB: &str = "tradepit.db";
const ACK: &str = "tradepit.ack";

/// A folder as a crash leaves it, and a backup of before its last changes.
pub(crate) struct Scene {
    pub(crate) crashed: Image,
    pub(crate) copy: Vec<u8>,
    now: Twin,
    pub(crate) then: Twin,
}

pub(crate) fn scene(seed: u64) -> Scene {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut life, mut twin) = (Life::new(seed), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = life.batch(10);
    twin.extend(&batch);
    desk.append(&batch);
    let (to, then) = (copies.path().join("copy"), twin.clone());
    backup::run(&Archive::open(&desk.folder).unwrap(), &to, |_, _| {}).unwrap();
    for _ in 0..4 {
        let batch = life.batch(10);
        twin.extend(&batch);
        desk.append(&batch);
    }
    let crashed = Image::of(dir.path());
    desk.close();
    Scene { crashed, copy: fs::read(to).unwrap(), now: twin, then }
}

/// The folder is refused because of this file, in words that tell what to remove, and nothing is changed.
#[track_caller]
fn is_refused(dir: &Path, stranger: &str, remove: &[&str]) {
    let before = Image::of(dir);
    let error = Opened::open(&Folder::new(dir)).map(drop).unwrap_err();
    let text = error.to_string();
    let Error::Stranger { stranger: found, remove: found_remove, .. } = error else { panic!("{text}") };
    assert_eq!(found, dir.join(stranger), "{text}");
    for path in remove {
        assert!(text.contains(dir.join(path).to_str().unwrap()), "{path} is missing: {text}");
    }
    assert_eq!(found_remove.len(), remove.len(), "{text}");
    assert!(text.contains("tradepit restore") && !text.contains('\n'), "{text}");
    for name in [DB, WAL, ACK] {
        assert!(Image::of(dir).file(name) == before.file(name), "{name} was changed");
    }
}

#[test]
fn a_backup_beside_the_log_of_what_came_after_it_is_refused_until_all_of_that_is_removed() {
    let scene = scene(51);
    let dir = scene.crashed.lay();
    fs::write(dir.path().join(DB), &scene.copy).unwrap();
    is_refused(dir.path(), WAL, &[WAL, "tradepit.db-shm", ACK]);
    fs::remove_file(dir.path().join(ACK)).unwrap();
    is_refused(dir.path(), WAL, &[WAL, "tradepit.db-shm"]);
    for name in [WAL, "tradepit.db-shm"] {
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    let (desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
    is_recovered(&exchange, &recovered, &scene.then);
    assert!(recovered.is_copy);
    desk.close();
}

#[test]
fn a_backup_beside_the_mark_of_what_came_after_it_is_refused() {
    let scene = scene(52);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(DB), &scene.copy).unwrap();
    fs::write(dir.path().join(ACK), scene.crashed.file(ACK)).unwrap();
    let error = Opened::open(&Folder::new(dir.path())).map(drop).unwrap_err().to_string();
    assert!(error.contains("was acknowledged") && error.contains("delete tradepit.ack"), "{error}");
}

#[test]
fn a_mark_of_another_database_is_refused_however_little_it_asks_for() {
    let (long, short) = (scene(53), scene(54));
    let dir = long.crashed.lay();
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join(DB), &short.copy).unwrap();
    Desk::open(other.path(), EVERYTHING).0.close();
    fs::copy(other.path().join(ACK), dir.path().join(ACK)).unwrap();
    is_refused(dir.path(), ACK, &[WAL, "tradepit.db-shm", ACK]);
    // What an older version wrote tells no database.
    let old = fs::read(dir.path().join(ACK)).unwrap()[..12].to_owned();
    fs::write(dir.path().join(ACK), old).unwrap();
    let (desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
    is_recovered(&exchange, &recovered, &long.now);
    desk.close();
}

/// The pages that the first transaction in a log wrote: a frame's header says its page, and with the last one of a
/// transaction how large the database is (the SQLite file format, section 4.2).
fn first_pages(wal: &[u8]) -> Vec<u32> {
    let mut pages = Vec::new();
    for frame in wal[WAL_HEADER..].chunks_exact(FRAME) {
        let number = |at: usize| u32::from_be_bytes(frame[at..at + 4].try_into().unwrap());
        pages.push(number(0));
        if number(4) > 0 {
            break;
        }
    }
    pages
}

#[test]
fn the_first_transaction_of_every_log_says_whose_it_is() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut life, mut desk) = (Life::wordy(55), Desk::open(dir.path(), EVERYTHING).0);
    desk.append(&life.batch(3));
    let copy = copies.path().join("copy");
    backup::run(&Archive::open(&desk.folder).unwrap(), &copy, |_, _| {}).unwrap();
    let copy = fs::read(copy).unwrap();
    let reader = Connection::open(desk.folder.database()).unwrap();
    let said: u32 =
        reader.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'marks'", [], |row| row.get(0)).unwrap();
    let (mut logs, mut salt) = (0, Vec::new());
    for turn in 0.. {
        // In a part of the turns somebody reads, so that a log that is done cannot begin anew at once.
        let reads = turn % 8 >= 5;
        if reads {
            reader.execute_batch("BEGIN; SELECT count(*) FROM events").unwrap();
        }
        desk.append(&life.batch(5));
        if reads {
            reader.execute_batch("COMMIT").unwrap();
        }
        let mut header = [0; WAL_HEADER];
        fs::File::open(dir.path().join(WAL)).and_then(|mut wal| wal.read_exact(&mut header)).unwrap();
        if header[16..24] == salt[..] {
            continue;
        }
        salt = header[16..24].to_owned();
        let wal = Image::of(dir.path()).file(WAL).to_owned();
        assert!(first_pages(&wal).contains(&said), "log {logs}: {:?}", first_pages(&wal));
        let foreign = Image(vec![(DB, copy.clone()), (WAL, wal)]).lay();
        is_refused(foreign.path(), WAL, &[WAL, "tradepit.db-shm"]);
        logs += 1;
        if logs == 6 {
            break;
        }
    }
    desk.close();
}

#[test]
fn an_older_state_of_the_same_database_is_refused_beside_a_log_of_today() {
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life::new(56);
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.append(&life.batch(30));
    desk.close();
    let old = Image::of(dir.path());
    for _ in 0..2 {
        let (mut desk, exchange, _) = Desk::open(dir.path(), EVERYTHING);
        life.take_over(exchange);
        desk.append(&life.batch(30));
        desk.close();
    }
    let (mut desk, exchange, _) = Desk::open(dir.path(), EVERYTHING);
    life.take_over(exchange);
    desk.append(&life.batch(30));
    let crashed = Image::of(dir.path());
    desk.close();
    let mixed = crashed.lay();
    fs::write(mixed.path().join(DB), old.file(DB)).unwrap();
    is_refused(mixed.path(), WAL, &[WAL, "tradepit.db-shm", ACK]);
}

#[test]
fn a_folder_stays_itself_over_a_crash_and_its_copy_is_another_one() {
    let dir = tempfile::tempdir().unwrap();
    let batch = Life::new(57).batch(30);
    let (mut desk, _, first) = Desk::open(dir.path(), EVERYTHING);
    assert!(!first.is_copy);
    desk.append(&batch);
    let crashed = Image::of(dir.path());
    desk.close();
    for (name, bytes) in &crashed.0 {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    let (desk, _, again) = Desk::open(dir.path(), EVERYTHING);
    assert!(!again.is_copy && again.id == first.id);
    desk.close();

    let copied = crashed.lay();
    let opened = Opened::open(&Folder::new(copied.path())).unwrap();
    let (exchange, copy) = recover(&opened).unwrap();
    is_recovered(&exchange, &copy, &Twin::of(&batch));
    assert!(copy.is_copy && copy.id != first.id);
    // It crashes at once: its new id stands in its log only, and its mark may not have been written.
    let crashed_again = Image::of(copied.path());
    drop(opened);
    for mark in [crashed.file(ACK), crashed_again.file(ACK)] {
        for (name, bytes) in &crashed_again.0 {
            fs::write(copied.path().join(name), bytes).unwrap();
        }
        fs::write(copied.path().join(ACK), mark).unwrap();
        let opened = Opened::open(&Folder::new(copied.path())).unwrap();
        let (exchange, again) = recover(&opened).unwrap();
        is_recovered(&exchange, &again, &Twin::of(&batch));
        assert!(again.is_copy && again.id == copy.id, "it has no secret of its own yet");
    }
    for is_copy in [true, false] {
        let (desk, _, again) = Desk::open(copied.path(), EVERYTHING);
        assert!(again.is_copy == is_copy && again.id == copy.id);
        desk.close();
    }
}

#[test]
fn a_database_of_before_there_were_ids_gets_one() {
    let scene = scene(58);
    for log in [true, false] {
        let dir = scene.crashed.lay();
        let old = Connection::open(dir.path().join(DB)).unwrap();
        old.execute("DELETE FROM marks WHERE name NOT IN ('settled', 'horizon')", []).unwrap();
        old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        if log {
            old.execute("UPDATE marks SET crc = crc", []).unwrap();
        }
        let image = Image::of(dir.path());
        drop(old);
        let dir = image.lay();
        let mark = image.file(ACK)[..12].to_owned();
        fs::write(dir.path().join(ACK), mark).unwrap();
        let (desk, exchange, first) = Desk::open(dir.path(), EVERYTHING);
        is_recovered(&exchange, &first, &scene.now);
        assert!(!first.is_copy);
        let crashed = Image::of(dir.path());
        assert!(crashed.file(WAL).len() > WAL_HEADER);
        desk.close();
        for (name, bytes) in &crashed.0 {
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        let (desk, _, again) = Desk::open(dir.path(), EVERYTHING);
        assert!(again.id == first.id && !again.is_copy);
        desk.close();
    }
}

#[test]
fn two_backups_at_once_to_one_name_are_one_backup_and_one_that_is_told() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = Life::new(59).batch(100);
    desk.append(&Arc::clone(&batch));
    let (archive, other) = (Archive::open(&desk.folder).unwrap(), Archive::open(&desk.folder).unwrap());
    let to = copies.path().join("tradepit.db");
    let mut begun = false;
    let failed = backup::run(&archive, &to, |_, _| {
        // It begins later and is done sooner.
        if !std::mem::replace(&mut begun, true) {
            backup::run(&other, &to, |_, _| {}).unwrap();
        }
    });
    let error = failed.unwrap_err().to_string();
    assert!(error.contains(to.to_str().unwrap()) && error.contains("exists already"), "{error}");
    desk.running.close();
    assert_eq!(fs::read_dir(copies.path()).unwrap().count(), 1);
    let (desk, exchange, recovered) = Desk::open(copies.path(), EVERYTHING);
    is_recovered(&exchange, &recovered, &Twin::of(&batch));
    desk.close();
}

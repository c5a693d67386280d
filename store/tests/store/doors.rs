//! Who may come in: one server at a time, and only to what is a database of ours.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use rusqlite::Connection;
use tradepit_store::{Archive, Error, Folder, Opened};

use crate::agree::is_recovered;
use crate::desk::{Desk, EVERYTHING};
use crate::image::{Image, WAL};
use crate::life::Life;
use crate::twin::Twin;

const DB: &str = "tradepit.db";
const ACK: &str = "tradepit.ack";

/// Names the folder that a test process started by a test shall open.
const OTHER: &str = "TRADEPIT_TEST_OPENS";

fn refusal(dir: &Path) -> Error {
    let error = Opened::open(&Folder::new(dir)).map(drop).unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n') && text.contains(dir.to_str().unwrap()), "{text:?}");
    error
}

/// A folder with some changes, cleanly closed.
pub(crate) fn lived() -> (tempfile::TempDir, Twin) {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = Life::new(41).batch(50);
    desk.append(&batch);
    desk.close();
    (dir, Twin::of(&batch))
}

fn opens(dir: &Path, twin: &Twin) {
    let (desk, exchange, recovered) = Desk::open(dir, EVERYTHING);
    is_recovered(&exchange, &recovered, twin);
    desk.close();
}

#[test]
fn a_folder_in_use_opens_once_it_is_given_up() {
    let (dir, twin) = lived();
    let opened = Opened::open(&Folder::new(dir.path())).unwrap();
    assert!(matches!(refusal(dir.path()), Error::InUse(_)));
    let other = thread::scope(|scope| scope.spawn(|| refusal(dir.path())).join().unwrap());
    assert!(matches!(other, Error::InUse(_)));
    drop(opened);

    let (desk, ..) = Desk::open(dir.path(), EVERYTHING);
    assert!(matches!(refusal(dir.path()), Error::InUse(_)));
    Archive::open(&desk.folder).expect("whoever only reads comes in");
    desk.close();
    opens(dir.path(), &twin);
}

#[test]
fn a_folder_in_use_is_kept_from_other_processes_until_its_own_dies() {
    if let Some(dir) = std::env::var_os(OTHER) {
        // This is the other process: its end is sudden, with the folder in its hands.
        let opened = Opened::open(&Folder::new(dir));
        std::process::exit(if matches!(opened, Err(Error::InUse(_))) { 10 } else { 11 + i32::from(opened.is_err()) });
    }
    let (dir, twin) = lived();
    let other = || {
        let name = "doors::a_folder_in_use_is_kept_from_other_processes_until_its_own_dies";
        let mut process = Command::new(std::env::current_exe().unwrap());
        process.args(["--exact", name, "--test-threads=1"]).env(OTHER, dir.path()).stdout(Stdio::null());
        process.status().unwrap().code()
    };
    let opened = Opened::open(&Folder::new(dir.path())).unwrap();
    assert_eq!(other(), Some(10));
    drop(opened);
    assert_eq!(other(), Some(11));
    opens(dir.path(), &twin);
}

#[test]
fn a_database_of_another_program_is_foreign() {
    let dir = tempfile::tempdir().unwrap();
    let other = Connection::open(dir.path().join(DB)).unwrap();
    other.execute_batch("CREATE TABLE events (seq INTEGER PRIMARY KEY)").unwrap();
    drop(other);
    assert!(matches!(refusal(dir.path()), Error::Foreign(_)));
}

#[test]
fn a_text_is_foreign_however_short() {
    for text in ["hello\n".to_owned(), "a letter to whom it may concern\n".repeat(100)] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(DB), &text).unwrap();
        assert!(matches!(refusal(dir.path()), Error::Foreign(_)));
        assert_eq!(fs::read_to_string(dir.path().join(DB)).unwrap(), text);
    }
}

#[test]
fn an_empty_file_is_damage_and_no_beginning() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(DB), "").unwrap();
    assert!(matches!(refusal(dir.path()), Error::Damaged { .. }));
    assert_eq!(fs::read(dir.path().join(DB)).unwrap(), []);
}

#[test]
fn a_database_that_is_gone_is_missed() {
    let (dir, _) = lived();
    let whole = Image::of(dir.path());
    for traces in [&[ACK][..], &[WAL], &[ACK, WAL]] {
        let mut image = whole.clone();
        image.0.retain(|(name, _)| traces.contains(name));
        if traces.contains(&WAL) && image.file(WAL).is_empty() {
            image = image.without(WAL);
            image.0.push((WAL, vec![1; 100]));
        }
        let dir = image.lay();
        assert!(matches!(refusal(dir.path()), Error::Damaged { .. }));
        assert!(!dir.path().join(DB).exists());
    }
}

#[test]
fn a_beginning_that_was_not_finished_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tradepit.db.new"), "half a datab").unwrap();
    fs::write(dir.path().join("tradepit.db.new-journal"), "half").unwrap();
    opens(dir.path(), &Twin::default());
}

#[test]
fn a_folder_is_made_with_its_parents() {
    let dir = tempfile::tempdir().unwrap();
    opens(&dir.path().join("a/b/c"), &Twin::default());
}

#[test]
fn a_folder_that_cannot_be_made_or_used_is_named() {
    assert!(matches!(refusal(Path::new("/proc/nothing/here")), Error::Io { .. }));
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(refusal(file.path()), Error::Io { .. }));
    assert!(matches!(refusal(&file.path().join("below")), Error::Io { .. }));
    let (dir, _) = lived();
    fs::remove_file(dir.path().join(ACK)).unwrap();
    fs::create_dir(dir.path().join(ACK)).unwrap();
    assert!(matches!(refusal(dir.path()), Error::Io { .. }));
}

#[test]
fn an_archive_of_a_folder_without_a_database_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Archive::open(&Folder::new(dir.path())), Err(Error::Missing(_))));
    assert!(matches!(Archive::open(&Folder::new(dir.path().join("not there"))), Err(Error::Missing(_))));
}

#[test]
fn a_newer_schema_asks_for_a_newer_program_and_none_is_damage() {
    for (version, newer) in [(6, true), (1_000, true), (0, false)] {
        // Once in the database itself, once in its log only.
        for checkpoint in ["PRAGMA wal_checkpoint(TRUNCATE)", "SELECT 1"] {
            let (dir, _) = lived();
            let other = Connection::open(dir.path().join(DB)).unwrap();
            other.pragma_update(None, "user_version", version).unwrap();
            other.query_row(checkpoint, [], |_| Ok(())).unwrap();
            let image = Image::of(dir.path());
            drop(other);
            let dir = image.lay();
            match refusal(dir.path()) {
                Error::Newer { version: found, .. } => assert!(newer && found == version),
                error => assert!(matches!(error, Error::Damaged { .. }) && !newer, "{error}"),
            }
            assert_eq!(Image::of(dir.path()).file(WAL), image.file(WAL));
        }
    }
}

#[test]
fn tables_that_were_changed_are_damage() {
    let changes = [
        "DROP VIEW orders",
        "CREATE TABLE more (a)",
        "CREATE TRIGGER away AFTER INSERT ON batches BEGIN DELETE FROM batches; END",
        "DROP INDEX blocks_open",
    ];
    for change in changes {
        let (dir, _) = lived();
        Connection::open(dir.path().join(DB)).unwrap().execute_batch(change).unwrap();
        assert!(matches!(refusal(dir.path()), Error::Damaged { .. }), "{change}");
    }
}

#[test]
fn a_restored_backup_opens_once_its_mark_is_deleted() {
    let (dir, twin) = lived();
    let older = Image::of(dir.path());
    let (mut desk, exchange, _) = Desk::open(dir.path(), EVERYTHING);
    let mut life = Life::wordy(42);
    life.take_over(exchange);
    desk.append(&life.batch(10));
    desk.close();
    fs::write(dir.path().join(DB), older.file(DB)).unwrap();
    assert!(refusal(dir.path()).to_string().contains("delete tradepit.ack"));
    fs::remove_file(dir.path().join(ACK)).unwrap();
    opens(dir.path(), &twin);
}

//! What is done to the files from outside: links, second servers, other programs, and folders that go away.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tradepit_store::{Archive, Error, Folder, Opened, Store};

use crate::agree::is_recovered;
use crate::desk::{Desk, EVERYTHING};
use crate::doors::lived;
use crate::image::WAL;
use crate::life::Life;
use crate::twin::Twin;

const DB: &str = "tradepit.db";

#[test]
fn a_link_into_another_folder_is_refused_in_words() {
    let (dir, _) = lived();
    let other = tempfile::tempdir().unwrap();
    let link = other.path().join(DB);
    symlink(dir.path().join(DB), &link).unwrap();
    let error = Opened::open(&Folder::new(other.path())).map(drop).unwrap_err();
    assert!(matches!(&error, Error::Link { path, target } if *path == link && target.ends_with(DB)), "{error}");
    fs::remove_file(&link).unwrap();
    fs::hard_link(dir.path().join(DB), &link).unwrap();
    for folder in [dir.path(), other.path()] {
        let error = Opened::open(&Folder::new(folder)).map(drop).unwrap_err();
        assert!(matches!(error, Error::Names { names: 2, .. }), "{error}");
    }
    fs::remove_file(&link).unwrap();
    Opened::open(&Folder::new(dir.path())).map(drop).unwrap();
    // A link to the folder itself is only another name of it.
    let name = other.path().join("folder");
    symlink(dir.path(), &name).unwrap();
    let opened = Opened::open(&Folder::new(&name)).unwrap();
    assert!(matches!(Opened::open(&Folder::new(dir.path())), Err(Error::InUse(_))));
    drop(opened);
}

#[test]
fn a_lock_file_that_is_removed_lets_nobody_in() {
    let (dir, _) = lived();
    let (desk, ..) = Desk::open(dir.path(), EVERYTHING);
    fs::remove_file(dir.path().join("tradepit.lock")).unwrap();
    assert!(matches!(Opened::open(&Folder::new(dir.path())), Err(Error::InUse(_))));
    desk.close();
    Opened::open(&Folder::new(dir.path())).map(drop).unwrap();
}

/// SQLite's lock on the database belongs to the process, and goes with any descriptor of the file that the process
/// closes. Without it an older sqlite3 that comes and goes takes itself for the last, and the log along.
#[cfg(target_os = "linux")]
#[test]
fn other_programs_are_told_that_the_database_is_in_use() {
    let (dir, _) = lived();
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.settle();
    let locks = locks_of(&dir.path().join(DB));
    assert!(locks.contains("POSIX  ADVISORY  READ"), "{locks}");
    assert!(locks.contains("FLOCK  ADVISORY  WRITE"), "{locks}");
    desk.close();
}

/// The locks that this process holds on a file, as each of its descriptors tells them. The system's list of all locks
/// is read in pieces, and misses some when others go meanwhile.
#[cfg(target_os = "linux")]
fn locks_of(path: &Path) -> String {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().map(Result::unwrap);
    let of_file = descriptors.filter(|descriptor| fs::read_link(descriptor.path()).is_ok_and(|file| file == path));
    let told = of_file.map(|descriptor| Path::new("/proc/self/fdinfo").join(descriptor.file_name()));
    told.map(|told| fs::read_to_string(told).unwrap()).collect()
}

/// Of a name that looks like a URI nothing is read but the name.
#[test]
fn a_folder_is_called_what_it_is_called() {
    let root = tempfile::tempdir().unwrap();
    for name in ["file:y", "file:y?mode=memory", "a%20b", "a b#c", ":memory:"] {
        let dir = root.path().join(name);
        let batch = Life::new(93).batch(5);
        let (mut desk, ..) = Desk::open(&dir, EVERYTHING);
        desk.append(&batch);
        desk.close();
        let (desk, exchange, recovered) = Desk::open(&dir, EVERYTHING);
        is_recovered(&exchange, &recovered, &Twin::of(&batch));
        desk.close();
        assert!(dir.join(DB).exists());
    }
}

/// What is done to a folder while a store works in it.
type Harm = fn(&Path, &Path);

#[test]
fn a_folder_that_is_taken_away_ends_the_store_and_nothing_more_is_confirmed() {
    let harms: [(&str, Harm); 5] = [
        ("removed", |dir, _| fs::remove_dir_all(dir).unwrap()),
        ("moved", |dir, elsewhere| fs::rename(dir, elsewhere.join("moved")).unwrap()),
        ("the database is removed", |dir, _| fs::remove_file(dir.join(DB)).unwrap()),
        ("the log is removed", |dir, _| fs::remove_file(dir.join(WAL)).unwrap()),
        ("the database is replaced", |dir, elsewhere| {
            fs::copy(dir.join(DB), elsewhere.join("copy")).unwrap();
            fs::rename(elsewhere.join("copy"), dir.join(DB)).unwrap();
        }),
    ];
    for (what, harm) in harms {
        for busy in [true, false] {
            let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir_in(".").unwrap());
            let root = if what == "moved" { &elsewhere } else { &root };
            let dir = root.path().join("data");
            let mut life = Life::new(94);
            let (mut desk, ..) = Desk::open(&dir, EVERYTHING);
            desk.append(&life.batch(20));
            desk.settle();
            harm(&dir, elsewhere.path());
            if busy {
                desk.running.append(life.batch(20));
            }
            let before = desk.stored;
            let error = loop {
                match desk.confirmed.recv().unwrap() {
                    Ok(stored) => assert!(stored.durable == before.durable, "{what}: {stored:?} was confirmed"),
                    Err(error) => break error,
                }
            };
            assert!(matches!(error, Error::Gone(_)), "{what}: {error}");
            assert!(error.to_string().contains(dir.to_str().unwrap()), "{what}: {error}");
            desk.running.close();
        }
    }
}

#[test]
fn a_folder_that_is_taken_away_at_the_very_end_is_noticed_too() {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.append(&Life::new(95).batch(20));
    desk.settle();
    fs::remove_file(dir.path().join(DB)).unwrap();
    desk.running.close();
    assert!(desk.confirmed.try_iter().any(|told| matches!(told, Err(Error::Gone(_)))));
    assert!(matches!(Archive::open(&desk.folder), Err(Error::Missing(_))));
}

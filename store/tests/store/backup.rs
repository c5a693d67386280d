//! A copy taken while the store works: whole, of one moment, and never half there.

use std::fs;
use std::io::ErrorKind;

use tradepit_kit::Dice;
use tradepit_store::{Archive, Error, Folder, backup};

use crate::agree::{agree, check_holds, is_recovered};
use crate::desk::{Desk, EVERYTHING};
use crate::life::Life;
use crate::twin::Twin;

#[test]
fn a_backup_beside_a_writer_is_a_store_of_its_own() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut life, mut twin) = (Life::wordy(71), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    for _ in 0..8 {
        let batch = life.batch(1_200);
        twin.extend(&batch);
        desk.append(&batch);
    }
    desk.settle();
    let then = twin.clone();
    let (copy, mut steps) = (copies.path().join("tradepit.db"), Vec::new());
    backup::run(&Archive::open(&desk.folder).unwrap(), &copy, |done, all| {
        // The copy is of the moment at which it began: what comes meanwhile waits for nothing, and is not in it.
        assert!(!copy.exists());
        let batch = life.batch(20);
        twin.extend(&batch);
        desk.append(&batch);
        steps.push((done, all));
    })
    .unwrap();
    let bytes = fs::metadata(&copy).unwrap().len();
    assert!(steps.len() >= 2 && steps.is_sorted(), "{steps:?}");
    assert_eq!(steps.last(), Some(&(bytes, bytes)));
    agree(&desk.running, &twin, &mut Dice::seeded(71));
    desk.close();

    assert_eq!(names(copies.path()), ["tradepit.db"]);
    check_holds(&Folder::new(copies.path()), &then);
    let (desk, exchange, recovered) = Desk::open(copies.path(), EVERYTHING);
    is_recovered(&exchange, &recovered, &then);
    agree(&desk.running, &then, &mut Dice::seeded(72));
    desk.close();
}

#[test]
fn a_backup_never_replaces_a_file() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.append(&Life::new(73).batch(10));
    let (archive, copy) = (Archive::open(&desk.folder).unwrap(), copies.path().join("kept"));
    fs::write(&copy, "dear").unwrap();
    for to in [&copy, &desk.folder.database()] {
        let error = backup::run(&archive, to, |_, _| {}).unwrap_err();
        assert!(matches!(error, Error::Io { ref source, .. } if source.kind() == ErrorKind::AlreadyExists), "{error}");
    }
    assert_eq!(fs::read_to_string(&copy).unwrap(), "dear");
    assert_eq!(names(copies.path()), ["kept"]);
    desk.close();
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.append(&Life::new(74).batch(10));
    let archive = Archive::open(&desk.folder).unwrap();
    let error = backup::run(&archive, &copies.path().join("no/such/folder"), |_, _| {}).unwrap_err();
    assert!(!error.to_string().contains('\n') && error.to_string().contains("no/such/folder"), "{error}");
    // A folder that takes the name while the copy is made: the copy cannot have it, and goes.
    let copy = copies.path().join("copy");
    let taken = backup::run(&archive, &copy, |_, _| fs::create_dir_all(copy.join("full")).unwrap());
    assert!(matches!(taken, Err(Error::Io { .. })));
    assert_eq!(names(copies.path()), ["copy"]);
    desk.close();
}

#[test]
fn what_lies_about_of_others_is_left_alone() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = Life::new(75).batch(10);
    desk.append(&batch);
    fs::write(copies.path().join("tradepit.db.unfinished"), "dear").unwrap();
    let copy = copies.path().join("tradepit.db");
    backup::run(&Archive::open(&desk.folder).unwrap(), &copy, |_, _| {}).unwrap();
    desk.close();
    assert_eq!(names(copies.path()), ["tradepit.db", "tradepit.db.unfinished"]);
    check_holds(&Folder::new(copies.path()), &Twin::of(&batch));
}

fn names(dir: &std::path::Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

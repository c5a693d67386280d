//! From a backup to a data folder: what was there is set aside, and nothing is changed before all of it is sure.

use std::fs;
use std::path::Path;

use tradepit_store::{Error, Folder, Opened, Step, restore};

use crate::agree::{check_holds, is_recovered};
use crate::belong;
use crate::desk::{Desk, EVERYTHING};
use crate::image::{Image, WAL};
use crate::twin::Twin;

/// A folder that a crash left, and a backup of before its last changes.
struct Scene {
    dir: tempfile::TempDir,
    copies: tempfile::TempDir,
    then: Twin,
}

impl Scene {
    fn new(seed: u64) -> Scene {
        let (scene, copies) = (belong::scene(seed), tempfile::tempdir().unwrap());
        fs::write(copies.path().join("monday"), &scene.copy).unwrap();
        Scene { dir: scene.crashed.lay(), copies, then: scene.then }
    }

    fn backup(&self) -> std::path::PathBuf {
        self.copies.path().join("monday")
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn restore_to(scene: &Scene, dir: &Path, force: bool) -> Result<restore::Restored, Error> {
    restore::run(&scene.backup(), &Folder::new(dir), force, &mut |_, _, _| {})
}

#[test]
fn an_empty_folder_gets_the_backup_and_the_backup_stays_as_it_is() {
    let scene = Scene::new(61);
    let dir = scene.copies.path().join("new/folder");
    let before = fs::read(scene.backup()).unwrap();
    let mut steps = Vec::new();
    let restored =
        restore::run(&scene.backup(), &Folder::new(&dir), false, &mut |step, done, of| steps.push((step, done, of)))
            .unwrap();
    assert_eq!((restored.aside, restored.report.newest), (None, scene.then.last_number()));
    assert!(steps.iter().any(|&(step, done, of)| step == Step::Copy && done == of && of > 0), "{steps:?}");
    assert_eq!(names(scene.copies.path()), ["monday", "new"], "nothing is made beside the backup");
    assert!(fs::read(scene.backup()).unwrap() == before);
    check_holds(&Folder::new(&dir), &scene.then);
    let (desk, exchange, first) = Desk::open(&dir, EVERYTHING);
    is_recovered(&exchange, &first, &scene.then);
    assert!(first.is_copy);
    desk.close();
    assert!(!Desk::open(&dir, EVERYTHING).2.is_copy);
}

#[test]
fn a_folder_that_holds_something_is_refused_unless_that_may_be_set_aside() {
    let scene = Scene::new(62);
    let before = Image::of(scene.dir.path());
    assert!(matches!(restore_to(&scene, scene.dir.path(), false), Err(Error::Occupied(_))));
    for name in ["tradepit.db", WAL, "tradepit.ack"] {
        assert!(Image::of(scene.dir.path()).file(name) == before.file(name), "{name}");
    }
    for number in 1..=2 {
        let restored = restore_to(&scene, scene.dir.path(), true).unwrap();
        let aside = restored.aside.unwrap();
        assert_eq!(aside, scene.dir.path().join(format!("replaced-{number}")));
        if number == 1 {
            // What was set aside is a data folder, with all that it had.
            for name in ["tradepit.db", WAL, "tradepit.ack"] {
                assert!(Image::of(&aside).file(name) == before.file(name), "{name}");
            }
            Opened::open(&Folder::new(&aside)).map(drop).unwrap();
        }
        let (desk, exchange, recovered) = Desk::open(scene.dir.path(), EVERYTHING);
        is_recovered(&exchange, &recovered, &scene.then);
        desk.close();
    }
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let scene = Scene::new(63);
    let opened = Opened::open(&Folder::new(scene.dir.path())).unwrap();
    for force in [false, true] {
        assert!(matches!(restore_to(&scene, scene.dir.path(), force), Err(Error::InUse(_))));
    }
    fs::remove_file(scene.dir.path().join("tradepit.lock")).unwrap();
    assert!(matches!(restore_to(&scene, scene.dir.path(), true), Err(Error::InUse(_))));
    drop(opened);
    restore_to(&scene, scene.dir.path(), true).unwrap();
}

#[test]
fn what_is_no_whole_backup_changes_nothing() {
    let scene = Scene::new(64);
    let whole = fs::read(scene.backup()).unwrap();
    let spoiled = |spoil: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        spoil(&mut bytes);
        bytes
    };
    let page = whole.len() / 2 / 4_096 * 4_096;
    let cases = [
        ("another page", spoiled(&|bytes| bytes[page..page + 4_096].fill(7))),
        ("cut", spoiled(&|bytes| bytes.truncate(whole.len() - 4_096))),
        ("empty", Vec::new()),
        ("a text", b"hello".to_vec()),
    ];
    for (what, bytes) in cases {
        fs::write(scene.backup(), bytes).unwrap();
        for force in [true, false] {
            let dir = scene.copies.path().join("folder");
            let error = restore_to(&scene, if force { scene.dir.path() } else { &dir }, force).unwrap_err().to_string();
            assert!(error.contains(scene.backup().to_str().unwrap()) && !error.contains('\n'), "{what}: {error}");
            assert!(!dir.join("tradepit.db").exists());
        }
        assert!(
            !names(scene.dir.path()).iter().any(|name| name.starts_with("replaced") || name.starts_with('.')),
            "{what}"
        );
    }
    fs::remove_file(scene.backup()).unwrap();
    assert!(restore_to(&scene, scene.dir.path(), true).unwrap_err().to_string().contains("monday"));
}

/// A crash between any two of its moves: the next start has all of the old, all of the backup, or says what is wrong.
#[test]
fn a_crash_amid_the_switch_is_never_an_older_state_in_silence() {
    let scene = Scene::new(65);
    let mut image = Image::of(scene.dir.path());
    image.0.retain(|(name, _)| *name != "tradepit.db-shm" && *name != "tradepit.lock");
    let copy = fs::read(scene.backup()).unwrap();
    let mut states = vec![image.clone().without("tradepit.db")];
    let mut moved = image.clone();
    *moved.file_mut("tradepit.db") = copy;
    states.push(moved.clone());
    states.push(moved.clone().without(WAL));
    for state in states {
        let dir = state.lay();
        let error = Opened::open(&Folder::new(dir.path())).map(drop).unwrap_err().to_string();
        assert!(error.contains(dir.path().to_str().unwrap()), "{error}");
        restore_to(&scene, dir.path(), true).unwrap();
        check_holds(&Folder::new(dir.path()), &scene.then);
    }
}

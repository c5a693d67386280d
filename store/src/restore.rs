//! From a backup to a data folder: what is there is set aside, and a crash at any moment leaves a folder that starts
//! with all of what it had, or of the backup, or is refused.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::backup::Copy;
use crate::check;
use crate::error::Error;
use crate::folder::Folder;
use crate::lock::Lock;
use crate::query::Archive;
use crate::step::{Step, Tell};

/// What was done.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What was counted in the backup.
    pub report: check::Report,
    /// Where the database is that was here before.
    pub aside: Option<PathBuf>,
}

/// Makes the folder one of what the file `from` holds. A database that is there is set aside where `force` is given,
/// and otherwise refused. Nothing is changed before the backup was checked and copied whole.
pub fn run(from: &Path, folder: &Folder, force: bool, tell: Tell<'_>) -> Result<Restored, Error> {
    let backup = Archive::of_file(from)?;
    let mut lock = Lock::take(folder)?;
    if folder.has_traces() && !force {
        return Err(Error::Occupied(folder.dir().to_owned()));
    }
    if folder.database().exists() {
        lock.take_database(folder)?;
    }
    let mut report = check::run(&backup, |done, of| tell(Step::Check, done, of))?;
    if !report.damage.is_empty() {
        return Err(Error::damaged(from, report.damage.swap_remove(0)));
    }
    let copy = Copy::make(&backup, folder.dir(), &folder.database(), &mut |done, of| tell(Step::Copy, done, of))?;
    let aside = if folder.has_traces() { Some(set_aside(folder)?) } else { None };
    let move_in = || -> io::Result<()> {
        if let Some(aside) = &aside {
            move_if_there(&folder.database(), aside)?;
        }
        // Between the two the log or the mark of the old one says that something is missing, and after it that they are
        // not the new one's.
        fs::rename(&copy.path, folder.database())?;
        if let Some(aside) = &aside {
            [folder.wal(), folder.ack()].iter().try_for_each(|path| move_if_there(path, aside))?;
            // SQLite makes it anew; it may not even be there.
            let _ = fs::remove_file(folder.shm());
        }
        Ok(())
    };
    move_in().map_err(Error::io(folder.database()))?;
    folder.sync()?;
    Ok(Restored { report, aside })
}

/// Makes a folder, in the folder, for what is set aside: `replaced-1`, or the first such name that is free.
fn set_aside(folder: &Folder) -> Result<PathBuf, Error> {
    let mut number = 1;
    loop {
        let aside = folder.dir().join(format!("replaced-{number}"));
        match fs::create_dir(&aside) {
            Ok(()) => return Ok(aside),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(Error::io(aside)(error)),
        }
    }
}

fn move_if_there(path: &Path, aside: &Path) -> io::Result<()> {
    match path.file_name() {
        Some(name) if path.exists() => fs::rename(path, aside.join(name)),
        _ => Ok(()),
    }
}

//! What keeps a second server out, and what notices that the files were taken away from under the first.
//!
//! The lock belongs to the database's own inode (flock), whatever it is called and whatever becomes of `tradepit.lock`;
//! that file, which is locked too, keeps two apart that both begin in an empty folder. Knows nothing of what is in the
//! files.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::folder::Folder;

/// Held by the server that runs; given up when dropped, or when the process ends in whatever way.
///
/// To be dropped after every connection: SQLite's own locks on the database go with any descriptor of it that is
/// closed.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    database: Option<File>,
}

impl Lock {
    /// Makes the folder, if it is missing, and keeps every other server out of it.
    pub(crate) fn take(folder: &Folder) -> Result<Lock, Error> {
        fs::create_dir_all(folder.dir()).map_err(Error::io(folder.dir()))?;
        folder.refuse_links()?;
        let path = folder.lock_file();
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(Error::io(&path))?;
        lock(folder, &path, &file)?;
        // For whoever looks; nobody reads it.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Lock { file, database: None })
    }

    /// Keeps every other server away from the database too, which is there.
    pub(crate) fn take_database(&mut self, folder: &Folder) -> Result<&File, Error> {
        let path = folder.database();
        let file = File::open(&path).map_err(Error::io(&path))?;
        lock(folder, &path, &file)?;
        Ok(self.database.insert(file))
    }
}

/// To close the files would do, but for a process that was started meanwhile: until it runs its program it has them
/// open too.
impl Drop for Lock {
    fn drop(&mut self) {
        for file in self.database.iter().chain([&self.file]) {
            // What cannot be unlocked is unlocked when it is closed.
            let _ = file.unlock();
        }
    }
}

fn lock(folder: &Folder, path: &Path, file: &File) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(folder.dir().to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::io(path)(error)),
    }
}

/// The files that are written, each with its device and inode: a folder that is removed or replaced takes along what is
/// written to it, and no write fails.
#[derive(Debug)]
pub(crate) struct Watch {
    files: [(PathBuf, (u64, u64)); 2],
}

impl Watch {
    /// Remembers the files that are there now.
    pub(crate) fn begin(folder: &Folder) -> Result<Watch, Error> {
        let remember = |path: PathBuf| {
            let place = place_of(&path).map_err(Error::io(&path))?;
            Ok::<_, Error>((path, place))
        };
        Ok(Watch { files: [remember(folder.database())?, remember(folder.wal())?] })
    }

    /// Requires that they are still where they were. Takes some 2 µs.
    pub(crate) fn look(&self) -> Result<(), Error> {
        for (path, place) in &self.files {
            match place_of(path) {
                Ok(found) if found == *place => {}
                // A folder that may not be looked into any more may still be there.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Ok(_) | Err(_) => return Err(Error::Gone(path.clone())),
            }
        }
        Ok(())
    }
}

fn place_of(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_up_is_free_though_a_process_that_begins_has_the_files_open() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(dir.path());
        fs::write(folder.database(), "").expect("room");
        let mut lock = Lock::take(&folder).expect("nobody has it");
        lock.take_database(&folder).expect("nobody has it");
        let as_a_child_has_them = [lock.file.try_clone(), lock.database.as_ref().expect("it was taken").try_clone()];
        assert!(matches!(Lock::take(&folder), Err(Error::InUse(_))));
        drop(lock);
        let mut lock = Lock::take(&folder).expect("it was given up");
        lock.take_database(&folder).expect("it was given up");
        drop(as_a_child_has_them);
        assert!(matches!(Lock::take(&folder), Err(Error::InUse(_))), "the new lock is its own");
    }
}

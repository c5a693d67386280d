//! The data folder: its files, and who may use them.
//!
//! | file | what |
//! |---|---|
//! | `tradepit.db`, `-wal`, `-shm` | the database, as SQLite keeps it; locked by the server that runs |
//! | `tradepit.lock` | locked by the server that runs; says its process id |
//! | `tradepit.ack` | the newest change that was acknowledged (`ack.rs`) |

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::Disk;
use crate::damage::{Failure, Read};
use crate::error::Error;

/// The files of a data folder.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
    database: PathBuf,
}

impl Folder {
    /// A folder, there or not.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Folder {
        let dir = dir.into();
        Folder { database: dir.join("tradepit.db"), dir }
    }

    /// The folder of a database under whatever name, as a backup has it.
    pub(crate) fn of(database: &Path) -> Folder {
        let dir = database.parent().unwrap_or(Path::new("")).to_owned();
        Folder { database: database.to_owned(), dir }
    }

    /// The folder itself.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.database.clone()
    }

    pub(crate) fn wal(&self) -> PathBuf {
        self.beside("-wal")
    }

    pub(crate) fn shm(&self) -> PathBuf {
        self.beside("-shm")
    }

    pub(crate) fn ack(&self) -> PathBuf {
        self.dir.join("tradepit.ack")
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.dir.join("tradepit.lock")
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.database.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }

    /// What the database and its log take of the disk, and what that has left.
    pub(crate) fn disk(&self) -> io::Result<Disk> {
        let log = fs::metadata(self.wal()).map_or(0, |log| log.len());
        let disk = rustix::fs::statvfs(&self.dir)?;
        Ok(Disk { used: fs::metadata(self.database())?.len() + log, free: disk.f_bavail.saturating_mul(disk.f_frsize) })
    }

    /// Whether anything of a database is here, or was.
    pub(crate) fn has_traces(&self) -> bool {
        [self.database(), self.wal(), self.ack()].iter().any(|path| path.exists())
    }

    /// Refuses files that are somebody else's too. SQLite keeps a log beside the name that a database was opened by:
    /// two names are two logs, and then one database of nobody.
    pub(crate) fn refuse_links(&self) -> Result<(), Error> {
        for path in [self.database(), self.wal(), self.shm(), self.ack(), self.lock_file()] {
            // What cannot be looked at is told by whoever opens it.
            let Ok(found) = fs::symlink_metadata(&path) else { continue };
            if found.is_symlink() {
                let target = fs::canonicalize(&path).or_else(|_| fs::read_link(&path)).unwrap_or_default();
                return Err(Error::Link { path, target });
            }
            if found.is_file() && found.nlink() > 1 {
                return Err(Error::Names { path, names: found.nlink() });
            }
        }
        Ok(())
    }

    /// Makes what was created or renamed here survive a crash.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        let dir = if self.dir.as_os_str().is_empty() { Path::new(".") } else { &self.dir };
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(Error::io(dir))
    }

    /// The files that may belong to another database than the one that is here, as far as they are there: without them
    /// it stands alone.
    pub(crate) fn companions(&self) -> Vec<PathBuf> {
        [self.wal(), self.shm(), self.ack()].into_iter().filter(|path| path.exists()).collect()
    }

    /// Says that this file, which stands beside the database, belongs to another one.
    pub(crate) fn stranger(&self, stranger: &Path) -> Error {
        Error::Stranger {
            database: self.database(),
            stranger: stranger.to_owned(),
            dir: self.dir.clone(),
            remove: self.companions(),
        }
    }

    /// Says of what SQLite, or we ourselves in what it returned, found wrong that it is wrong here.
    pub(crate) fn blame<T>(&self, read: Read<T>) -> Result<T, Error> {
        read.map_err(|failure| match failure {
            Failure::Sqlite(error) => Error::sqlite(self.database())(error),
            Failure::Damage(what) => Error::damaged(self.database(), what),
        })
    }
}

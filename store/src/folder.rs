//! The data folder: its files, the lock that keeps a second server out, and the mark of what was acknowledged.
//!
//! | file | what |
//! |---|---|
//! | `tradepit.db`, `-wal`, `-shm` | the database, as SQLite keeps it |
//! | `tradepit.lock` | locked by the server that runs; says its process id |
//! | `tradepit.ack` | the newest change that was acknowledged: it shows where the end of the log went missing |

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use tradepit_engine::Seq;

use crate::error::Error;

/// The files of a data folder.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// A folder, there or not.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Folder {
        Folder { dir: dir.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.dir.join("tradepit.db")
    }

    pub(crate) fn wal(&self) -> PathBuf {
        self.dir.join("tradepit.db-wal")
    }

    fn ack(&self) -> PathBuf {
        self.dir.join("tradepit.ack")
    }

    /// Makes the folder, if it is missing, and keeps every other server out for as long as the lock is held.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        fs::create_dir_all(&self.dir).map_err(Error::io(&self.dir))?;
        let path = self.dir.join("tradepit.lock");
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(Error::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse(self.dir.clone())),
            Err(TryLockError::Error(error)) => return Err(Error::io(path)(error)),
        }
        // For whoever looks; nobody reads it.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Lock { _file: file })
    }

    /// Whether anything of a database is here, or was.
    pub(crate) fn has_traces(&self) -> bool {
        [self.database(), self.wal(), self.ack()].iter().any(|path| path.exists())
    }

    /// Makes what was created or renamed here survive a crash.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(Error::io(&self.dir))
    }

    /// The newest change that was acknowledged, as far as is known.
    pub(crate) fn acknowledged(&self) -> Result<Seq, Error> {
        let path = self.ack();
        match fs::read(&path) {
            Ok(bytes) => Ok(read_mark(&bytes).unwrap_or_else(|| {
                log::warn!("{} cannot be read and is ignored: it only helps to notice damage", path.display());
                Seq(0)
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Seq(0)),
            Err(error) => Err(Error::io(path)(error)),
        }
    }

    /// Says of what SQLite, or we ourselves in what it returned, found wrong that it is wrong here.
    pub(crate) fn blame<T>(&self, result: rusqlite::Result<Result<T, String>>) -> Result<T, Error> {
        let found = result.map_err(|error| Error::sqlite(self.database())(error))?;
        found.map_err(|what| Error::damaged(self.database(), what))
    }

    /// Where changes are marked as acknowledged.
    pub(crate) fn mark(&self) -> Result<Mark, Error> {
        let path = self.ack();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(Error::io(&path))?;
        Ok(Mark { file, path })
    }
}

/// Held by the server that runs; given up when dropped, or when the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Tells the next start how far the log must reach at least. Not synced: it is never ahead of what is, and a crash of
/// the machine may leave it behind, which only makes it tell less.
#[derive(Debug)]
pub(crate) struct Mark {
    file: File,
    path: PathBuf,
}

impl Mark {
    pub(crate) fn set(&self, seq: Seq) -> Result<(), Error> {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&seq.0.to_le_bytes());
        bytes[8..].copy_from_slice(&crc32fast::hash(&seq.0.to_le_bytes()).to_le_bytes());
        self.file.write_all_at(&bytes, 0).map_err(Error::io(&self.path))
    }
}

fn read_mark(bytes: &[u8]) -> Option<Seq> {
    let (seq, sum) = bytes.split_at_checked(8)?;
    let seq: [u8; 8] = seq.try_into().ok()?;
    (crc32fast::hash(&seq).to_le_bytes() == *sum).then(|| Seq(u64::from_le_bytes(seq)))
}

//! Why a store cannot be opened, or ended: each with what to do about it.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;
use tradepit_engine::{Number, Seq};

/// The reasons. None of them was half done: what was confirmed is kept, what was not is not told to anybody.
#[derive(Debug, Error)]
pub enum Error {
    /// Another process has the folder.
    #[error("another server is using the data folder {}: stop it, or choose another --data-dir", .0.display())]
    InUse(PathBuf),
    /// A file of the folder is a link to a file elsewhere.
    #[error("{} is a link to {}: choose the folder that it leads to as --data-dir, or put the file itself here", .path.display(), .target.display())]
    Link {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// A file of the folder has another name elsewhere.
    #[error("{} is one file under {names} names (hard links), and another folder may use it: remove the other names, or put a copy here", .path.display())]
    Names {
        /// The name here.
        path: PathBuf,
        /// How many there are.
        names: u64,
    },
    /// A file beside the database is of another database.
    #[error(
        "{} and {} do not belong together: one of them was replaced, and nothing was changed. To go on from the database \
         alone remove {}. To go on from a backup: tradepit restore --force --from FILE --data-dir {}",
        .database.display(), .stranger.display(), listed(.remove), .dir.display()
    )]
    Stranger {
        /// The database.
        database: PathBuf,
        /// The file that is not its own.
        stranger: PathBuf,
        /// The folder.
        dir: PathBuf,
        /// Every file without which the database stands alone.
        remove: Vec<PathBuf>,
    },
    /// The files were taken away while a server wrote them.
    #[error("{} is gone, or is not the file that it was: the data folder was removed or replaced while it was in use. Put it back, or restore a backup, and start again", .0.display())]
    Gone(PathBuf),
    /// What shall be restored would replace a database.
    #[error("there is a database in {} already: choose an empty folder, or set it aside with --force", .0.display())]
    Occupied(PathBuf),
    /// There is no database here.
    #[error("there is no Tradepit database in {}", .0.display())]
    Missing(PathBuf),
    /// A file of another program, or of none.
    #[error("{} is not a Tradepit database, or its header is damaged: choose another --data-dir, or restore a backup", .0.display())]
    Foreign(PathBuf),
    /// A newer Tradepit wrote it.
    #[error("{} was written by a newer Tradepit (schema {version}, this one knows {known}): use that one", .path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema's version.
        version: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// An older Tradepit wrote it, and whoever only reads cannot bring it up to date.
    #[error("{} was written by an older Tradepit (schema {version}, this one reads {known}): start `tradepit serve` on its folder, a backup as tradepit.db in an empty one; that brings it up to date", .path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// Its schema's version.
        version: u32,
        /// The one that this program reads.
        known: u32,
    },
    /// What is there is not what was written.
    #[error("{} is damaged: {what}. Nothing was changed; restore a backup, or keep the files and ask for help", .path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The disk has no room.
    #[error("the disk is full: {} cannot be written. Make room and start again; what was acknowledged is kept", .0.display())]
    Full(PathBuf),
    /// The folder or a file in it cannot be used.
    #[error("{}: {source}{}", .path.display(), advice(.source))]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A thread of the store ended by a panic, which the log shows: a mistake of this program.
    #[error("the thread {0} of the store panicked; see the log, and report it")]
    Panicked(&'static str),
    /// What should be kept does not follow what is: kept all the same, it could never be read again.
    #[error(
        "change {} (of status: {}) came where change {} ({}) belongs: a mistake in Tradepit, please report it",
        .found.0.0, .found.1.0, .expected.0.0, .expected.1.0
    )]
    OutOfOrder {
        /// The numbers of the change that comes next.
        expected: (Number, Seq),
        /// Those of the one that came.
        found: (Number, Seq),
    },
    /// SQLite failed otherwise.
    #[error("{}: {source}{}", .path.display(), advice_on_sqlite(.source))]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

fn listed(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    match paths.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; the server needs to write there: choose another --data-dir, or its owner"
        }
        _ => "",
    }
}

fn advice_on_sqlite(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        // SQLite does not tell a file that may not grow from a disk that fails.
        Some(ErrorCode::SystemIoFailure) => {
            "; the disk is full, or it fails. Make room and start again; what was acknowledged is kept"
        }
        _ => "",
    }
}

impl Error {
    pub(crate) fn damaged(path: impl Into<PathBuf>, what: impl Into<String>) -> Error {
        Error::Damaged { path: path.into(), what: what.into() }
    }

    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::Io { path: path.into(), source }
    }

    /// What SQLite says, in our words where we have some.
    pub(crate) fn sqlite(path: impl Into<PathBuf>) -> impl FnOnce(rusqlite::Error) -> Error {
        move |source| {
            let path = path.into();
            match source.sqlite_error_code() {
                // SQLite may repeat what it cannot read, of many lines.
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Error::damaged(path, source.to_string().lines().next().unwrap_or_default())
                }
                Some(ErrorCode::DiskFull) => Error::Full(path),
                _ => match source {
                    // Our own tables hold what cannot be read as what we wrote.
                    rusqlite::Error::FromSqlConversionFailure(..)
                    | rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::IntegralValueOutOfRange(..) => Error::damaged(path, source.to_string()),
                    source => Error::Sqlite { path, source },
                },
            }
        }
    }
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// As many questions wait as may.
    #[error("the store has as many questions waiting as it may; try again")]
    Busy,
    /// The store failed; [`crate::Confirm`] was told why.
    #[error("the store has failed")]
    Failed,
}

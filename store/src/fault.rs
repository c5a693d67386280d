//! What goes wrong with a database: SQLite fails, or what it returns is not what was written.

use rusqlite::types::FromSqlError;

/// What is not as it was written, in words that end a sentence.
pub(crate) type Damage = String;

/// Why something could not be read, or not be brought to what was read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// A checksum, a number or a rule says so.
    Damaged(Damage),
}

pub(crate) type Read<T> = Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Sqlite(error)
    }
}

/// A column of another type than was written.
impl From<FromSqlError> for Fault {
    fn from(error: FromSqlError) -> Fault {
        Fault::Sqlite(error.into())
    }
}

impl From<Damage> for Fault {
    fn from(what: Damage) -> Fault {
        Fault::Damaged(what)
    }
}

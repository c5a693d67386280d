//! What goes wrong with a database: SQLite fails, or what it returns is not what was written.

use rusqlite::types::FromSqlError;

/// What is not as it was written, in words that end a sentence.
pub(crate) type Damage = String;

/// Why something could not be read, or not be brought to what was read.
#[derive(Debug)]
pub(crate) enum Failure {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// A checksum, a number or a rule says so.
    Damage(Damage),
}

pub(crate) type Read<T> = Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Sqlite(error)
    }
}

/// A column of another type than was written.
impl From<FromSqlError> for Failure {
    fn from(error: FromSqlError) -> Failure {
        Failure::Sqlite(error.into())
    }
}

impl From<Damage> for Failure {
    fn from(what: Damage) -> Failure {
        Failure::Damage(what)
    }
}

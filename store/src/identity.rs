//! Which database this is, and whether the files beside it belong to it.
//!
//! A database has an id of its own, and its log says whose it is: the first transaction of every log writes the id
//! anew, with the log's generation (`stamp.rs`). SQLite itself takes any log that stands beside a database for its own.
//! Where the file lies is written down too, so that a copy of it knows that it is one. Knows nothing of orders; what it
//! says stands among the marks.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use rusqlite::Connection;
use tradepit_engine::Number;

use crate::damage::{Failure, Read};
use crate::error::Error;
use crate::folder::Folder;
use crate::{marks, schema};

const ID: &str = "database";
const PARENT: &str = "parent";
const GENERATION: &str = "generation";
const HOME: &str = "home";
const COPY: &str = "copy";

/// What a log begins with (the SQLite file format, section 4.1); the last bit is the byte order of its sums.
const LOG_MAGIC: [u8; 3] = [0x37, 0x7f, 0x06];

/// The id of a database: a number of 63 bits that no other has. A copy that lives on gets one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DatabaseId(pub u64);

/// What a database says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) id: DatabaseId,
    /// Whose copy it was, until that can no longer be told from a log of the original.
    parent: Option<DatabaseId>,
    /// Of the newest log that wrote it. One is brought into the database whole before the next begins.
    generation: u64,
    /// The file that was last at work.
    home: u64,
    /// It is a copy that still would give ids by the original's secret.
    pub(crate) copy: bool,
}

impl Identity {
    /// Reads it; `None` where an older Tradepit made the database.
    pub(crate) fn read(connection: &Connection) -> Read<Option<Identity>> {
        let mut found = [None; 5];
        for (value, name) in found.iter_mut().zip([ID, PARENT, GENERATION, HOME, COPY]) {
            *value = marks::find(connection, name)?.map(|Number(value)| value);
        }
        let [id, parent, generation, home, copy] = found;
        Ok(id.map(|id| Identity {
            id: DatabaseId(id),
            parent: parent.filter(|&parent| parent != 0).map(DatabaseId),
            generation: generation.unwrap_or(0),
            home: home.unwrap_or(0),
            copy: copy.unwrap_or(0) != 0,
        }))
    }

    /// Writes it, all of it, also where it says the same: what matters is that the log has it.
    pub(crate) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        let parent = self.parent.map_or(0, |parent| parent.0);
        let (generation, home, copy) = (self.generation, self.home, u64::from(self.copy));
        let marks = [(ID, self.id.0), (PARENT, parent), (GENERATION, generation), (HOME, home), (COPY, copy)];
        marks.into_iter().try_for_each(|(name, value)| marks::write(connection, name, Number(value)))
    }

    /// What the next log says, once the database has all of this one.
    pub(crate) fn of_next_log(self) -> Identity {
        Identity { generation: self.generation + 1, parent: None, ..self }
    }

    /// The same, once ids are given by a secret of its own.
    pub(crate) fn with_own_key(self) -> Identity {
        Identity { copy: false, ..self }
    }

    /// Whether a log that says this can have been written onto a database that says this by itself.
    fn continues(&self, alone: Alone) -> bool {
        match alone {
            Alone::Unknown => true,
            // This is the first log since.
            Alone::Nothing => self.generation <= 1,
            Alone::Says(alone) => {
                (self.id == alone.id || self.parent == Some(alone.id))
                    && (alone.generation..=alone.generation + 1).contains(&self.generation)
            }
        }
    }

    /// Whether what was acknowledged under this id was acknowledged of this database.
    pub(crate) fn knows(&self, id: DatabaseId) -> bool {
        self.id == id || self.parent == Some(id)
    }
}

/// What a database says without its log.
#[derive(Clone, Copy, Debug)]
enum Alone {
    /// It cannot be read: a crash amid a checkpoint may leave it so.
    Unknown,
    /// Nothing: an older Tradepit made it, or it was just made.
    Nothing,
    Says(Identity),
}

/// What a folder's database says of itself, with its log and without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) now: Option<Identity>,
    alone: Alone,
}

impl Found {
    /// Looks at a database that nobody writes, and changes nothing. A log that is not its own is refused.
    pub(crate) fn look(folder: &Folder) -> Result<Found, Error> {
        let path = folder.database();
        let read = |connection: Result<Connection, Error>| connection.ok().map(|found| Identity::read(&found));
        let alone = match read(schema::connect_alone(&path)) {
            Some(Ok(found)) => found.map_or(Alone::Nothing, Alone::Says),
            Some(Err(_)) | None => Alone::Unknown,
        };
        let now = match read(schema::connect_to_read(&path)) {
            Some(Ok(now)) => now,
            Some(Err(Failure::Damage(what))) => return Err(Error::damaged(path, what)),
            // Those who look at all of it tell what is wrong.
            Some(Err(Failure::Sqlite(_))) | None => return Ok(Found { now: None, alone }),
        };
        let belongs = match now {
            Some(now) => now.continues(alone),
            None => !matches!(alone, Alone::Says(_)),
        };
        // A copy that was never at work has no log yet. One that says nothing was not written by this version.
        let new_copy = now.is_some_and(|now| now.home == 0) && has_log(&folder.wal());
        if belongs && !new_copy { Ok(Found { now, alone }) } else { Err(folder.stranger(&folder.wal())) }
    }

    /// What the first log of this start says: the database's own id, or where it is a copy at its first start a new
    /// one.
    pub(crate) fn settle(&self, folder: &Folder, new_id: DatabaseId) -> Result<Identity, Error> {
        let path = folder.database();
        let home = home_of(&path).map_err(Error::io(&path))?;
        let Some(now) = self.now else {
            return Ok(Identity { id: new_id, parent: None, generation: 1, home, copy: false });
        };
        // The log goes on where the database does not have all of it yet.
        let carried = matches!(self.alone, Alone::Says(alone) if alone.generation == now.generation);
        let generation = now.generation + u64::from(carried);
        if now.home == home {
            return Ok(Identity { generation, ..now });
        }
        // A copy by `backup` has an id that only it has; a copied file has that of the original.
        let id = if now.home == 0 { now.id } else { new_id };
        Ok(Identity { id, parent: Some(now.id).filter(|&parent| parent != id), generation, home, copy: true })
    }
}

/// Makes a copy, which nobody else has yet, a database of its own.
pub(crate) fn rename_copy(connection: &Connection) -> rusqlite::Result<()> {
    let generation = match Identity::read(connection) {
        Ok(identity) => identity.map_or(0, |identity| identity.generation),
        Err(Failure::Damage(_)) => 0,
        Err(Failure::Sqlite(error)) => return Err(error),
    };
    Identity { id: draw_id(connection)?, parent: None, generation, home: 0, copy: true }.write(connection)
}

/// Draws a new id. SQLite asks the system for randomness.
pub(crate) fn draw_id(connection: &Connection) -> rusqlite::Result<DatabaseId> {
    let drawn: i64 = connection.query_row("SELECT random()", [], |row| row.get(0))?;
    // None is 0: that stands for no id.
    Ok(DatabaseId(drawn.cast_unsigned() >> 1 | 1))
}

/// What tells a file from a copy of it: its inode, and when it was made, as far as the file system knows that. Never 0.
fn home_of(path: &Path) -> std::io::Result<u64> {
    let file = fs::metadata(path)?;
    let made = file.created().ok().and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    let made = made.map_or([0; 16], |made| made.as_nanos().to_le_bytes());
    let sum = crc32fast::hash(&[&file.ino().to_le_bytes()[..], &made].concat());
    Ok(u64::from(sum) << 1 | 1)
}

/// Whether a log was begun. One that is only given room in advance has zeros.
fn has_log(path: &Path) -> bool {
    use std::io::Read;
    let mut begin = [0; LOG_MAGIC.len()];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok() && begin == LOG_MAGIC
}

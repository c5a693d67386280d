//! The tables, and who may open them. docs/operating.md documents them for whoever looks with sqlite3.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempPath;
use tradepit_engine::Number;

use crate::error::Error;
use crate::folder::Folder;
use crate::marks;
use crate::views::WHOLE;

/// How every SQLite database begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// "TPIT": what tells a database of ours from others (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x5450_4954;

/// The newest schema that this program knows (`PRAGMA user_version`).
pub(crate) const VERSION: u32 = 5;

/// The write-ahead log is brought into the database each time it has grown by so many pages (of 4 KiB).
pub(crate) const CHECKPOINT_PAGES: i32 = 1_000;

/// What connections keep of the database in memory: a reader little, for lists and replays run in order; the writer
/// more, for names stand anywhere in their index, but not while it starts: what it reads then it reads once.
const READER_CACHE_KIB: i64 = 2_048;
const WRITER_CACHE_KIB: i64 = 8_192;
const START_CACHE_KIB: i64 = 512;
/// A reader of one of many databases keeps so much.
const SMALL_CACHE_KIB: i64 = 256;

/// What a page takes in the write-ahead log.
const WAL_FRAME_BYTES: u64 = 24 + 4_096;

/// Readers wait so long for the moment that SQLite needs to find its bearings after a crash.
const BUSY_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);

/// Makes an empty database, under another name until it is whole: what stands under the right name and is empty is
/// damage, never a beginning.
pub(crate) fn create(folder: &Folder) -> Result<(), Error> {
    let (path, unfinished) = (folder.database(), folder.dir().join("tradepit.db.new"));
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let left_over = folder.dir().join(format!("tradepit.db.new{suffix}"));
        if left_over.exists() {
            fs::remove_file(&left_over).map_err(Error::io(&left_over))?;
        }
    }
    let make = |connection: &Connection| {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", VERSION)?;
        connection.execute_batch(&format!("BEGIN; {} COMMIT;", WHOLE.join(" ")))?;
        marks::write(connection, marks::SETTLED, Number(0))?;
        marks::write(connection, marks::HORIZON, Number(0))?;
        connection.pragma_update(None, "journal_mode", "wal")
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = connect(&unfinished, flags)?;
    make(&connection).map_err(Error::sqlite(&unfinished))?;
    connection.close().map_err(|(_, error)| Error::sqlite(&unfinished)(error))?;
    File::open(&unfinished).and_then(|file| file.sync_all()).map_err(Error::io(&unfinished))?;
    // Never onto another one: the lock's file may have been removed, and somebody else have begun here too.
    TempPath::try_from_path(&unfinished)
        .and_then(|unfinished| unfinished.persist_noclobber(&path).map_err(|failed| failed.error))
        .map_err(Error::io(&path))?;
    folder.sync()
}

/// Opens the one connection that writes, also where the schema is an older one. The header was looked at.
pub(crate) fn open_writer(folder: &Folder) -> Result<Connection, Error> {
    let path = folder.database();
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let prepare = |connection: &Connection| {
        // A log that lost its end is evidence: whoever refuses it, or fails, must not bring the rest into the database.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "cache_size", -START_CACHE_KIB)
    };
    prepare(&connection).map_err(Error::sqlite(&path))?;
    if version(&connection, &path)? == VERSION {
        check_schema(&connection, &path)?;
    }
    Ok(connection)
}

/// The start is over: the writer may keep more pages in memory.
pub(crate) fn widen_cache(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)
}

/// There are many databases: this one's reader keeps little in memory.
pub(crate) fn narrow_cache(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -SMALL_CACHE_KIB)
}

/// Gives the write-ahead log its full length at once: a sync then has no new blocks to note down, and takes little more
/// than half as long. To SQLite a log ends where its frames end; zeros are none. Nobody writes it meanwhile.
pub(crate) fn make_room_in_wal(folder: &Folder) -> Result<(), Error> {
    let path = folder.wal();
    let make = || {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path)?;
        let (length, full) = (file.metadata()?.len(), u64::from(CHECKPOINT_PAGES.unsigned_abs()) * WAL_FRAME_BYTES);
        let room = usize::try_from(full.saturating_sub(length)).unwrap_or(0);
        file.write_all_at(&vec![0; room], length)?;
        file.sync_all()
    };
    make().map_err(Error::io(&path))
}

/// Opens a connection that only reads, beside whoever writes. The header was looked at.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    look_over(connect_to_read(path)?, path)
}

/// The same, for a file that nobody writes and that has no log beside it: nothing is made there, also where that could
/// be.
pub(crate) fn open_alone(path: &Path) -> Result<Connection, Error> {
    look_over(connect_alone(path)?, path)
}

fn look_over(connection: Connection, path: &Path) -> Result<Connection, Error> {
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB).map_err(Error::sqlite(path))?;
    let version = version(&connection, path)?;
    if version < VERSION {
        return Err(Error::Older { path: path.to_owned(), version, known: VERSION });
    }
    check_schema(&connection, path)?;
    Ok(connection)
}

/// A connection that only reads, to a database that may be anything.
pub(crate) fn connect_to_read(path: &Path) -> Result<Connection, Error> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// The same, past its log, and without any lock. To be closed before others are opened: it takes their locks along.
pub(crate) fn connect_alone(path: &Path) -> Result<Connection, Error> {
    // SQLite takes such a wish in a URI only. Every byte of the path is spelled out: none of it is read as a part of
    // one.
    let mut uri = String::from("file:");
    for byte in std::path::absolute(path).map_err(Error::io(path))?.as_os_str().as_bytes() {
        uri.push_str(&format!("%{byte:02X}"));
    }
    uri.push_str("?immutable=1");
    open(Path::new(&uri), path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)
}

/// A connection to the file of that name, whatever the name is.
pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    // The SQLite that comes along would read what begins with "file:" as a URI, and ":memory:" as no file.
    open(&std::path::absolute(path).map_err(Error::io(path))?, path, flags)
}

fn open(name: &Path, path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(name, flags).map_err(Error::sqlite(path))?;
    let prepare = |connection: &Connection| {
        connection.busy_timeout(BUSY_WITHIN)?;
        connection.set_prepared_statement_cache_capacity(64);
        // A damaged file is found out at its first read, not followed.
        connection.pragma_update(None, "trusted_schema", "OFF")?;
        connection.pragma_update(None, "cell_size_check", "ON")
    };
    prepare(&connection).map_err(Error::sqlite(path))?;
    Ok(connection)
}

/// Looks at the file before SQLite does, which would take an empty file for a new database, and one whose header lost
/// its mark of WAL for one without.
///
/// The file stays open where SQLite has it open too: who closes a file gives up all locks that his process has on it.
pub(crate) fn check_header(path: &Path, mut file: &File) -> Result<(), Error> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(Error::io(path))?;
    file.take(100).read_to_end(&mut bytes).map_err(Error::io(path))?;
    if !MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]) {
        return Err(Error::Foreign(path.to_owned()));
    }
    let Ok(header) = <[u8; 100]>::try_from(bytes.as_slice()) else {
        return Err(Error::damaged(path, format!("it has only {} bytes", bytes.len())));
    };
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if number(68) != APPLICATION_ID as u32 {
        return Err(Error::Foreign(path.to_owned()));
    }
    if header[18..20] != [2, 2] {
        return Err(Error::damaged(path, "its header lost the mark of a write-ahead log"));
    }
    if number(60) > VERSION {
        return Err(Error::Newer { path: path.to_owned(), version: number(60), known: VERSION });
    }
    Ok(())
}

/// The version of its schema, which this program knows.
pub(crate) fn version(connection: &Connection, path: &Path) -> Result<u32, Error> {
    let version: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(Error::sqlite(path))?;
    if version == 0 {
        return Err(Error::damaged(path, "its header lost the schema's version"));
    }
    if version > VERSION {
        return Err(Error::Newer { path: path.to_owned(), version, known: VERSION });
    }
    Ok(version)
}

/// Requires that the schema is, to the letter, what a new database of this program has. Of views there are the same
/// ones: what they show is another build's, until a start makes them anew (`views.rs`).
pub(crate) fn check_schema(connection: &Connection, path: &Path) -> Result<(), Error> {
    let read = |connection: &Connection| {
        let select = "SELECT type, name, iif(type = 'view', NULL, sql) FROM sqlite_schema \
            WHERE name NOT LIKE 'sqlite_stat%'";
        let mut statement = connection.prepare(select)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<Vec<(String, String, Option<String>)>, _>>()
    };
    let expected = || {
        let connection = Connection::open_in_memory()?;
        WHOLE.iter().try_for_each(|parts| connection.execute_batch(parts))?;
        read(&connection)
    };
    let mut found = read(connection).map_err(Error::sqlite(path))?;
    let mut expected = expected().map_err(Error::sqlite(path))?;
    found.sort();
    expected.sort();
    if found == expected { Ok(()) } else { Err(Error::damaged(path, "its tables are not those that were made")) }
}

//! The few numbers that a database keeps beside its rows, and the secrets that ids were made with.

use rusqlite::{Connection, OptionalExtension, params};
use tradepit_engine::{Seq, Time};

use crate::record::{Fault, IdKey, sum_of_id_key, sum_of_mark, sum_of_retired};

/// All changes up to this one are in the table of orders. It may lag behind what is true.
pub(crate) const SETTLED: &str = "settled";

/// All orders that were closed by this change were removed, and their events.
pub(crate) const HORIZON: &str = "horizon";

/// Sets a mark.
pub(crate) fn write(connection: &Connection, name: &str, seq: Seq) -> rusqlite::Result<()> {
    let value = seq.0.cast_signed();
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO marks VALUES (?1, ?2, ?3)")?;
    statement.execute(params![name, value, sum_of_mark(name, value)]).map(drop)
}

/// Reads a mark, which must be there.
pub(crate) fn read(connection: &Connection, name: &str) -> rusqlite::Result<Result<Seq, Fault>> {
    let found = find(connection, name)?;
    Ok(found.and_then(|mark| mark.ok_or_else(|| format!("the mark {name:?} is missing"))))
}

/// Reads a mark, which may be missing.
pub(crate) fn find(connection: &Connection, name: &str) -> rusqlite::Result<Result<Option<Seq>, Fault>> {
    let mut statement = connection.prepare_cached("SELECT value, crc FROM marks WHERE name = ?1")?;
    let found: Option<(i64, i64)> = statement.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(match found {
        Some((value, sum)) if sum == sum_of_mark(name, value) => Ok(Some(Seq(value.cast_unsigned()))),
        Some(_) => Err(format!("the mark {name:?} is not what was written")),
        None => Ok(None),
    })
}

/// All changes up to this one are in the table of orders: the mark, or further.
///
/// Orders enter their table in order, so the last one in it tells how far it is at least. Where that one was removed
/// meanwhile, the horizon does: only what is settled is removed.
pub(crate) fn settled(connection: &Connection) -> rusqlite::Result<Result<Seq, Fault>> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM settled")?;
    let last_order: i64 = statement.query_row([], |row| row.get(0))?;
    let (mark, horizon) = (read(connection, SETTLED)?, read(connection, HORIZON)?);
    Ok(mark.and_then(|mark| Ok(mark.max(horizon?).max(Seq(last_order.cast_unsigned())))))
}

/// The newest change.
pub(crate) fn last_seq(connection: &Connection) -> rusqlite::Result<Seq> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM events")?;
    statement.query_row([], |row| Ok(Seq(row.get::<_, i64>(0)?.cast_unsigned())))
}

/// When the newest change happened.
pub(crate) fn last_at(connection: &Connection) -> rusqlite::Result<Option<Time>> {
    let mut statement = connection.prepare_cached("SELECT at FROM events ORDER BY seq DESC LIMIT 1")?;
    statement.query_row([], |row| row.get(0).map(Time)).optional()
}

/// Every secret that ids were made with, oldest first.
pub(crate) fn id_keys(connection: &Connection) -> rusqlite::Result<Result<Vec<IdKey>, Fault>> {
    let mut statement = connection.prepare("SELECT first_seq, id_key, crc FROM id_keys ORDER BY first_seq")?;
    let mut rows = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let (first_seq, key, sum): (i64, [u8; 32], i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if sum != sum_of_id_key(first_seq, &key) {
            return Ok(Err(format!("the id key of change {first_seq} is not what was written")));
        }
        keys.push(IdKey { first_seq: Seq(first_seq.cast_unsigned()), key });
    }
    Ok(Ok(keys))
}

/// Every client's name for an order that is no longer kept must be what was written.
pub(crate) fn check_retired(connection: &Connection) -> rusqlite::Result<Result<(), Fault>> {
    let mut statement = connection.prepare("SELECT client_order_id, crc FROM retired")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str()?;
        if row.get::<_, i64>(1)? != sum_of_retired(name) {
            return Ok(Err(format!("the retired name {name:?} is not what was written")));
        }
    }
    Ok(Ok(()))
}

/// Remembers a secret. One that was never used, because no change came, gives way to it.
pub(crate) fn add_id_key(connection: &Connection, id_key: &IdKey) -> rusqlite::Result<()> {
    let (first_seq, key) = (id_key.first_seq.0.cast_signed(), &id_key.key);
    let sum = sum_of_id_key(first_seq, key);
    connection.execute("INSERT OR REPLACE INTO id_keys VALUES (?1, ?2, ?3)", params![first_seq, key, sum]).map(drop)
}

//! From version 4 of the tables, in which there were no rules.

use rusqlite::Connection;

use crate::damage::Read;
use crate::tables::OF_RULES;

/// Nothing of it was kept: there is nothing to move.
pub(super) fn move_all(connection: &Connection) -> Read<()> {
    Ok(connection.execute_batch(OF_RULES)?)
}

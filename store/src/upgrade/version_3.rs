//! From version 3 of the tables, which had no bars of what was traded.

use rusqlite::Connection;
use tradepit_engine::Number;

use super::TELL_EVERY;
use crate::bars;
use crate::damage::Read;
use crate::step::{Step, Tell};
use crate::tables::{OF_MARKET, OF_RULES};

/// Makes the bars of all changes that are kept, up to the newest one.
pub(super) fn move_all(connection: &Connection, last: Number, tell: Tell<'_>) -> Read<()> {
    [OF_MARKET, OF_RULES].iter().try_for_each(|tables| connection.execute_batch(tables))?;
    let mut told = 0;
    bars::make_all(connection, |first, number| {
        let (done, of) = (number.0.saturating_sub(first.0), last.0.saturating_sub(first.0));
        if done / TELL_EVERY > told {
            told = done / TELL_EVERY;
            tell(Step::Upgrade, done, of);
        }
    })
}

//! The table `positions`: what each account has of each instrument.

use rusqlite::{Connection, Row, params};
use tradepit_engine::{AccountNumber, Clearing, Position, Symbol};

use crate::accounts::{known, sum, wrong};
use crate::damage::{Failure, Read};
use crate::record::{Garbled, read_money, read_symbol};
use crate::total::Total;

pub(crate) fn write_position(
    connection: &Connection,
    account: AccountNumber,
    symbol: Symbol,
    position: &Position,
    total: &mut Total,
) -> rusqlite::Result<()> {
    let (account, symbol) = (i64::from(account), symbol.as_str());
    let Position { lots, cost, realized } = position;
    let (lots, cost, realized) = (lots.to_string(), cost.to_string(), realized.to_string());
    let sum = sum(account, &[symbol, &lots, &cost, &realized]);
    let before = "SELECT crc FROM positions WHERE account = ?1 AND symbol = ?2";
    total.replace(connection, (before, params![account, symbol]), sum)?;
    let insert = "INSERT OR REPLACE INTO positions VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(insert)?.execute(params![account, symbol, lots, cost, realized, sum]).map(drop)
}

pub(crate) fn read_position(row: &Row<'_>, clearing: &Clearing) -> Read<(AccountNumber, Symbol, Position)> {
    let (account, text) = (row.get::<_, i64>(0)?, |place| row.get_ref(place)?.as_str().map_err(Failure::from));
    let (symbol, lots, cost, realized) = (text(1)?, text(2)?, text(3)?, text(4)?);
    let is_intact = row.get::<_, i64>(5)? == sum(account, &[symbol, lots, cost, realized]);
    let read = || {
        let lots = lots.parse().map_err(|_| Garbled)?;
        let position = Position { lots, cost: read_money(cost)?, realized: read_money(realized)? };
        Ok::<_, Garbled>((known(account, clearing)?, read_symbol(symbol)?, position))
    };
    let is_listed = |symbol: &Symbol| clearing.find(*symbol).is_some();
    let found = read().ok().filter(|(_, symbol, _)| is_intact && is_listed(symbol));
    found.ok_or_else(|| wrong(format!("the position in {symbol} of account {account}")))
}

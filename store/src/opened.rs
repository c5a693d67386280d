//! The tables `accounts` and `payments`: the accounts that clients opened, and what came and went beside trades.

use rusqlite::{Connection, Row, params};
use tradepit_engine::{Account, AccountNumber, Clearing, Payments, Symbol};

use crate::accounts::{known, sum, sum_of_record, wrong};
use crate::damage::Read;
use crate::record::{Garbled, VERSION, push_account, read_account, read_money, read_symbol, text_of};
use crate::total::Total;

pub(crate) fn write_account(
    connection: &Connection,
    number: AccountNumber,
    account: &Account,
    total: &mut Total,
) -> rusqlite::Result<()> {
    let (number, mut record) = (i64::from(number), Vec::new());
    push_account(&mut record, account);
    let record = text_of(&record);
    let sum = sum_of_record(number, VERSION, record);
    total.add(sum);
    let mut statement = connection.prepare_cached("INSERT INTO accounts VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![number, VERSION, sum, record]).map(drop)
}

pub(crate) fn write_payments(
    connection: &Connection,
    account: AccountNumber,
    code: Symbol,
    payments: &Payments,
    total: &mut Total,
) -> rusqlite::Result<()> {
    let (account, code) = (i64::from(account), code.as_str());
    let (paid_in, fees) = (payments.paid_in.to_string(), payments.fees.to_string());
    let sum = sum(account, &[code, &paid_in, &fees]);
    let before = "SELECT crc FROM payments WHERE account = ?1 AND currency = ?2";
    total.replace(connection, (before, params![account, code]), sum)?;
    let insert = "INSERT OR REPLACE INTO payments VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(insert)?.execute(params![account, code, paid_in, fees, sum]).map(drop)
}

pub(crate) fn read_opened(row: &Row<'_>) -> Read<(i64, Account)> {
    let (number, version, crc): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (record, what) = (row.get_ref(3)?.as_str()?, format!("the account {number}"));
    if crc != sum_of_record(number, version, record) {
        return Err(wrong(what));
    }
    let account = read_account(version, record).map_err(|misread| misread.of(&what))?;
    Ok((number, account))
}

pub(crate) fn read_payments(row: &Row<'_>, clearing: &Clearing) -> Read<(AccountNumber, Symbol, Payments)> {
    let (account, currency): (i64, _) = (row.get(0)?, row.get_ref(1)?.as_str()?);
    let (paid_in, fees) = (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
    let is_intact = row.get::<_, i64>(4)? == sum(account, &[currency, paid_in, fees]);
    let read = || {
        let payments = Payments { paid_in: read_money(paid_in)?, fees: read_money(fees)? };
        Ok::<_, Garbled>((known(account, clearing)?, read_symbol(currency)?, payments))
    };
    let found = read().ok().filter(|_| is_intact);
    found.ok_or_else(|| wrong(format!("the payments in {currency} of account {account}")))
}

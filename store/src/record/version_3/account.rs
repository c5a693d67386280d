//! Accounts, and what is transferred, in their records.

use tradepit_engine::{Account, AccountId, AccountKind, AccountOpened, SelfTrade, Symbol, Time, Transferred};

use super::words;
use crate::record::Misread;
use crate::record::amounts::{push_money, read_decimal, read_money};
use crate::record::parts::read_symbol;
use crate::record::text::{Garbled, Reader, push_number, push_plain};

/// The record of an account that a client opened, which stands alone: when, and what it may do.
pub(crate) fn push_account(record: &mut Vec<u8>, account: &Account) {
    let Account { id, kind, currency, leverage, self_trade, opened_at } = *account;
    record.push(b'[');
    push_number(record, opened_at.unwrap_or_default().0);
    push_settings(record, &AccountOpened { id, kind, currency, leverage, self_trade, cash: Vec::new() });
    record.push(b']');
}

/// Reads the record of an account.
pub(crate) fn read_account(reader: &mut Reader<'_>) -> Result<Account, Misread> {
    reader.open()?;
    let opened_at = Time(reader.number()?);
    let account = read_settings(reader)?.account(opened_at);
    reader.close()?;
    Ok(account)
}

/// Appends what an account is, and what it begins with.
pub(super) fn push_opened(records: &mut Vec<u8>, opened: &AccountOpened) {
    push_settings(records, opened);
    for (code, amount) in &opened.cash {
        records.push(b',');
        push_plain(records, code.as_str());
        records.push(b',');
        push_money(records, *amount);
    }
}

/// Reads what [`push_opened`] writes.
pub(super) fn read_opened(reader: &mut Reader<'_>) -> Result<AccountOpened, Garbled> {
    let mut opened = read_settings(reader)?;
    while !reader.is_at_end() {
        let code = next_symbol(reader)?;
        reader.comma()?;
        opened.cash.push((code, read_money(reader.plain_text()?)?));
    }
    Ok(opened)
}

fn push_settings(records: &mut Vec<u8>, opened: &AccountOpened) {
    records.push(b',');
    push_plain(records, opened.id.as_str());
    words::push(records, opened.kind);
    records.push(b',');
    push_plain(records, opened.currency.as_str());
    records.push(b',');
    push_plain(records, opened.leverage);
    words::push(records, opened.self_trade);
}

fn read_settings(reader: &mut Reader<'_>) -> Result<AccountOpened, Garbled> {
    reader.comma()?;
    let id = AccountId::new(reader.plain_text()?).map_err(|_| Garbled)?;
    let kind: AccountKind = words::next(reader)?;
    let currency = next_symbol(reader)?;
    reader.comma()?;
    let leverage = read_decimal(reader.plain_text()?)?;
    let self_trade: SelfTrade = words::next(reader)?;
    Ok(AccountOpened { id, kind, currency, leverage, self_trade, cash: Vec::new() })
}

/// Appends whose money was transferred, and how much.
pub(super) fn push_transferred(records: &mut Vec<u8>, transferred: &Transferred) {
    records.push(b',');
    push_number(records, transferred.account.into());
    records.push(b',');
    push_plain(records, transferred.currency.as_str());
    records.push(b',');
    push_money(records, transferred.amount);
}

/// Reads what [`push_transferred`] writes.
pub(super) fn read_transferred(reader: &mut Reader<'_>) -> Result<Transferred, Garbled> {
    let account = u32::try_from(reader.next_number()?).map_err(|_| Garbled)?;
    let currency = next_symbol(reader)?;
    reader.comma()?;
    Ok(Transferred { account, currency, amount: read_money(reader.plain_text()?)? })
}

fn next_symbol(reader: &mut Reader<'_>) -> Result<Symbol, Garbled> {
    reader.comma()?;
    read_symbol(reader.plain_text()?)
}

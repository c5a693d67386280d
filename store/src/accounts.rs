//! What is listed, and who has what, as the changes up to the mark `settled` made it: the tables `listings`,
//! `accounts`, `cash`, `payments`, `positions` and `market`.
//!
//! The writer keeps all of it in memory, brings it on by each change that it settles, and writes the rows that these
//! touched in the same transaction. Amounts are decimals in text: 128 bits are more than SQLite counts.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};
use tradepit_engine::{
    AccountNumber, Body, Clearing, CurrencyNumber, Event, Holdings, InstrumentNumber, Ledger, Listing, Money, Payments,
    Symbol,
};

use crate::damage::{Damage, Failure, Read};
use crate::market;
use crate::opened::{read_opened, read_payments, write_account, write_payments};
use crate::positions::{read_position, write_position};
use crate::record::{Garbled, VERSION, push_listing, read_listing, read_money, read_symbol, text_of};
use crate::sum::Sum;
use crate::total::Total;
use crate::{blocks, journal, marks};

/// What is listed, and who has what.
#[derive(Debug)]
pub(crate) struct Accounts {
    clearing: Clearing,
    /// So many instruments are in their table.
    listed: usize,
    /// Those that were listed since, as they were then.
    unlisted: Vec<Listing>,
    /// So many accounts are in their table, or are always there.
    opened: usize,
    /// Who traded what since the rows were written.
    touched: BTreeSet<(AccountNumber, InstrumentNumber)>,
    /// What traded, was quoted by hand, or is otherwise, since then.
    moved: BTreeSet<InstrumentNumber>,
    /// Who got or paid which currency beside.
    paid: BTreeSet<(AccountNumber, CurrencyNumber)>,
    /// What stands for all rows as they are written.
    total: Total,
}

impl Accounts {
    /// Reads the tables.
    pub(crate) fn read(connection: &Connection) -> Read<Accounts> {
        let mut total = Total::default();
        let mut clearing = read_listings(connection, &mut total)?;
        each(connection, "SELECT number, version, crc, record FROM accounts ORDER BY number", &mut total, |row| {
            let (number, account) = read_opened(row)?;
            if clearing.find_account(account.id).is_some() || i64::from(clearing.add_account(account)) != number {
                return Err(wrong(format!("the account {number}")));
            }
            Ok(())
        })?;
        each(connection, "SELECT account, currency, amount, crc FROM cash", &mut total, |row| {
            let (account, currency, amount) = read_cash(row, &clearing)?;
            clearing.restore_cash(account, currency, amount);
            Ok(())
        })?;
        each(connection, "SELECT account, currency, paid_in, fees, crc FROM payments", &mut total, |row| {
            let (account, currency, payments) = read_payments(row, &clearing)?;
            clearing.restore_payments(account, currency, payments);
            Ok(())
        })?;
        each(connection, "SELECT account, symbol, lots, cost, realized, crc FROM positions", &mut total, |row| {
            let (account, symbol, position) = read_position(row, &clearing)?;
            clearing.restore_position(account, symbol, position);
            Ok(())
        })?;
        market::read(connection, &mut clearing, &mut total)?;
        Ok(Accounts::of(clearing, total))
    }

    /// Requires that the rows are of one moment.
    pub(crate) fn check_total(&self, connection: &Connection) -> Read<()> {
        self.total.check(connection)
    }

    /// The same, with what the tables do not have yet.
    pub(crate) fn as_of_newest(connection: &Connection) -> Read<Accounts> {
        let (mut accounts, settled) = (Accounts::read(connection)?, marks::read(connection, marks::SETTLED)?);
        for event in journal::events_after(connection, settled)? {
            accounts.apply(&event)?;
        }
        Ok(accounts)
    }

    /// The same, after everything of `initial` was listed that was not yet.
    pub(crate) fn read_and_list(connection: &Connection, initial: &[Listing]) -> Read<Accounts> {
        let mut accounts = Accounts::read(connection)?;
        let is_first = accounts.listed == 0;
        // What cannot be listed was never in a configuration: those are looked at where they are read.
        for listing in initial {
            let _ = accounts.clearing.list(listing);
        }
        if is_first {
            // Orders of before there were instruments have theirs, too.
            blocks::each_open(connection, |block| {
                for order in block.orders.iter().filter(|order| !order.state.is_closed()) {
                    let _ = accounts.clearing.list(&Listing::of_unknown(order.symbol));
                }
            })?;
        }
        accounts.write(connection)?;
        Ok(accounts)
    }

    /// Nobody has anything yet, and all is as it was listed.
    pub(crate) fn at_first(connection: &Connection) -> Read<Accounts> {
        let mut total = Total::default();
        Ok(Accounts::of(read_listings(connection, &mut total)?, total))
    }

    /// Those of a clearing whose rows are written.
    fn of(clearing: Clearing, total: Total) -> Accounts {
        let (listed, opened) = (clearing.instruments().len(), clearing.ledger().len());
        let (touched, paid, moved) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Accounts { clearing, listed, unlisted: Vec::new(), opened, touched, paid, moved, total }
    }

    pub(crate) fn clearing(&self) -> &Clearing {
        &self.clearing
    }

    pub(crate) fn into_clearing(self) -> Clearing {
        self.clearing
    }

    /// Something of an instrument is otherwise.
    fn move_instrument(&mut self, event: &Event, symbol: Symbol) -> Result<(), Damage> {
        let number = self.clearing.find(symbol).ok_or_else(|| missing(event, symbol))?;
        self.clearing.apply(event);
        self.moved.insert(number);
        Ok(())
    }

    /// Brings it on by the next change that is settled.
    ///
    /// That an order is accepted moves nothing, and need not be told: what it is for is listed before.
    pub(crate) fn apply(&mut self, event: &Event) -> Result<(), Damage> {
        let (symbol, parties) = match &event.body {
            Body::Accepted(_)
            | Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Arrived(_)
            | Body::Ended(_)
            | Body::Amended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Triggered(_)
            | Body::RowsChanged(_)
            | Body::Followed(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => {
                return Ok(());
            }
            Body::Listed(listing) => {
                let before = self.clearing.instruments().len();
                self.clearing.apply(event);
                self.unlisted.extend((self.clearing.instruments().len() > before).then_some(**listing));
                return Ok(());
            }
            Body::InstrumentChanged(changed) => return self.move_instrument(event, changed.symbol),
            Body::Quoted(quoted) => return self.move_instrument(event, quoted.symbol),
            Body::AccountOpened(opened) => {
                if self.clearing.find_account(opened.id).is_some() {
                    return Err(format!("change {} opens {:?}, which is open", event.number.0, opened.id));
                }
                let number = self.clearing.ledger().len() as AccountNumber;
                self.clearing.apply(event);
                self.pay(number, opened.cash.iter().map(|(code, _)| *code));
                return Ok(());
            }
            Body::Transferred(transferred) => {
                let missing = || format!("change {} is of an account that is missing", event.number.0);
                self.clearing.account(transferred.account).ok_or_else(missing)?;
                self.clearing.apply(event);
                self.pay(transferred.account, [transferred.currency]);
                return Ok(());
            }
            Body::Bought(trade) => (trade.order.symbol, [Clearing::DEFAULT, Ledger::HOUSE]),
            Body::Filled(filled) => match &filled.settles_with {
                Some(other) => (filled.order.symbol, [filled.party.account, other.account]),
                None => return Ok(()),
            },
        };
        let instrument = self.clearing.find(symbol).ok_or_else(|| missing(event, symbol))?;
        self.clearing.apply(event);
        self.moved.insert(instrument);
        self.touched.extend(parties.into_iter().chain([Ledger::FEES]).map(|account| (account, instrument)));
        Ok(())
    }

    /// An account got or paid these currencies.
    fn pay(&mut self, account: AccountNumber, codes: impl IntoIterator<Item = Symbol>) {
        let clearing = &self.clearing;
        self.paid.extend(codes.into_iter().filter_map(|code| Some((account, clearing.find_currency(code)?))));
    }

    /// Writes what changed since it was written.
    pub(crate) fn write(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let total = &mut self.total;
        for (place, instrument) in self.clearing.instruments().enumerate().skip(self.listed) {
            // It may be otherwise by now.
            let listing = self.unlisted.get(place - self.listed).unwrap_or(instrument.listing());
            write_listing(connection, place, listing, total)?;
        }
        self.unlisted.clear();
        self.listed = self.clearing.instruments().len();
        for instrument in std::mem::take(&mut self.moved) {
            market::write(connection, &self.clearing, instrument, total)?;
        }
        for number in self.opened..self.clearing.ledger().len() {
            let number = number as AccountNumber;
            if let Some(account) = self.clearing.account(number) {
                write_account(connection, number, account, total)?;
            }
        }
        self.opened = self.clearing.ledger().len();
        let mut paid = std::mem::take(&mut self.paid);
        for (account, instrument) in std::mem::take(&mut self.touched) {
            let Some(holdings) = self.clearing.ledger().holdings(account) else { continue };
            let Listing { symbol, quote, .. } = *self.clearing.instrument(instrument).listing();
            if let Some(position) = holdings.positions.get(&instrument) {
                write_position(connection, account, symbol, position, total)?;
            }
            let currencies = holdings.cash.keys().filter(|currency| self.clearing.currency(**currency) == Some(quote));
            paid.extend(currencies.map(|currency| (account, *currency)));
        }
        paid.into_iter().try_for_each(|(account, currency)| self.write_cash(connection, account, currency))?;
        self.total.write(connection)
    }

    fn write_cash(
        &mut self,
        connection: &Connection,
        account: AccountNumber,
        currency: CurrencyNumber,
    ) -> rusqlite::Result<()> {
        let Some(holdings) = self.clearing.ledger().holdings(account) else { return Ok(()) };
        let amount = holdings.cash.get(&currency).copied().unwrap_or_default();
        let Some(code) = self.clearing.currency(currency) else { return Ok(()) };
        if let Some(payments) = holdings.payments.get(&currency) {
            write_payments(connection, account, code, payments, &mut self.total)?;
        }
        let (account, code, amount) = (i64::from(account), code.as_str(), amount.to_string());
        let sum = sum(account, &[code, &amount]);
        let before = "SELECT crc FROM cash WHERE account = ?1 AND currency = ?2";
        self.total.replace(connection, (before, params![account, code]), sum)?;
        let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO cash VALUES (?1, ?2, ?3, ?4)")?;
        statement.execute(params![account, code, amount, sum]).map(drop)
    }
}

fn missing(event: &Event, symbol: Symbol) -> Damage {
    format!("change {} trades {symbol:?}, which is not listed", event.number.0)
}

fn write_listing(connection: &Connection, place: usize, listing: &Listing, total: &mut Total) -> rusqlite::Result<()> {
    let (place, mut record) = (place as i64, Vec::new());
    push_listing(&mut record, listing);
    let record = text_of(&record);
    let sum = sum_of_record(place, VERSION, record);
    total.add(sum);
    let mut statement = connection.prepare_cached("INSERT INTO listings VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![place, VERSION, sum, record]).map(drop)
}

pub(crate) fn sum(account: i64, texts: &[&str]) -> i64 {
    texts.iter().fold(Sum::new(&[account]), |sum, text| sum.text(Some(text))).done()
}

pub(crate) fn sum_of_record(place: i64, version: i64, record: &str) -> i64 {
    Sum::new(&[place, version]).text(Some(record)).done()
}

/// Reads every row of a question, its checksum `crc` into the total.
fn each(
    connection: &Connection,
    select: &str,
    total: &mut Total,
    mut read: impl FnMut(&Row<'_>) -> Read<()>,
) -> Read<()> {
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        read(row)?;
        total.add(row.get("crc")?);
    }
    Ok(())
}

/// What is listed, as it was then.
fn read_listings(connection: &Connection, total: &mut Total) -> Read<Clearing> {
    let mut clearing = Clearing::of(&[]);
    each(connection, "SELECT place, version, crc, record FROM listings ORDER BY place", total, |row| {
        let (place, listing) = read_row(row)?;
        let listed = clearing.list(&listing).map(i64::from);
        if listed == Some(place) { Ok(()) } else { Err(wrong(format!("the instrument {place}"))) }
    })?;
    Ok(clearing)
}

fn read_row(row: &Row<'_>) -> Read<(i64, Listing)> {
    let (place, version, crc): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (record, what) = (row.get_ref(3)?.as_str()?, format!("the instrument {place}"));
    if crc != sum_of_record(place, version, record) {
        return Err(wrong(what));
    }
    let listing = read_listing(version, record).map_err(|misread| misread.of(&what))?;
    Ok((place, listing))
}

fn read_cash(row: &Row<'_>, clearing: &Clearing) -> Read<(AccountNumber, Symbol, Money)> {
    let (account, currency, amount): (i64, _, _) = (row.get(0)?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
    let is_intact = row.get::<_, i64>(3)? == sum(account, &[currency, amount]);
    let read = || Ok::<_, Garbled>((known(account, clearing)?, read_symbol(currency)?, read_money(amount)?));
    let found = read().ok().filter(|_| is_intact);
    found.ok_or_else(|| wrong(format!("the cash {currency} of account {account}")))
}

/// An account that there is.
pub(crate) fn known(account: i64, clearing: &Clearing) -> Result<AccountNumber, Garbled> {
    let account = AccountNumber::try_from(account).map_err(|_| Garbled)?;
    if clearing.ledger().holdings(account).is_some() { Ok(account) } else { Err(Garbled) }
}

pub(crate) fn wrong(what: impl std::fmt::Display) -> Failure {
    Failure::Damage(format!("{what} is not what was written"))
}

/// What is wrong with the sums over all accounts: what one has another had.
pub(crate) fn sums(clearing: &Clearing) -> Vec<Damage> {
    let (mut cash, mut paid_in, mut lots) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for account in all(clearing) {
        for (currency, amount) in &account.cash {
            add(&mut cash, *currency, amount.0);
        }
        for (currency, payments) in &account.payments {
            add(&mut paid_in, *currency, payments.paid_in.0);
        }
        for (instrument, position) in &account.positions {
            add(&mut lots, *instrument, position.lots);
        }
    }
    let cash = cash.iter().filter_map(|(currency, sum)| {
        let code = clearing.currency(*currency)?;
        let Some(paid_in) = paid_in.get(currency).copied().unwrap_or(Some(0)) else {
            return Some(format!("over all accounts more {code:?} was transferred in than is counted"));
        };
        let wrong = || format!("over all accounts the cash in {code:?} is not {}", Money(paid_in));
        (*sum != Some(paid_in)).then(wrong)
    });
    let lots =
        lots.iter().filter(|(_, sum)| **sum != Some(0)).map(|(number, _)| clearing.instrument(*number).listing());
    let lots = lots.map(|listing| format!("over all accounts the positions in {:?} are not 0", listing.symbol));
    cash.chain(lots).collect()
}

fn add<K: Ord>(sums: &mut BTreeMap<K, Option<i128>>, key: K, amount: i128) {
    let sum = sums.entry(key).or_insert(Some(0));
    *sum = sum.and_then(|sum| sum.checked_add(amount));
}

/// Whether two clearings have the same instruments, accounts and market.
pub(crate) fn agree(one: &Clearing, other: &Clearing) -> bool {
    let cash = |clearing: &Clearing| {
        let coded = |(currency, amount): (&CurrencyNumber, &Money)| (clearing.currency(*currency), *amount);
        all(clearing).map(|account| account.cash.iter().map(coded).collect()).collect::<Vec<BTreeMap<_, _>>>()
    };
    let payments = |clearing: &Clearing| {
        let coded = |(currency, payments): (&CurrencyNumber, &Payments)| (clearing.currency(*currency), *payments);
        all(clearing).map(|account| account.payments.iter().map(coded).collect()).collect::<Vec<BTreeMap<_, _>>>()
    };
    let settings =
        |clearing: &Clearing| (0..).map_while(|number| clearing.account(number).copied()).collect::<Vec<_>>();
    let market = |clearing: &Clearing, number| (clearing.last_ticks(number), clearing.by_hand(number).copied());
    one.instruments().eq(other.instruments())
        && cash(one) == cash(other)
        && payments(one) == payments(other)
        && settings(one) == settings(other)
        && (0..).zip(one.instruments()).all(|(number, _)| market(one, number) == market(other, number))
        && all(one).map(|account| &account.positions).eq(all(other).map(|account| &account.positions))
}

fn all(clearing: &Clearing) -> impl Iterator<Item = &Holdings> {
    (0..).map_while(|account| clearing.ledger().holdings(account))
}
